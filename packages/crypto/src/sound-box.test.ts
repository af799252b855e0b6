/** Which published box keys are none (spec X9). */
import { hexToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { createNobleCrypto } from './noble.ts'
import { isSoundBox } from './sound-box.ts'

const crypto = createNobleCrypto()
const ff = (count: number) => 'ff'.repeat(count)
const small = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${ff(30)}7f`,
  `ed${ff(30)}7f`,
  `ee${ff(30)}7f`,
].map(hexToBytes)

const withHighBit = (key: Uint8Array) => key.map((byte, at) => (at === 31 ? byte | 0x80 : byte))

test('[X9] a key of small order is none, however it is written', async () => {
  const own = await crypto.agreementKey(crypto.randomBytes(32))
  for (const key of [...small, ...small.map(withHighBit)]) {
    expect(await own.agree(key)).toBeNull()
    expect(isSoundBox(key)).toBe(false)
  }
  expect(isSoundBox(new Uint8Array(31).fill(9))).toBe(false)
})

test('[X9] every other one is, as the agreement tells', async () => {
  const own = await crypto.agreementKey(crypto.randomBytes(32))
  const near = small.map((key) => key.map((byte, at) => (at === 0 ? byte ^ 6 : byte)))
  const made = await Promise.all(Array.from({ length: 8 }, () => crypto.agreementKey(crypto.randomBytes(32))))
  for (const key of [...near, ...made.map(({ publicKey }) => publicKey), hexToBytes(ff(32))]) {
    expect(await own.agree(key)).not.toBeNull()
    expect(isSoundBox(key)).toBe(true)
  }
})

import { type SignatureCheck, utf8 } from '@effigy/core'
import { expect, test } from 'vitest'
import { cryptoContract } from '../test/crypto-contract.ts'
import { readContractVectors } from '../test/node-vectors.ts'
import type { Crypto } from './crypto.ts'
import { createMemoisedCrypto } from './memoised.ts'
import { createNodeCrypto } from './node.ts'

const sodium = createNodeCrypto()
cryptoContract('memoised sodium', async () => createMemoisedCrypto(sodium), readContractVectors())

function counted(): { readonly crypto: Crypto; checked(): number } {
  let count = 0
  const verify = (checks: readonly SignatureCheck[]) => {
    count += checks.length
    return sodium.verify(checks)
  }
  return { crypto: { ...sodium, verify }, checked: () => count }
}

async function checkOf(text: string): Promise<SignatureCheck> {
  const signer = await sodium.signer(new Uint8Array(32).fill(1))
  const message = utf8(text)
  return { publicKey: signer.publicKey, message, signature: await signer.signBytes(message) }
}

test('[K1] asks once for the same check and gives the same verdict', async () => {
  const { crypto, checked } = counted()
  const memoised = createMemoisedCrypto(crypto)
  const good = await checkOf('one')
  const bad = { ...good, message: utf8('two') }
  for (let round = 0; round < 3; round++) {
    expect(await memoised.verify([good, bad])).toEqual([true, false])
    expect(await memoised.verify([bad, good])).toEqual([false, true])
  }
  expect(checked()).toBe(2)
})

test('[K1] bytes moved from one part to the next are another check', async () => {
  const memoised = createMemoisedCrypto(sodium)
  const { publicKey, message, signature } = await checkOf('one')
  expect(await memoised.verify([{ publicKey, message, signature }])).toEqual([true])
  const moved = {
    publicKey,
    signature: Uint8Array.of(...signature, message[0] as number),
    message: message.subarray(1),
  }
  expect(await memoised.verify([moved])).toEqual([false])
})

test('keeps no more than its limit, the newest', async () => {
  const { crypto, checked } = counted()
  const memoised = createMemoisedCrypto(crypto, { limit: 2 })
  const [one, two, three] = [await checkOf('1'), await checkOf('2'), await checkOf('3')]
  await memoised.verify([one, two, three])
  await memoised.verify([two, three])
  expect(checked()).toBe(3)
  await memoised.verify([one])
  expect(checked()).toBe(4)
})

import { describe, expect, test } from 'vitest'
import { createNobleCrypto } from '../noble.ts'
import { longLength, openLong, sealLong } from './long-aead.ts'

const noble = createNobleCrypto()
const bytes = (length: number, seed: number) => Uint8Array.from({ length }, (_, index) => index * seed + seed)
const key = bytes(32, 3)
const nonce = bytes(12, 5)
const associated = bytes(20, 7)
const none = new Uint8Array(0)

describe('the bytes are those of the other backends', () => {
  test.for([0, 1, longLength, 262_200])('%i bytes', (length) => {
    for (const data of [none, associated]) {
      const plaintext = bytes(length, 11)
      const sealed = sealLong(key, nonce, data, plaintext)
      expect(sealed).toEqual(noble.seal(key, nonce, data, plaintext))
      expect(openLong(key, nonce, data, sealed)).toEqual(plaintext)
    }
  })
})

test('[A7] what was altered is not opened', () => {
  const sealed = sealLong(key, nonce, associated, bytes(40_000, 13))
  for (const at of [0, 20_000, 39_999, 40_000, 40_015]) {
    expect(openLong(key, nonce, associated, sealed.with(at, (sealed[at] ?? 0) ^ 1))).toBeNull()
  }
  expect(openLong(key, nonce, associated, sealed.subarray(0, -1))).toBeNull()
  expect(openLong(key, nonce, none, sealed)).toBeNull()
  expect(openLong(key, nonce.with(0, 9), associated, sealed)).toBeNull()
  expect(openLong(key.with(0, 9), nonce, associated, sealed)).toBeNull()
})

test('keys and nonces of a wrong length are mistakes of ours', () => {
  const sealed = sealLong(key, nonce, none, none)
  expect(() => sealLong(key.subarray(1), nonce, none, none)).toThrow()
  expect(() => sealLong(key, nonce.subarray(1), none, none)).toThrow()
  expect(() => openLong(key.subarray(1), nonce, none, sealed)).toThrow()
  expect(() => openLong(key, nonce.subarray(1), none, sealed)).toThrow()
})

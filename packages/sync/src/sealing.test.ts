import { expect, test } from 'vitest'
import { fill, testCrypto } from '../test/handshake-kit.ts'
import { maxFramesPerKey } from './limits.ts'
import { createOpener, createSealer, sealingNonce } from './sealing.ts'

const key = fill(7)
const frame = fill(1, 100)

test('[A7] frames open in order, once', () => {
  const sealer = createSealer(testCrypto, key)
  const opener = createOpener(testCrypto, key)
  const [first, second] = [sealer.seal(frame), sealer.seal(frame)]
  expect(first).not.toEqual(second)
  expect(first.length).toBe(frame.length + 16)
  expect(opener.open(first)).toEqual(frame)
  expect(opener.open(second)).toEqual(frame)
  expect(opener.open(second)).toBe(null)
})

test('[A7] after one frame that does not open none does', () => {
  const sealer = createSealer(testCrypto, key)
  const opener = createOpener(testCrypto, key)
  const [first, second] = [sealer.seal(frame), sealer.seal(frame)]
  expect(opener.open(second)).toBe(null)
  expect(opener.open(first)).toBe(null)
  expect(opener.open(second)).toBe(null)
})

test('[A7] the nonce is four zero bytes and a 64-bit counter', () => {
  expect(sealingNonce(0)).toEqual(fill(0, 12))
  expect(sealingNonce(0x01020304)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4))
  expect(sealingNonce(2 ** 32 + 5)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 5))
})

test('[A7] a key seals and opens maxFramesPerKey frames and no more; the last is kept for a bye', () => {
  expect(maxFramesPerKey).toBe(2 ** 32)
  const sealer = createSealer(testCrypto, key, 3)
  const opener = createOpener(testCrypto, key, 3)
  expect(sealer.isExhausted()).toBe(false)
  const sealed = [sealer.seal(frame), sealer.seal(frame)]
  expect(sealer.isExhausted()).toBe(true)
  sealed.push(sealer.seal(frame))
  expect(() => sealer.seal(frame)).toThrow(RangeError)
  for (const each of sealed) expect(opener.open(each)).toEqual(frame)
  const fourth = testCrypto.seal(key, sealingNonce(3), fill(0, 0), frame)
  expect(opener.open(fourth)).toBe(null)
})

import { describe, expect, test } from 'vitest'
import { createNobleCrypto } from '../noble.ts'
import { createNodeCrypto } from '../node.ts'
import { leastLongFrame } from './long-frames.ts'

const node = createNodeCrypto()
const noble = createNobleCrypto()
const key = new Uint8Array(32).map((_, index) => index * 7)
const nonce = new Uint8Array(12).map((_, index) => index)
const bytesOf = (length: number): Uint8Array => new Uint8Array(length).map((_, index) => index * 31 + length)

describe('long frames', () => {
  const lengths = [-17, -16, -1, 0, 1, 15, 16, 17, 63, 64].map((more) => leastLongFrame + more)

  test.for([...lengths, 262_144, 1024 * 1024])('%i bytes are sealed and opened as noble does', (length) => {
    const plaintext = bytesOf(length)
    for (const associated of [new Uint8Array(0), bytesOf(33)]) {
      const sealed = node.seal(key, nonce, associated, plaintext)
      expect(Buffer.compare(sealed, noble.seal(key, nonce, associated, plaintext))).toBe(0)
      const opened = node.open(key, nonce, associated, sealed)
      expect(opened === null ? null : Buffer.compare(opened, plaintext)).toBe(0)
    }
  })

  test('a bit more, a byte less, another key, nonce or association: null', () => {
    const associated = bytesOf(5)
    const sealed = node.seal(key, nonce, associated, bytesOf(leastLongFrame + 100))
    for (const at of [0, 1000, leastLongFrame + 99, sealed.length - 16, sealed.length - 1]) {
      const twisted = sealed.slice()
      twisted[at] = (twisted[at] ?? 0) ^ 1
      expect(node.open(key, nonce, associated, twisted)).toBeNull()
    }
    expect(node.open(key, nonce, associated, sealed.subarray(1))).toBeNull()
    expect(node.open(key, nonce, associated, sealed.subarray(0, -1))).toBeNull()
    expect(node.open(bytesOf(32), nonce, associated, sealed)).toBeNull()
    expect(node.open(key, bytesOf(12), associated, sealed)).toBeNull()
    expect(node.open(key, nonce, bytesOf(6), sealed)).toBeNull()
  })

  test('keys and nonces of a wrong length throw, as with short frames', () => {
    const sealed = node.seal(key, nonce, new Uint8Array(0), bytesOf(leastLongFrame))
    expect(() => node.open(key.subarray(1), nonce, new Uint8Array(0), sealed)).toThrow()
    expect(() => node.open(key, nonce.subarray(1), new Uint8Array(0), sealed)).toThrow()
    expect(() => node.seal(key.subarray(1), nonce, new Uint8Array(0), bytesOf(leastLongFrame))).toThrow()
  })
})

/**
 * SHA-256, and HMAC and HKDF (RFC 2104, RFC 5869) out of it, by OpenSSL's one-shot hash: for short inputs that is ten times
 * as fast as `createHmac` and twice as fast as `hkdfSync`, which take longer to start than to work.
 *
 * @module
 */
import { createHmac, hash } from 'node:crypto'

const blockLength = 64
const digestLength = 32

/** Above this, copying costs more than the ten microseconds that `createHmac` takes to start. */
const maxCopiedLength = 8192

/** A string and not a Buffer: the one-shot hash makes one twice as fast, and nothing is pooled. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const text = hash('sha256', bytes, 'binary')
  const digest = new Uint8Array(digestLength)
  for (let index = 0; index < digestLength; index++) digest[index] = text.charCodeAt(index)
  return digest
}

export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (bytes.length > maxCopiedLength) return new Uint8Array(createHmac('sha256', key).update(bytes).digest())
  const message = new Uint8Array(blockLength + bytes.length)
  message.set(bytes, blockLength)
  const outer = new Uint8Array(blockLength + digestLength)
  putKey(key, message, outer)
  return macOf(message, outer)
}

/** `info` and `length` within the bounds of `hkdf.ts`. */
export function hkdfSha256(
  inputKey: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  // What each block is the MAC of: the one before it, info, its number. The first has none before it: it shares the end.
  const message = new Uint8Array(blockLength + digestLength + info.length + 1)
  const first = message.subarray(digestLength)
  const outer = new Uint8Array(blockLength + digestLength)
  message.set(info, blockLength + digestLength)
  const key = hmacSha256(salt, inputKey)
  putKey(key, first, outer)
  const derived = new Uint8Array(Math.ceil(length / digestLength) * digestLength)
  for (let at = 0, number = 1; at < length; at += digestLength, number++) {
    message[message.length - 1] = number
    const block = macOf(number === 1 ? first : message, outer)
    derived.set(block, at)
    if (number === 1) putKey(key, message, outer)
    message.set(block, blockLength)
  }
  return derived.subarray(0, length)
}

/** What HMAC hashes before the message and around its hash. */
function putKey(key: Uint8Array, message: Uint8Array, outer: Uint8Array): void {
  const blockKey = key.length > blockLength ? sha256(key) : key
  for (let index = 0; index < blockLength; index++) {
    const keyByte = index < blockKey.length ? (blockKey[index] as number) : 0
    message[index] = keyByte ^ 0x36
    outer[index] = keyByte ^ 0x5c
  }
}

function macOf(message: Uint8Array, outer: Uint8Array): Uint8Array {
  outer.set(sha256(message), blockLength)
  return sha256(outer)
}

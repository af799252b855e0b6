/**
 * Signature checks in one transferable array, for another thread.
 *
 *     checks    count · message length × count · (public key 32 ‖ signature 64) × count · messages
 *     entries   count · length × count · entries: the thread cuts them apart, so that the main one copies them once
 *
 * Lengths are 32-bit in the machine's order: both sides are this machine.
 *
 * @module
 */
import type { SignatureCheck } from '@effigy/core'
import { publicKeyLength, signatureLength } from './strict.ts'

const keyAndSignatureLength = publicKeyLength + signatureLength

/** Keys and signatures must be of their right lengths. */
export function packChecks(checks: readonly SignatureCheck[]): ArrayBuffer {
  const headLength = 4 * (1 + checks.length)
  let length = headLength + checks.length * keyAndSignatureLength
  for (const { message } of checks) length += message.length

  const buffer = new ArrayBuffer(length)
  const lengths = new Uint32Array(buffer, 0, 1 + checks.length)
  const bytes = new Uint8Array(buffer)
  lengths[0] = checks.length
  let keyAt = headLength
  let messageAt = headLength + checks.length * keyAndSignatureLength
  for (const [index, { publicKey, signature, message }] of checks.entries()) {
    lengths[1 + index] = message.length
    bytes.set(publicKey, keyAt)
    bytes.set(signature, keyAt + publicKeyLength)
    bytes.set(message, messageAt)
    keyAt += keyAndSignatureLength
    messageAt += message.length
  }
  return buffer
}

/** The checks as views into `buffer`, in order. */
export function* unpackChecks(buffer: ArrayBuffer): Generator<SignatureCheck> {
  const count = new Uint32Array(buffer, 0, 1)[0] ?? 0
  const lengths = new Uint32Array(buffer, 4, count)
  let keyAt = 4 * (1 + count)
  let messageAt = keyAt + count * keyAndSignatureLength
  for (const length of lengths) {
    yield {
      publicKey: new Uint8Array(buffer, keyAt, publicKeyLength),
      signature: new Uint8Array(buffer, keyAt + publicKeyLength, signatureLength),
      message: new Uint8Array(buffer, messageAt, length),
    }
    keyAt += keyAndSignatureLength
    messageAt += length
  }
}

export function packEntries(entries: readonly Uint8Array[]): ArrayBuffer {
  const headLength = 4 * (1 + entries.length)
  let length = headLength
  for (const entry of entries) length += entry.length
  const buffer = new ArrayBuffer(length)
  const lengths = new Uint32Array(buffer, 0, 1 + entries.length)
  const bytes = new Uint8Array(buffer)
  lengths[0] = entries.length
  let at = headLength
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index] as Uint8Array
    lengths[1 + index] = entry.length
    bytes.set(entry, at)
    at += entry.length
  }
  return buffer
}

/** The entries as views into `buffer`, in order. */
export function* unpackEntries(buffer: ArrayBuffer): Generator<Uint8Array> {
  const count = new Uint32Array(buffer, 0, 1)[0] ?? 0
  let at = 4 * (1 + count)
  for (const length of new Uint32Array(buffer, 4, count)) {
    yield new Uint8Array(buffer, at, length)
    at += length
  }
}

/** What a thread is asked. */
export interface Part {
  readonly type: 'checks' | 'entries'
  readonly packed: ArrayBuffer
}

/** How many checks or entries a part has: as many verdicts belong to it. */
export function countOf({ packed }: Part): number {
  return new Uint32Array(packed, 0, 1)[0] ?? 0
}

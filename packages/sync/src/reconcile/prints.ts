/**
 * Fingerprints of heads under a key that only the two sides of a session know (spec C4).
 *
 *     identity, epoch, head ─SHA-256▶ digest 16 (kept in the store) ─SipHash, session key▶ print 8
 *
 * A list of prints is two words a print, the low one first: 800 KB for 100,000. On the wire and in
 * order they are 64-bit little-endian numbers, which on every engine is how the words lie in memory.
 *
 * @module
 */
import type { Sha256 } from '@effigy/core'
import { sipHashes } from './siphash.ts'

export type Prints = Uint32Array

export const printBytes = 8

/** C5: so many are sent as they are; more are compared by cells. */
export const maxFewPrints = 256

/** Of a digest as the store keeps it. */
export const digestBytes = 16

/** A session's label for these keys (A12). */
export const printsLabel = 'heads'

/** `digests` one behind the other; `key` is that of A12, of which the first 16 bytes are taken. */
export function printsOf(key: Uint8Array, digests: Uint8Array): Prints {
  return sipHashes(key.subarray(0, 16), digests, digestBytes, Math.floor(digests.length / digestBytes))
}

export function printCount(prints: Prints): number {
  return prints.length / 2
}

/** Ascending, as a copy. */
export function sortedPrints(prints: Prints): Prints {
  const sorted = new Uint32Array(prints)
  new BigUint64Array(sorted.buffer).sort()
  return sorted
}

/** 16 bytes of SHA-256 over all of them in order: what both sides must find the same in the end (C7). */
export function hashPrints(prints: Prints, sha256: Sha256): Uint8Array {
  return sha256(encodePrints(sortedPrints(prints))).slice(0, 16)
}

export function encodePrints(prints: Prints): Uint8Array {
  return new Uint8Array(prints.buffer, prints.byteOffset, prints.byteLength)
}

/** Null unless the bytes are whole prints. */
export function decodePrints(bytes: Uint8Array): Prints | null {
  if (bytes.length % printBytes !== 0) return null
  return new Uint32Array(new Uint8Array(bytes).buffer)
}

/** One print as a key of maps: 64 bits are more than a number holds. */
export function printKey(prints: Prints, index: number): string {
  return `${prints[index * 2]}.${prints[index * 2 + 1]}`
}

/** Where each of `wanted` stands in `prints`; −1 where it does not. One pass over `prints`. */
export function findPrints(prints: Prints, wanted: Prints): Int32Array {
  const places = new Int32Array(printCount(wanted)).fill(-1)
  const byLow = new Map<number, number[]>()
  for (let at = 0; at < places.length; at++) {
    const low = wanted[at * 2] as number
    const known = byLow.get(low)
    if (known === undefined) byLow.set(low, [at])
    else known.push(at)
  }
  for (let index = 0; index < prints.length; index += 2) {
    const candidates = byLow.get(prints[index] as number)
    if (candidates === undefined) continue
    for (const at of candidates) if (wanted[at * 2 + 1] === prints[index + 1]) places[at] = index / 2
  }
  return places
}

/** `prints` without those at `without`, and with `more`. */
export function changedPrints(prints: Prints, without: ReadonlySet<number>, more: Prints): Prints {
  const changed = new Uint32Array(prints.length - without.size * 2 + more.length)
  let at = 0
  for (let index = 0; index < printCount(prints); index++) {
    if (without.has(index)) continue
    changed[at++] = prints[index * 2] as number
    changed[at++] = prints[index * 2 + 1] as number
  }
  changed.set(more, at)
  return changed
}

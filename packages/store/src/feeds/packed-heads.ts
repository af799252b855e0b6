/**
 * Keys and head digests of many feeds as a few arrays (spec C4): pure.
 *
 *     rows of 48 bytes ─packRows▶ Packed ─mergePacked, what changed▶ Packed ─giveHeads▶ WatchedHeads
 *
 * In the order of keys, so that what is compared over a session need not be sorted for it. 100,000 feeds are
 * 4.8 MB.
 *
 * @module
 */
import type { WatchedHeads } from '../store.ts'
import { compareKeys, keyBytes, orderOfKeys, placeOfKey, takeColumn } from './key-order.ts'

const digestBytes = 16

/** Key ‖ digest. */
export const rowBytes: number = keyBytes + digestBytes

/** Ascending by key. A digest of zeros stands for none. */
export interface Packed {
  readonly keys: Uint8Array
  readonly digests: Uint8Array
}

export interface HeadChange {
  readonly key: Uint8Array
  readonly isWatched: boolean
  /** Null without a head. */
  readonly digest: Uint8Array | null
}

/** Rows one behind the other, in any order, of different keys. */
export function packRows(rows: Uint8Array): Packed {
  const order = orderOfKeys(rows, rowBytes)
  return {
    keys: takeColumn(rows, { row: rowBytes, from: 0, length: keyBytes }, order),
    digests: takeColumn(rows, { row: rowBytes, from: keyBytes, length: digestBytes }, order),
  }
}

/** What changed wins: one change a key. */
export function mergePacked(base: Packed, changes: readonly HeadChange[]): Packed {
  if (changes.length === 0) return base
  const changedKeys = new Uint8Array(changes.length * keyBytes)
  for (const [at, { key }] of changes.entries()) changedKeys.set(key, at * keyBytes)
  const size = base.keys.length / keyBytes + changes.length
  const keys = new Uint8Array(size * keyBytes)
  const digests = new Uint8Array(size * digestBytes)
  let length = 0
  let from = 0
  const keep = (to: number): void => {
    keys.set(base.keys.subarray(from * keyBytes, to * keyBytes), length * keyBytes)
    digests.set(base.digests.subarray(from * digestBytes, to * digestBytes), length * digestBytes)
    length += to - from
    from = to
  }
  for (const at of orderOfKeys(changedKeys)) {
    const { key, isWatched, digest } = changes[at] as HeadChange
    keep(placeOfKey(base.keys, key, from))
    if (from * keyBytes < base.keys.length && compareKeys(base.keys, from, key, 0) === 0) from++
    if (!isWatched) continue
    keys.set(key, length * keyBytes)
    if (digest !== null) digests.set(digest, length * digestBytes)
    length++
  }
  keep(base.keys.length / keyBytes)
  return { keys: keys.subarray(0, length * keyBytes), digests: digests.subarray(0, length * digestBytes) }
}

/** Heads apart from feeds that have none: usually all have one, and nothing is copied. */
export function giveHeads({ keys, digests }: Packed): WatchedHeads {
  const count = keys.length / keyBytes
  const words = new Uint32Array(digests.buffer, digests.byteOffset, count * 4)
  const full: number[] = []
  const bare: number[] = []
  for (let place = 0; place < count; place++) {
    const at = place * 4
    const some =
      (words[at] as number) |
      (words[at + 1] as number) |
      (words[at + 2] as number) |
      (words[at + 3] as number)
    const places = some === 0 ? bare : full
    places.push(place)
  }
  if (bare.length === 0) return { keys, digests, headless: new Uint8Array(0) }
  const [heads, others] = [Uint32Array.from(full), Uint32Array.from(bare)]
  const key = { row: keyBytes, from: 0, length: keyBytes }
  return {
    keys: takeColumn(keys, key, heads),
    digests: takeColumn(digests, { row: digestBytes, from: 0, length: digestBytes }, heads),
    headless: takeColumn(keys, key, others),
  }
}

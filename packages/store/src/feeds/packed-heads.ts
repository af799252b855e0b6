/**
 * Keys and head digests of many feeds as a few arrays (spec C4): pure.
 *
 *     rows of 56 bytes ─cutRows▶ Packed ─merge what changed▶ Packed ─give▶ WatchedHeads
 *
 * 100,000 feeds are 5.6 MB so. Whatever is done for each of them is done on words, because it is done while a
 * session waits.
 *
 * @module
 */
import type { WatchedHeads } from '../store.ts'

export const keyBytes = 32

const digestBytes = 16

/** Feed 8, big-endian ‖ key 32 ‖ digest 16. */
export const rowBytes: number = 8 + keyBytes + digestBytes

/** Ascending by feed. A digest of zeros stands for none. */
export interface Packed {
  readonly feeds: Float64Array
  readonly keys: Uint8Array
  readonly digests: Uint8Array
}

/** Key ‖ digest, or the key alone without a head; null: not watched any more. */
export type HeadEntry = Uint8Array | null

/** Rows one behind the other, in any order. */
export function cutRows(rows: Uint8Array): Packed {
  const count = Math.floor(rows.length / rowBytes)
  // Words must lie at a multiple of four.
  const aligned = rows.byteOffset % 4 === 0 ? rows : rows.slice()
  const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.length)
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, (count * rowBytes) / 4)
  const feeds = new Float64Array(count)
  let isAscending = true
  for (let row = 0; row < count; row++) {
    feeds[row] = view.getUint32(row * rowBytes) * 2 ** 32 + view.getUint32(row * rowBytes + 4)
    if (row > 0 && (feeds[row - 1] as number) > (feeds[row] as number)) isAscending = false
  }
  const order = isAscending ? null : placesInOrder(feeds)
  const keys = new Uint32Array((count * keyBytes) / 4)
  const digests = new Uint32Array((count * digestBytes) / 4)
  for (let row = 0; row < count; row++) {
    const from = ((order === null ? row : (order[row] as number)) * rowBytes) / 4 + 2
    for (let word = 0; word < 8; word++) keys[row * 8 + word] = words[from + word] as number
    for (let word = 0; word < 4; word++) digests[row * 4 + word] = words[from + 8 + word] as number
  }
  return {
    feeds: order === null ? feeds : feeds.sort(),
    keys: new Uint8Array(keys.buffer),
    digests: new Uint8Array(digests.buffer),
  }
}

function placesInOrder(feeds: Float64Array): Uint32Array {
  return Uint32Array.from(feeds.keys()).sort((a, b) => (feeds[a] as number) - (feeds[b] as number))
}

/** Parts whose feeds follow each other. */
export function joinPacked(parts: readonly Packed[]): Packed {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const count = parts.reduce((sum, { feeds }) => sum + feeds.length, 0)
  const feeds = new Float64Array(count)
  const keys = new Uint8Array(count * keyBytes)
  const digests = new Uint8Array(count * digestBytes)
  let at = 0
  for (const part of parts) {
    feeds.set(part.feeds, at)
    keys.set(part.keys, at * keyBytes)
    digests.set(part.digests, at * digestBytes)
    at += part.feeds.length
  }
  return { feeds, keys, digests }
}

/** What changed wins. */
export function mergePacked(base: Packed, changes: ReadonlyMap<number, HeadEntry>): Packed {
  if (changes.size === 0) return base
  const changed = Float64Array.from(changes.keys()).sort()
  const size = base.feeds.length + changed.length
  const feeds = new Float64Array(size)
  const keys = new Uint8Array(size * keyBytes)
  const digests = new Uint8Array(size * digestBytes)
  let length = 0
  let from = 0
  const keep = (to: number): void => {
    feeds.set(base.feeds.subarray(from, to), length)
    keys.set(base.keys.subarray(from * keyBytes, to * keyBytes), length * keyBytes)
    digests.set(base.digests.subarray(from * digestBytes, to * digestBytes), length * digestBytes)
    length += to - from
    from = to
  }
  for (const feed of changed) {
    keep(placeOf(base.feeds, feed, from))
    if (base.feeds[from] === feed) from++
    const entry = changes.get(feed) ?? null
    if (entry === null) continue
    feeds[length] = feed
    keys.set(entry.subarray(0, keyBytes), length * keyBytes)
    digests.set(entry.subarray(keyBytes), length * digestBytes)
    length++
  }
  keep(base.feeds.length)
  return {
    feeds: feeds.subarray(0, length),
    keys: keys.subarray(0, length * keyBytes),
    digests: digests.subarray(0, length * digestBytes),
  }
}

/** The first place from `low` on that is not below `feed`. */
function placeOf(feeds: Float64Array, feed: number, low: number): number {
  let high = feeds.length
  let first = low
  while (first < high) {
    const middle = (first + high) >>> 1
    if ((feeds[middle] as number) < feed) first = middle + 1
    else high = middle
  }
  return first
}

/** Heads apart from feeds that have none: usually all have one, and nothing is copied. */
export function giveHeads({ feeds, keys, digests }: Packed): WatchedHeads {
  const bare = bareOf(digests, feeds.length)
  if (bare.length === 0) return { keys, digests, headless: new Uint8Array(0) }
  const isBare = new Set(bare)
  const full = Array.from(feeds.keys()).filter((place) => !isBare.has(place))
  return {
    keys: pick(keys, keyBytes, full),
    digests: pick(digests, digestBytes, full),
    headless: pick(keys, keyBytes, bare),
  }
}

function bareOf(digests: Uint8Array, count: number): number[] {
  const words = new Uint32Array(digests.buffer, digests.byteOffset, count * 4)
  const bare: number[] = []
  for (let place = 0; place < count; place++) {
    const at = place * 4
    const some =
      (words[at] as number) |
      (words[at + 1] as number) |
      (words[at + 2] as number) |
      (words[at + 3] as number)
    if (some === 0) bare.push(place)
  }
  return bare
}

function pick(bytes: Uint8Array, length: number, places: readonly number[]): Uint8Array {
  const picked = new Uint8Array(places.length * length)
  for (const [at, place] of places.entries()) {
    picked.set(bytes.subarray(place * length, (place + 1) * length), at * length)
  }
  return picked
}

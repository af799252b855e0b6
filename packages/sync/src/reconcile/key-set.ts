/**
 * Watch sets as bytes (spec C2): sorted keys of 32 bytes, named by the hash of them all.
 *
 *     keys, in any order ─sortKeys▶ set ─hashKeys▶ 16 bytes      identity ─indexOfKey▶ its place
 *
 * 100,000 identities are 3.2 MB so, a fifth of what they are as texts in a `Set`.
 *
 * @module
 */
import { type Identity, identityKey, identityOfKey, type Sha256 } from '@effigy/core'

export const keyBytes = 32

export function keyCount(keys: Uint8Array): number {
  return keys.length / keyBytes
}

export function keyAt(keys: Uint8Array, index: number): Uint8Array {
  return keys.subarray(index * keyBytes, (index + 1) * keyBytes)
}

/** Null beyond the set. */
export function identityAt(keys: Uint8Array, index: number): Identity | null {
  return index < keyCount(keys) ? identityOfKey(keyAt(keys, index)) : null
}

export function identitiesOf(keys: Uint8Array): Identity[] {
  return Array.from({ length: keyCount(keys) }, (_, index) => identityOfKey(keyAt(keys, index)))
}

export function keysOf(identities: Iterable<Identity>): Uint8Array {
  const list = [...identities]
  const keys = new Uint8Array(list.length * keyBytes)
  for (const [at, identity] of list.entries()) keys.set(identityKey(identity), at * keyBytes)
  return keys
}

/** 16 bytes of SHA-256 over the sorted keys. */
export function hashKeys(sorted: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(sorted).slice(0, 16)
}

/** Of these many keys an index and the first 31 bits fit a number that is exact. */
const maxSortedKeys: number = 2 ** 21

/** Ascending, each once, as a copy. Throws a RangeError above two million. */
export function sortKeys(keys: Uint8Array): Uint8Array {
  const count = keyCount(keys)
  if (count > maxSortedKeys) throw new RangeError('too many keys')
  const places = new Float64Array(count)
  for (let index = 0; index < count; index++) {
    places[index] = (wordAt(keys, index) >>> 1) * maxSortedKeys + index
  }
  places.sort()
  const order = new Uint32Array(count)
  for (let at = 0; at < count; at++) order[at] = (places[at] as number) % maxSortedKeys
  settleTies(keys, order)
  const sorted = new Uint8Array(keys.length)
  let length = 0
  for (const index of order) {
    if (length > 0 && compareAt(keys, index, sorted, length - 1) === 0) continue
    const from = index * keyBytes
    const to = keyBytes * length++
    for (let offset = 0; offset < keyBytes; offset++) sorted[to + offset] = keys[from + offset] as number
  }
  return length === count ? sorted : sorted.slice(0, length * keyBytes)
}

/** Keys whose first 31 bits are the same stand side by side, in any order: few, unless somebody made them so. */
function settleTies(keys: Uint8Array, order: Uint32Array): void {
  for (let first = 0; first < order.length; ) {
    const bits = wordAt(keys, order[first] as number) >>> 1
    let end = first + 1
    while (end < order.length && wordAt(keys, order[end] as number) >>> 1 === bits) end++
    if (end - first > 1) {
      order.subarray(first, end).sort((a, b) => compareAt(keys, a, keys, b))
    }
    first = end
  }
}

/** Where a key stands in a sorted set; −1 where it does not. */
export function indexOfKey(sorted: Uint8Array, key: Uint8Array): number {
  let low = 0
  let high = keyCount(sorted)
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = compareAt(sorted, middle, key, 0)
    if (order === 0) return middle
    if (order < 0) low = middle + 1
    else high = middle
  }
  return -1
}

export function hasIdentity(sorted: Uint8Array, identity: Identity): boolean {
  return sorted.length > 0 && indexOfKey(sorted, identityKey(identity)) >= 0
}

/** The set without the keys at `removed` (ascending), and with more, which need not be sorted. */
export function changedKeys(sorted: Uint8Array, removed: readonly number[], added: Uint8Array): Uint8Array {
  if (removed.length === 0 && added.length === 0) return sorted
  const kept = new Uint8Array(sorted.length - removed.length * keyBytes + added.length)
  let length = 0
  let from = 0
  for (const index of [...removed, keyCount(sorted)]) {
    kept.set(sorted.subarray(from * keyBytes, index * keyBytes), length)
    length += (index - from) * keyBytes
    from = index + 1
  }
  kept.set(added, length)
  return added.length === 0 ? kept : sortKeys(kept)
}

/** Places of the keys of one sorted set that another has not. */
export function placesOutside(sorted: Uint8Array, other: Uint8Array): number[] {
  const places: number[] = []
  let at = 0
  for (let index = 0; index < keyCount(sorted); index++) {
    while (at < keyCount(other) && compareAt(other, at, sorted, index) < 0) at++
    if (at === keyCount(other) || compareAt(other, at, sorted, index) !== 0) places.push(index)
  }
  return places
}

function wordAt(keys: Uint8Array, index: number): number {
  const at = index * keyBytes
  return (
    (((keys[at] as number) << 24) |
      ((keys[at + 1] as number) << 16) |
      ((keys[at + 2] as number) << 8) |
      (keys[at + 3] as number)) >>>
    0
  )
}

function compareAt(a: Uint8Array, aIndex: number, b: Uint8Array, bIndex: number): number {
  const aAt = aIndex * keyBytes
  const bAt = bIndex * keyBytes
  for (let offset = 0; offset < keyBytes; offset++) {
    const order = (a[aAt + offset] as number) - (b[bAt + offset] as number)
    if (order !== 0) return order
  }
  return 0
}

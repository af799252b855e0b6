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
  const order = orderOf(keys, places)
  // Words are copied four times as fast as bytes; whoever is given keys need not know where they lie.
  const aligned = keys.byteOffset % 4 === 0 ? keys : keys.slice()
  const from = new Uint32Array(aligned.buffer, aligned.byteOffset, count * 8)
  const sorted = new Uint8Array(count * keyBytes)
  const to = new Uint32Array(sorted.buffer)
  let length = 0
  for (let at = 0; at < count; at++) {
    const index = order[at] as number
    if (length > 0 && compareAt(keys, index, sorted, length - 1) === 0) continue
    for (let word = 0; word < 8; word++) to[length * 8 + word] = from[index * 8 + word] as number
    length++
  }
  return length === count ? sorted : sorted.slice(0, length * keyBytes)
}

/** Keys whose first 31 bits are the same stand side by side, in any order: few, unless somebody made them so. */
function orderOf(keys: Uint8Array, places: Float64Array): Uint32Array {
  const order = new Uint32Array(places.length)
  let first = 0
  let bits = -1
  for (let at = 0; at < places.length; at++) {
    const place = places[at] as number
    const index = place % maxSortedKeys
    order[at] = index
    const own = place - index
    if (own === bits) continue
    if (at - first > 1) settleTies(keys, order.subarray(first, at))
    first = at
    bits = own
  }
  if (order.length - first > 1) settleTies(keys, order.subarray(first))
  return order
}

function settleTies(keys: Uint8Array, order: Uint32Array): void {
  order.sort((a, b) => compareAt(keys, a, keys, b))
}

/** Where a key stands in a sorted set; −1 where it does not. */
export function indexOfKey(sorted: Uint8Array, key: Uint8Array): number {
  const place = placeOfKey(sorted, key, 0)
  return place < keyCount(sorted) && compareAt(sorted, place, key, 0) === 0 ? place : -1
}

/** The first place from `from` on whose key is not below. */
function placeOfKey(sorted: Uint8Array, key: Uint8Array, from: number): number {
  let low = from
  let high = keyCount(sorted)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareAt(sorted, middle, key, 0) < 0) low = middle + 1
    else high = middle
  }
  return low
}

export function hasIdentity(sorted: Uint8Array, identity: Identity): boolean {
  return sorted.length > 0 && indexOfKey(sorted, identityKey(identity)) >= 0
}

/** The set without the keys at `removed` (ascending), and with more, which need not be sorted. */
export function changedKeys(sorted: Uint8Array, removed: readonly number[], added: Uint8Array): Uint8Array {
  if (removed.length === 0 && added.length === 0) return sorted
  const kept = new Uint8Array(sorted.length - removed.length * keyBytes)
  let length = 0
  let from = 0
  for (const index of [...removed, keyCount(sorted)]) {
    kept.set(sorted.subarray(from * keyBytes, index * keyBytes), length)
    length += (index - from) * keyBytes
    from = index + 1
  }
  return added.length === 0 ? kept : joinedSets(kept.subarray(0, length), sortKeys(added))
}

/** Of two sorted sets, the second of them usually small: whole stretches are copied. */
function joinedSets(sorted: Uint8Array, added: Uint8Array): Uint8Array {
  const joined = new Uint8Array(sorted.length + added.length)
  let length = 0
  let from = 0
  const keep = (to: number): void => {
    joined.set(sorted.subarray(from * keyBytes, to * keyBytes), length * keyBytes)
    length += to - from
    from = to
  }
  for (let index = 0; index < keyCount(added); index++) {
    const key = keyAt(added, index)
    const place = placeOfKey(sorted, key, from)
    keep(place)
    if (place < keyCount(sorted) && compareAt(sorted, place, key, 0) === 0) continue
    joined.set(key, length++ * keyBytes)
  }
  keep(keyCount(sorted))
  return length * keyBytes === joined.length ? joined : joined.slice(0, length * keyBytes)
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

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
import { compareKeys, keyBytes, orderOfKeys, placeOfKey, takeColumn } from '@effigy/store'

export { keyBytes }

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

/** Ascending, each once, as a copy. */
export function sortKeys(keys: Uint8Array): Uint8Array {
  const sorted = takeColumn(keys, { row: keyBytes, from: 0, length: keyBytes }, orderOfKeys(keys))
  let length = Math.min(1, keyCount(sorted))
  for (let index = 1; index < keyCount(sorted); index++) {
    if (compareKeys(sorted, index, sorted, length - 1) === 0) continue
    if (index > length) sorted.copyWithin(length * keyBytes, index * keyBytes, (index + 1) * keyBytes)
    length++
  }
  return length === keyCount(sorted) ? sorted : sorted.slice(0, length * keyBytes)
}

/** Where a key stands in a sorted set; −1 where it does not. */
export function indexOfKey(sorted: Uint8Array, key: Uint8Array): number {
  const place = placeOfKey(sorted, key, 0)
  return place < keyCount(sorted) && compareKeys(sorted, place, key, 0) === 0 ? place : -1
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
  return joinedSets(kept, sortKeys(added))
}

/** All of two sorted sets, the second of them usually small: whole stretches are copied. */
export function joinedSets(sorted: Uint8Array, added: Uint8Array): Uint8Array {
  if (added.length === 0) return sorted
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
    if (place < keyCount(sorted) && compareKeys(sorted, place, key, 0) === 0) continue
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
    while (at < keyCount(other) && compareKeys(other, at, sorted, index) < 0) at++
    if (at === keyCount(other) || compareKeys(other, at, sorted, index) !== 0) places.push(index)
  }
  return places
}

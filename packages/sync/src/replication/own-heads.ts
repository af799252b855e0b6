/**
 * Our heads over a set that we come up to date over, and how they are listed (spec C5).
 *
 * @module
 */
import type { HeadLog, WatchedHeads } from '@effigy/store'
import { listedBytes } from '../messages-bytes.ts'
import { indexOfKey, keyAt, keyBytes, keyCount } from '../reconcile/key-set.ts'
import { digestBytes } from '../reconcile/prints.ts'
import type { Goal } from './catch-up-goals.ts'
import { taken } from './log-scope.ts'

/** As they are now. */
export function ownHeads(log: HeadLog, { keys, isWhole }: Goal): WatchedHeads {
  const all = log.watchedHeads()
  if (isWhole && keyCount(all.keys) + keyCount(all.headless) === keyCount(keys)) return all
  const within = (list: Uint8Array): number[] => {
    const places: number[] = []
    for (let index = 0; index < keyCount(list); index++) {
      if (indexOfKey(keys, keyAt(list, index)) >= 0) places.push(index)
    }
    return places
  }
  const places = within(all.keys)
  return {
    keys: taken(all.keys, keyBytes, places),
    digests: taken(all.digests, digestBytes, places),
    headless: taken(all.headless, keyBytes, within(all.headless)),
  }
}

/** Of a digest, in a list. */
const tagBytes: number = listedBytes - keyBytes

/** Those of our heads, and keys of feeds without one. */
export function listOf(
  { keys, digests }: WatchedHeads,
  places: readonly number[],
  headless: Uint8Array,
): Uint8Array {
  const listed = new Uint8Array((places.length + keyCount(headless)) * listedBytes)
  let at = 0
  for (const place of places) {
    listed.set(keyAt(keys, place), at)
    listed.set(digests.subarray(place * digestBytes, place * digestBytes + tagBytes), at + keyBytes)
    at += listedBytes
  }
  for (let index = 0; index < keyCount(headless); index++, at += listedBytes)
    listed.set(keyAt(headless, index), at)
  return listed
}

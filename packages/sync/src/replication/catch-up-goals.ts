/**
 * What to come up to date over (spec C2, C3): sets of what we watch, as they were stored and as they are now.
 *
 *     stored set + what was watched or not since ─▶ Goal ─▶ catch-up-client.ts
 *
 * @module
 */
import { type Identity, identityKey, type Sha256 } from '@effigy/core'
import type { HeadLog, LogPosition, MetSet } from '@effigy/store'
import { maxListedIds } from '../limits.ts'
import {
  changedKeys,
  hashKeys,
  indexOfKey,
  joinedSets,
  keyBytes,
  keyCount,
  keysOf,
  placesOutside,
} from '../reconcile/key-set.ts'
import { isEqual, taken } from './log-scope.ts'

/** A set to come up to date over. */
export interface Goal {
  /** Sorted. */
  readonly keys: Uint8Array
  readonly hash: Uint8Array
  /** Count of our log when the set was made and its heads were looked up. */
  readonly own: number
  /** The set as it is stored, here or there, before `removed` (indexes into it) and `added`; null: nothing is. */
  readonly stored: MetSet | null
  readonly removed: readonly number[]
  readonly added: Uint8Array
  /** All that we watch. */
  readonly isWhole: boolean
}

export interface Goals {
  /** All that we watch. */
  whole(): Goal
  /** What we watch besides these sets; null: nothing. */
  rest(known: readonly Uint8Array[]): Goal | null
  /** The other side's set, of which it knows our heads: `known` is what we know of its log, null when it is that. */
  back(set: Pick<Goal, 'keys' | 'hash' | 'own'>, known: LogPosition | null, theirs: LogPosition): Goal | null
}

const noKeys = new Uint8Array(0)

export function createGoals(log: HeadLog, sha256: Sha256, remote: Identity): Goals {
  function allWatched(): Uint8Array {
    const { keys, headless } = log.watchedHeads()
    return joinedSets(keys, headless)
  }

  function newGoal(keys: Uint8Array, own: number, isWhole: boolean): Goal {
    const hash = hashKeys(keys, sha256)
    return { keys, hash, own, stored: null, removed: [], added: noKeys, isWhole }
  }

  function changedGoal(
    stored: MetSet,
    removed: readonly number[],
    added: Uint8Array,
    own: number,
    isWhole: boolean,
  ): Goal {
    const keys = changedKeys(stored.keys, removed, added)
    if (removed.length > maxListedIds || keyCount(added) > maxListedIds) return newGoal(keys, own, isWhole)
    const hash = keys === stored.keys ? stored.hash : hashKeys(keys, sha256)
    return { keys, hash, own, stored, removed, added, isWhole }
  }

  return {
    whole() {
      const stored = log.lastSet(remote, true)
      const own = log.position().count
      if (stored === null) return newGoal(allWatched(), own, true)
      const removed: number[] = []
      const added: Identity[] = []
      for (const { identity, watched } of log.flipsSince(stored.own)) {
        const place = indexOfKey(stored.keys, identityKey(identity))
        if (watched && place < 0) added.push(identity)
        if (!watched && place >= 0) removed.push(place)
      }
      removed.sort((a, b) => a - b)
      return changedGoal(stored, removed, keysOf(added), own, true)
    },
    rest(known) {
      const own = log.position().count
      const rest = known.reduce(
        (left, keys) => taken(left, keyBytes, placesOutside(left, keys)),
        allWatched(),
      )
      if (rest.length === 0) return null
      const stored = log.lastSet(remote, true)
      if (stored === null) return newGoal(rest, own, false)
      const removed = placesOutside(stored.keys, rest)
      const added = placesOutside(rest, stored.keys)
      return changedGoal(stored, removed, taken(rest, keyBytes, added), own, false)
    },
    back({ keys, hash, own }, known, theirs) {
      if (known !== null && isEqual(known.log, theirs.log) && known.count === theirs.count) return null
      const stored: MetSet = { mine: false, keys, hash, theirs: known, own }
      return { keys, hash, own, stored, removed: [], added: noKeys, isWhole: false }
    },
  }
}

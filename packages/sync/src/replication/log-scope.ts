/**
 * What of our log and heads a session stands for, given what is withheld from the other side (spec C3, C8).
 *
 *     position ─ xor of the scope's hash ─▶ what the other side is told, and tells again the next time
 *
 * Somebody whom we no longer block was not told of in the meantime: with the scope the log's id changes, so
 * the position is unknown then, and the next way is taken.
 *
 * @module
 */
import { type Sha256, utf8 } from '@effigy/core'
import type { HeadLog, LogPosition } from '@effigy/store'
import { indexOfKey, keyAt, keyBytes, keyCount, keysOf, sortKeys } from '../reconcile/key-set.ts'
import { digestBytes } from '../reconcile/prints.ts'
import type { Sharing } from './sharing.ts'

/** Its own inverse. */
export function hideScope(
  { log, count }: LogPosition,
  { scope }: Pick<Sharing, 'scope'>,
  sha256: Sha256,
): LogPosition {
  const mask = sha256(utf8(`effigy/scope/1\n${scope}`))
  return { log: log.map((byte, at) => byte ^ (mask[at] as number)), count }
}

/** Keys, ascending, and digests of the watched feeds with a head, within the sorted set `scope` (null: all), less what is withheld. */
export function headsOver(
  log: HeadLog,
  { withheld }: Pick<Sharing, 'withheld'>,
  scope: Uint8Array | null,
): { readonly keys: Uint8Array; readonly digests: Uint8Array } {
  const { keys, digests } = log.watchedHeads()
  const hidden = sortKeys(keysOf(withheld))
  if (scope === null && hidden.length === 0) return { keys, digests }
  const places: number[] = []
  for (let index = 0; index < keyCount(keys); index++) {
    const key = keyAt(keys, index)
    if (scope !== null && indexOfKey(scope, key) < 0) continue
    if (hidden.length === 0 || indexOfKey(hidden, key) < 0) places.push(index)
  }
  return { keys: taken(keys, keyBytes, places), digests: taken(digests, digestBytes, places) }
}

/** The items of `length` bytes at these places. */
export function taken(bytes: Uint8Array, length: number, places: readonly number[]): Uint8Array {
  const chosen = new Uint8Array(places.length * length)
  for (const [at, place] of places.entries()) {
    chosen.set(bytes.subarray(place * length, (place + 1) * length), at * length)
  }
  return chosen
}

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

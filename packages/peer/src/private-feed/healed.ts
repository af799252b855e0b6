/**
 * What is wanted of a private feed when a fork of it is healed, or something of it given up (spec X25, F12, F14). Beside
 * `intent.ts`, since a browser loads it when it heals.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import { noteOwnEpoch, readIntent } from './intent.ts'

/**
 * What is wanted, and not done yet, is wanted of a feed too that took in entries which were not known then, under these keys
 * (null: none). Of several one came from a disk that knows better what is wanted; and nothing of them becomes public before
 * a person says so again.
 */
export function noteOwnHealing(
  store: Pick<Store, 'setting' | 'saveSetting'>,
  feed: Identity,
  [before, epoch]: readonly [number, number],
  keyIds: Iterable<string | null>,
): void {
  const isWantedOfAll = new Set(keyIds).size <= 1 && readIntent(store, feed)?.keyId !== null
  if (isWantedOfAll) noteOwnEpoch(store, feed, before, epoch)
}

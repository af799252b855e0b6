/**
 * A newest entry of one's own that nobody has any more: its head is known everywhere, and would keep this device from
 * writing for ever (spec F14).
 *
 *     head 7 of epoch 1 ─ nobody has its entry ─ writeAnyway ─▶ giving up ─ next write ─▶ epoch 2 over what is held
 *                                                                  └▶ given up: whoever still has 7 is asked for it
 *     7 turns up, hidden, at a device that was away ─▶ what epoch 2 lacks of it is written anew (as F13)
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { FormerWant } from '@effigy/sync'

/** The setting that names the head over which the next write begins an epoch. */
export const givingUpKey = 'giving-up'
/** The setting that lists the chains that are asked for. */
export const givenUpKey = 'given-up'

/** The newest head of that feed, where its entry is not here; null where nothing keeps from writing, or a dispute does (heal.ts). */
export function lackedHead(store: Pick<Store, 'feed' | 'entry'>, identity: Identity): RawCid | null {
  const state = store.feed(identity)
  const head = state?.record?.head.head ?? null
  if (head === null || state?.disputedAbove != null || state?.limit != null) return null
  return store.entry(head) === null ? head : null
}

/** What is asked for wherever it may still be. */
export function givenUp(store: Pick<Store, 'setting'>): readonly FormerWant[] {
  // Nobody but `saveGivenUp` (write-anew.ts) writes it.
  return JSON.parse(store.setting(givenUpKey) ?? '[]') as readonly FormerWant[]
}

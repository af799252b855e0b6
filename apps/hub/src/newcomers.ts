/**
 * Who is new here: no member, or, where anybody may be one, somebody of whom the hub has nothing that is a day old (T18).
 *
 *     member? ─▶ by the list or an invite? ─▶ an entry that came a day ago or before? ─remembered─▶ newcomer │ settled
 *
 * Names cost nothing, so what each of them may have is no limit: newcomers share one.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { FeedState, StoredEntry } from '@effigy/store'
import type { Clock } from '@effigy/sync'

const settledMs: number = 24 * 60 * 60 * 1000

/** The store is asked once in so long for each name, ms: each frame that is carried for it asks here. */
const freshMs = 60_000

/** Names that are remembered; the one that was asked for longest ago is forgotten first. */
const maxRemembered = 10_000

/** What of a store is asked. */
export interface HeldEntries {
  feed(identity: Identity): Pick<FeedState, 'runs'> | null
  entryAt(identity: Identity, length: number): Pick<StoredEntry, 'seen'> | null
}

export interface NewcomersDeps {
  /** Null until the hub is open: nobody has a session before. */
  readonly store: () => HeldEntries | null
  readonly isMember: (identity: Identity) => boolean
  /** Nobody becomes a member but by the list or an invite: none of them is new. */
  readonly isByInvite: boolean
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
}

export function createNewcomers(deps: NewcomersDeps): (identity: Identity) => boolean {
  const { store, isMember, isByInvite, clock } = deps
  /** What the store said, and when; the oldest first. */
  const asked = new Map<Identity, { readonly isSettled: boolean; readonly atMs: number }>()

  function hasSettled(identity: Identity): boolean {
    const atMs = clock.monotonic()
    const before = asked.get(identity)
    if (before !== undefined && atMs - before.atMs < freshMs) return before.isSettled
    const open = store()
    const hasOld = open !== null && isSettled(open, identity, clock.now())
    asked.delete(identity)
    asked.set(identity, { isSettled: hasOld, atMs })
    const oldest = asked.size > maxRemembered ? asked.keys().next().value : undefined
    if (oldest !== undefined) asked.delete(oldest)
    return hasOld
  }

  return (identity) => !isMember(identity) || !(isByInvite || hasSettled(identity))
}

/** Whether the hub got the lowest of what it has of somebody a day ago or before: one row, whatever they wrote. */
export function isSettled(store: HeldEntries, one: Identity, now: number): boolean {
  const [lowest] = store.feed(one)?.runs ?? []
  const seen = lowest === undefined ? null : (store.entryAt(one, lowest.first)?.seen ?? null)
  return seen !== null && seen <= now - settledMs
}

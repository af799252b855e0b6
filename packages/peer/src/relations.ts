/**
 * follow, block, mute: whom this device deals with (DESIGN 2.5).
 *
 *     relate ─▶ payload above what it supersedes ─▶ feed ─▶ relations view ─▶ what is watched and served
 *
 * @module
 */
import type { Account, Identity, Payload } from '@effigy/core'
import type { RelationKind, Store, WatchPolicy } from '@effigy/store'

/** Everything of somebody, pictures of any size included: what a friend's device keeps. */
export const wholeFeed: WatchPolicy = { depth: { type: 'all' }, blobs: { type: 'all' } }

export function relationPayload(kind: RelationKind, identity: Identity, value: boolean, at: number): Payload {
  const target: Account = { identity, root: null }
  return { type: kind, at, target, value }
}

/** How much of somebody was wanted the last time; everything when nobody said. */
export function policyOf(store: Pick<Store, 'feed'>, identity: Identity): WatchPolicy {
  return store.feed(identity)?.policy ?? wholeFeed
}

/** Follows are watched, and who is blocked no longer is; called at start and after each change of one's own. */
export function watchFollowed(store: Store, self: Identity): void {
  store.watchFeed(self, wholeFeed)
  const blocked = new Set(store.relations(self, 'block'))
  for (const identity of store.relations(self, 'follow')) {
    const isWatched = store.feed(identity)?.watched === true
    if (!isWatched && !blocked.has(identity)) store.watchFeed(identity, policyOf(store, identity))
  }
  for (const identity of blocked) store.watchFeed(identity, null)
}

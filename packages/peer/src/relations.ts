/**
 * follow, block, mute: whom this device deals with.
 *
 *     relate ─▶ payload above what it supersedes ─▶ feed ─▶ relations view ─▶ what is watched and served
 *
 * @module
 */
import { type Account, EffigyError, type Identity, type Payload } from '@effigy/core'
import type { RelationKind, Store, WatchPolicy } from '@effigy/store'

/** Everything of somebody, pictures of any size included: what a friend's device keeps. */
export const wholeFeed: WatchPolicy = { depth: { type: 'all' }, blobs: { type: 'all' } }

/** `WatchPolicy.hop` of who is watched only because groups have them: farther than any friend of friends. */
export const groupHop = 9

/** The same of a key that is listened to because somebody's device named it (naming.ts). */
export const namedHop = 10

/** The same of who is looked at before one follows them (people/visits.ts), while one does. */
export const visitHop = 8

/** Whether hops (hops.ts) led there, or a visit that was cut off. */
export const isHop = ({ hop }: WatchPolicy): boolean => hop !== undefined && hop < groupHop

export function relationPayload(kind: RelationKind, target: Account, value: boolean, at: number): Payload {
  return { type: kind, at, target, value }
}

/** How much of somebody was wanted the last time; everything when nobody said. */
export function policyOf(store: Pick<Store, 'feed'>, identity: Identity): WatchPolicy {
  const policy = store.feed(identity)?.policy
  return policy === undefined || !isForItself(policy) || policy.account !== undefined ? wholeFeed : policy
}

/** What others led us to, or lease from us, was wanted by nobody for itself. */
export function isForItself({ hop, leased }: WatchPolicy): boolean {
  return hop === undefined && leased === undefined
}

/** One's own feed stays, what is promised too, and whom one follows would come back by itself. */
export function assertForgettable(store: Store, self: Identity, other: Identity): void {
  if ((store.leases?.get(other) ?? null) !== null) {
    throw new EffigyError(
      'leased',
      'A lease on this feed was given to its author: it is kept until that ends.',
    )
  }
  if (other === self) {
    throw new EffigyError(
      'own-identity',
      'This is this device itself: its feed is nowhere to come back from.',
    )
  }
  const state = store.feed(other)
  const isOfFollowed = state?.watched === true && state.policy.account !== undefined
  if (isOfFollowed || store.relations(self, 'follow').includes(other)) {
    throw new EffigyError('still-followed', 'You follow whoever writes this feed. Unfollow them first.')
  }
}

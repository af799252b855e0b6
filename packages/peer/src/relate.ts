/**
 * follow, block, mute, and their end (`Peer.relate`): said in the feed, then put into effect.
 *
 *     relate ─▶ target (account or identity) ─▶ entry ─▶ watched or let go, services ended, sessions closed
 *
 * @module
 */
import { type Account, EffigyError, type Identity } from '@effigy/core'
import type { RelationKind, Store, WatchPolicy } from '@effigy/store'
import type { OpenAccount } from './account/open-account.ts'
import { targetsOf } from './account/targets.ts'
import type { Authoring } from './authoring.ts'
import { unwatched } from './kept-services.ts'
import type { Published } from './peer.ts'
import { policyOf, relationPayload } from './relations.ts'

export interface RelatePorts {
  readonly store: Store
  readonly self: Identity
  readonly account: Pick<OpenAccount, 'own' | 'following'>
  readonly publish: Authoring['publish']
  /** Wall clock, ms. */
  readonly now: () => number
  /** Whom one follows or blocks has changed: watches, asks and serves accordingly. */
  readonly changed: () => void
}

export function createRelate(ports: RelatePorts) {
  const { store, self, account, publish, now } = ports

  return async function relate(
    kind: RelationKind,
    other: Identity,
    value: boolean,
    policy?: WatchPolicy,
  ): Promise<Published> {
    if (other === self || account.own.isSibling(other)) {
      throw new EffigyError('own-identity', 'This is this device itself, or your own. Choose somebody else.')
    }
    const [target, ...more] = targetsOf(store, self, kind, other, value)
    const say = (about: Account): Promise<Published> =>
      publish(relationPayload(kind, about, value, now()), { above: store.lastSaid(self, kind, about) })
    const published = await say(target)
    for (const each of more) await say(each)
    if (kind === 'follow' && target.root === null) {
      store.watchFeed(other, value ? (policy ?? policyOf(store, other)) : unwatched(store, other))
    } else if (kind === 'follow' && target.root !== null && policy !== undefined) {
      account.following.setPolicy(target.root, policy)
    }
    // Who is blocked by that is turned away (following.ts), as when another own device said it.
    ports.changed()
    return published
  }
}

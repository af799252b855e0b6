/**
 * The part of `Peer` that chooses whose feeds are here, and how much of them.
 *
 *     watch, hops, fetchOlder ─▶ policy of the feed ─refresh▶ sessions      forget ─▶ room on the disk
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Following } from './account/following.ts'
import type { Hops } from './hops.ts'
import type { Pulse } from './live.ts'
import { fetchOlder } from './older.ts'
import type { Peer } from './peer.ts'
import { assertForgettable, policyOf } from './relations.ts'

export interface WatchApiPorts {
  readonly store: Store
  readonly self: Identity
  readonly following: Pick<Following, 'watch' | 'unwatch'>
  readonly hops: Hops
  /** Fires when entries may have come. */
  readonly pulse: Pulse
  readonly refresh: (identities: readonly Identity[]) => void
  /** Gives room back. */
  readonly sweep: () => void
  /** With the end of the peer. */
  readonly untilStop: <Options extends { readonly signal: AbortSignal }>(options: Options) => Options
}

export function createWatchApi(
  ports: WatchApiPorts,
): Pick<Peer, 'watch' | 'unwatch' | 'hops' | 'setHops' | 'fetchOlder' | 'forget'> {
  const { store, self, following, hops, refresh } = ports
  return {
    watch(other, policy = policyOf(store, other)) {
      following.watch(other, policy)
      refresh([other])
    },
    unwatch(other) {
      following.unwatch(other)
      refresh([other])
    },
    hops: () => hops.levels,
    setHops: hops.set,
    fetchOlder: (other, count, options) => fetchOlder(ports, other, count, ports.untilStop(options)),
    forget(other) {
      assertForgettable(store, self, other)
      following.unwatch(other)
      store.watchFeed(other, null)
      store.forget(other)
      refresh([other])
      ports.sweep()
    },
  }
}

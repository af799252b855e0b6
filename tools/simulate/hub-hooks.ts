/**
 * What makes a hub of a simulated peer: the hub's own members and quotas, as `apps/hub/src/hub.ts` wires them.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import { type Clock, silentLog } from '@effigy/sync'
import type { SimulationOptions } from '@effigy/testkit/simulator'
import { createMembers, type Members } from '../../apps/hub/src/members.ts'
import { createTracking } from '../../apps/hub/src/tracking.ts'

/** Ms, as in the hub itself. */
const settleMs = 5_000

export const hubHooks: SimulationOptions['hub'] = (peer, clock) => {
  let parts: ReturnType<typeof open> | null = null
  const ready = (): ReturnType<typeof open> => (parts ??= open(peer(), clock))
  return {
    admits: (identity) => ready().members.admit(identity),
    tracks: (remote, identities) => ready().members.track(remote, identities),
    started: () => void ready(),
    [Symbol.dispose]: () => parts?.[Symbol.dispose](),
  }
}

function open(peer: Peer, clock: Clock): Disposable & { readonly members: Members } {
  const { store, identity } = peer
  const tracking = createTracking(
    {
      store,
      log: silentLog,
      watch: (feed, policy) => peer.watch(feed, policy),
      unwatch: (feed) => peer.unwatch(feed),
    },
    { bytesPerMember: 2 ** 30, entryBytes: 2 ** 40, maxBlobBytes: 2 ** 30 },
  )
  const members = createMembers(
    {
      store,
      tracking,
      self: identity,
      log: silentLog,
      connected: () => new Set(peer.status().sessions.map((session) => session.identity)),
    },
    { members: 'anyone', maxMembers: 1_000, feedsPerMember: 1_000 },
  )
  // Left from a time with other members.
  for (const feed of [...store.feeds({ watched: true })]) {
    if (feed.identity !== identity && !tracking.isWatched(feed.identity)) peer.unwatch(feed.identity)
  }
  const watching = store.watch(({ feeds }) => tracking.grew(feeds))
  let timer = clock.after(settleMs, turn)
  function turn(): void {
    timer = clock.after(settleMs, turn)
    settle()
  }
  function settle(): void {
    try {
      tracking.settle()
      members.save()
    } catch (cause) {
      // The machine died in the middle of it: a real process would be gone.
      if (!(cause instanceof EffigyError && cause.code === 'storage-failed')) throw cause
    }
  }
  return {
    members,
    [Symbol.dispose]() {
      timer[Symbol.dispose]()
      watching[Symbol.dispose]()
      settle()
    },
  }
}

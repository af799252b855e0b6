/**
 * What a person asks of the network: who is there, what is missing, is it safe to close the lid.
 *
 *     sessions, feeds behind, signatures, blobs, search ─▶ PeerStatus
 *
 * Every count reaches its total: only feeds that somebody showed us to be behind are counted.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Replicator, Session } from '@effigy/sync'
import type { Connection, FeedStatus, PeerStatus, SessionStatus } from './peer.ts'

export interface StatusDeps {
  readonly store: Store
  readonly connections: () => readonly Connection[]
  readonly replicators: ReadonlyMap<Session, Replicator>
  /** Entries that search does not know yet. */
  readonly unsearchable: () => number
}

export interface Status {
  readonly now: () => PeerStatus
  /** What the other side said it is. */
  setKind(session: Session, kind: SessionStatus['kind']): void
  /** Nothing is on its way, and nothing that could be is waiting. */
  isSettled(status: PeerStatus): boolean
  /** Everybody who can be reached has answered, and knows no entry of ours that is missing here. */
  ownFeedConfirmed(): boolean
}

export function createStatus(self: Identity, deps: StatusDeps): Status {
  const { store, connections, replicators } = deps
  const kinds = new WeakMap<Session, SessionStatus['kind']>()

  function feedsBehind(): readonly FeedStatus[] {
    const behind = new Map<Identity, FeedStatus>()
    for (const replicator of replicators.values()) {
      for (const { identity, done, total } of replicator.status().feeds) {
        const known = behind.get(identity)
        if (known === undefined || known.total < total) behind.set(identity, { identity, held: done, total })
      }
    }
    return [...behind.values()]
  }

  function now(): PeerStatus {
    const feeds = feedsBehind()
    const open = feeds.filter(({ held, total }) => held < total)
    const statuses = Array.from(replicators, ([session, replicator]) => ({
      session,
      status: replicator.status(),
    }))
    const blobs = statuses.reduce(
      (most, { status }) => (status.blobs.wanted > most.wanted ? status.blobs : most),
      { wanted: 0, wantedBytes: 0, fetching: 0 },
    )
    return {
      connections: connections().map(({ address, state }) => ({ address, state })),
      sessions: statuses.map(({ session, status }) => ({
        identity: session.remote,
        kind: kinds.get(session) ?? 'peer',
        upToDate: status.upToDate,
      })),
      feeds,
      behind: {
        feeds: open.length,
        entries: open.reduce((sum, { held, total }) => sum + total - held, 0),
      },
      unverified: store.unverifiedCount(),
      blobs: { wanted: blobs.wanted, wantedBytes: blobs.wantedBytes },
      unsearchable: deps.unsearchable(),
    }
  }

  return {
    now,
    setKind: (session, kind) => void kinds.set(session, kind),
    isSettled({ connections: list, sessions, behind, unverified, unsearchable }) {
      const isDialling = list.some(({ state }) => state.type === 'connecting')
      const isFetching = behind.entries > 0 || sessions.some(({ upToDate }) => !upToDate)
      return !isDialling && !isFetching && unverified === 0 && unsearchable === 0
    },
    ownFeedConfirmed() {
      const record = store.feed(self)?.record ?? null
      const isWhole = record === null || store.entry(record.head.head) !== null
      const isDialling = connections().some(({ state }) => state.type === 'connecting')
      if (!isWhole || isDialling || replicators.size === 0) return false
      return [...replicators.values()].every((replicator) => replicator.status().upToDate)
    },
  }
}

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
import type { Clock } from '@effigy/sync'
import type { Network } from './network.ts'
import type { AccountStatus, FeedStatus, PeerStatus, SessionTraffic } from './peer.ts'

const accountUnitBytes: number = 64 * 1024

/** Who has not told its heads by then does not keep anybody from writing. Ms. */
const answerPatienceMs = 60_000

/** `since` of each is taken back from how long it has lasted: the wall clock may have jumped. */
export function trafficOf(
  served: Network['served'],
  clock: Pick<Clock, 'now' | 'monotonic'>,
): readonly SessionTraffic[] {
  const startMs = clock.now() - clock.monotonic()
  return Array.from(served, ({ session, kind, since }) => ({
    identity: session.remote,
    kind,
    since: Math.round(startMs + since),
    ...session.traffic(),
  }))
}

export interface StatusDeps {
  readonly store: Store
  readonly network: Pick<Network, 'connections' | 'served' | 'ledger'>
  /** Entries that search does not know yet, and whether there may be more. */
  readonly search: { readonly unsearchable: number; readonly isDue: boolean }
  readonly mayWrite: () => boolean
  /** Something will be asked for, or said, by itself at once. */
  readonly isBusy: () => boolean
  readonly clock: Pick<Clock, 'monotonic'>
}

export interface Status {
  readonly now: () => PeerStatus
  /** Nothing is on its way, and nothing that could be is waiting. */
  readonly isSettled: () => boolean
  /** Everybody who can be reached has answered, and knows no entry of ours that is missing here. */
  ownFeedConfirmed(): boolean
  /** Whether somebody of these is connected, and all that they have and we want is here. */
  hasGiven(isMeant: (identity: Identity) => boolean): boolean
  /** Everybody who can be reached was asked for what is missing here of the own feed, for long enough, and did not give it. */
  ownFeedLost(): boolean
}

export function createStatus(self: Identity, deps: StatusDeps): Status {
  const { store, network } = deps
  const { connections } = network
  const isDialling = (): boolean => connections.list.some(({ state }) => state.type === 'connecting')

  function feedsBehind(): readonly FeedStatus[] {
    const behind = new Map<Identity, FeedStatus>()
    for (const { replicator } of network.served) {
      for (const { identity, done, total } of replicator.status().feeds) {
        const known = behind.get(identity)
        if (known === undefined || known.total < total) behind.set(identity, { identity, held: done, total })
      }
    }
    return [...behind.values()]
  }

  /** Coarse, so that a status is not another one with each frame. */
  function accounts(): readonly AccountStatus[] {
    const coarse = (bytes: number): number => Math.trunc(bytes / accountUnitBytes) * accountUnitBytes
    return Array.from(network.served).flatMap(({ session: { remote } }) => {
      const account = network.ledger.account(remote)
      if (account === null) return []
      const { given, taken } = account
      return [
        {
          identity: remote,
          givenBytes: coarse(given),
          takenBytes: coarse(taken),
          creditBytes: coarse(network.ledger.credit(remote)),
        },
      ]
    })
  }

  function now(): PeerStatus {
    const feeds = feedsBehind()
    const open = feeds.filter(({ held, total }) => held < total)
    const statuses = Array.from(network.served, (served) => ({
      served,
      status: served.replicator.status(),
    }))
    const blobs = statuses.reduce(
      (most, { status }) => (status.blobs.wanted > most.wanted ? status.blobs : most),
      { wanted: 0, wantedBytes: 0, fetching: 0 },
    )
    return {
      connections: connections.list.map(({ address, state }) => ({ address, state })),
      sessions: statuses.map(({ served, status }) => ({
        identity: served.session.remote,
        kind: served.kind,
        upToDate: status.upToDate,
        hasMine: served.receipts.state === 'given',
        via: served.via,
      })),
      feeds,
      behind: {
        feeds: open.length,
        entries: open.reduce((sum, { held, total }) => sum + total - held, 0),
      },
      unverified: store.unverifiedCount(),
      blobs: { wanted: blobs.wanted, wantedBytes: blobs.wantedBytes },
      accounts: accounts(),
      unsearchable: deps.search.unsearchable,
      mayWrite: deps.mayWrite(),
    }
  }

  return {
    now,
    isSettled() {
      if (isDialling() || deps.isBusy()) return false
      for (const { replicator, receipts, kind } of network.served) {
        if (!replicator.status().upToDate) return false
        // Others may keep a part of our feed, or none: a hub is there to keep it.
        if (kind === 'hub' && receipts.state === 'pending') return false
      }
      const { unsearchable, isDue } = deps.search
      // States of accounts count once their signatures are checked, which entries do not wait for.
      const isProven = (store.synods?.unproven(1).length ?? 0) === 0
      return store.unverifiedCount() === 0 && isProven && unsearchable === 0 && !isDue
    },
    hasGiven(isMeant) {
      for (const { session, replicator } of network.served) {
        if (isMeant(session.remote) && replicator.status().upToDate) return true
      }
      return false
    },
    ownFeedConfirmed() {
      const record = store.feed(self)?.record ?? null
      const isWhole = record === null || store.entry(record.head.head) !== null
      if (!isWhole || isDialling()) return false
      // Heads are enough: one that tells of more of ours stops writing by itself. Whoever keeps entries back, or
      // never answers, would else keep us from writing for ever.
      const lateSince = deps.clock.monotonic() - answerPatienceMs
      let isAnswered = false
      for (const { isChosen, receipts, replicator, since } of network.served) {
        if (replicator.status().headsAnswered) {
          // Whom we chose is asked about our own feed; others may have been asked about nothing (R2).
          isAnswered ||= isChosen || (record !== null && receipts.state === 'given')
        } else if (since > lateSince) return false
      }
      return isAnswered
    },
    ownFeedLost() {
      const lateSince = deps.clock.monotonic() - answerPatienceMs
      let isAsked = false
      for (const { replicator, since } of network.served) {
        if (since > lateSince) return false
        const { feeds, headsAnswered } = replicator.status()
        // It comes, however slowly.
        if (feeds.some(({ identity, done, total }) => identity === self && done < total)) return false
        isAsked ||= headsAnswered
      }
      // With nobody there nobody has told how much there is: what they know above a head that is given up would be lost.
      return isAsked
    },
  }
}

/**
 * One machine of the crowd: a light store, and over each of its links what ships (session, replicator).
 *
 *     link ─openSession▶ Session ─createReplicator▶ heads in and out ─▶ LightStore
 *
 * It stands where `@effigy/peer` would: no drafts, views, search or receipts; a hub watches what its
 * members watch, as `apps/hub` does.
 *
 * @module
 */
import {
  EffigyError,
  type Entry,
  type Identity,
  identityOfKey,
  type Signer,
  signEntry,
  signHead,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store, WatchPolicy } from '@effigy/store'
import {
  type Clock,
  createReplication,
  createReplicator,
  createSharing,
  type Link,
  type Log,
  openSession,
  publicNetworkKey,
  type SessionLimits,
  type SharingFacts,
  writeProvided,
} from '@effigy/sync'

export interface MemberWorld {
  readonly crypto: Crypto
  readonly clock: Clock
  readonly log: Log
  readonly limits: SessionLimits
  /** Whether feeds are followed with their entries. */
  readonly keeps: 'heads' | 'entries'
  /** Identities of the hubs: to each other they are friends. */
  readonly hubs: ReadonlySet<Identity>
}

export interface Member {
  readonly identity: Identity
  readonly store: Store
  /** Sessions that stand. */
  sessions(): number
  /** Runs a session as the dialler until it is over; gives why. Never rejects. */
  dial(link: Link, expect: Identity): Promise<string>
  accept(link: Link): Promise<string>
  /** Says `bye` to everybody. */
  leave(): void
  /** Ends everything, for good. */
  stop(): void
  /** One entry more in the own feed. */
  publish(text: string): Promise<void>
}

/** What is kept of a followed feed. */
export const policies: Readonly<Record<'heads' | 'entries', WatchPolicy>> = {
  heads: { depth: { type: 'last', count: 0 }, blobs: { type: 'none' } },
  entries: { depth: { type: 'all' }, blobs: { type: 'none' } },
}

export function createMember(kind: 'peer' | 'hub', signer: Signer, store: Store, world: MemberWorld): Member {
  const { crypto, clock, log, limits, hubs, keeps } = world
  const identity = identityOfKey(signer.publicKey)
  const networkKey = publicNetworkKey(crypto.sha256)
  const shared = createReplication(clock)
  const leaving = new Set<() => void>()
  /** One a session: a signal looks through all its listeners for each that is added. */
  const stops = new Set<AbortController>()
  const tracked = new Set<Identity>()

  /** A hub keeps up with what its members watch. */
  function track(identities: readonly Identity[]): void {
    for (const other of identities) {
      if (tracked.has(other) || other === identity) continue
      tracked.add(other)
      store.watchFeed(other, policies[keeps])
    }
  }

  function factsOf(remote: Identity): SharingFacts {
    const trust = hubs.has(remote) && kind === 'hub' ? 'friend' : 'stranger'
    return {
      trust: () => trust,
      isBlocked: () => false,
      isPublic: () => true,
      isPublicBlob: () => false,
      isMember: () => kind === 'hub',
    }
  }

  async function run(link: Link, role: 'dialler' | 'acceptor', expect: Identity | null): Promise<string> {
    const stop = new AbortController()
    stops.add(stop)
    try {
      const session = await openSession(link, {
        role,
        identity,
        signer,
        expect,
        demandProof: kind !== 'hub',
        networkKey,
        pairingSecret: null,
        head: () => store.feed(identity)?.record ?? null,
        crypto,
        clock,
        log,
        limits,
        signal: stop.signal,
      })
      const leave = (): void => void session.end('done')
      leaving.add(leave)
      // Admitted: its own feed is kept.
      if (kind === 'hub') track([session.remote])
      try {
        session.send({ type: 'provides' }, writeProvided({ services: ['blobs'], kind, metered: false }))
        await createReplicator(session, {
          store,
          crypto,
          verify: crypto.verify,
          clock,
          log,
          sharing: createSharing(session.remote, factsOf(session.remote)),
          isChosen: session.role === 'dialler',
          shared,
          carries: (feed) => keeps === 'entries' && (kind === 'hub' || feed === identity),
          isCarried: (feed) => hubs.has(session.remote) || feed === session.remote,
          onMessage: ({ type }) => type === 'provides',
          ...(kind === 'hub' ? { onWatch: track } : {}),
        }).run(stop.signal)
      } finally {
        leaving.delete(leave)
      }
      return (await session.closed).code
    } catch (cause) {
      if (!(cause instanceof EffigyError)) throw cause
      return cause.code
    } finally {
      stops.delete(stop)
    }
  }

  return {
    identity,
    store,
    sessions: () => leaving.size,
    dial: (link, expect) => run(link, 'dialler', expect),
    accept: (link) => run(link, 'acceptor', null),
    leave() {
      for (const leave of [...leaving]) leave()
    },
    stop() {
      for (const stop of [...stops]) stop.abort()
    },
    async publish(text) {
      const state = store.feed(identity)
      const known = state?.record?.head ?? null
      const entry: Entry = {
        identity,
        parent: known?.head ?? null,
        length: (known?.length ?? 0) + 1,
        comparable: Math.max(clock.now(), (known?.comparable ?? 0) + 1),
        synod: null,
        links: [],
        payload: JSON.stringify({ type: 'public_note', at: clock.now(), text }),
      }
      const signed = await signEntry(entry, signer, crypto.sha256)
      const record = await signHead(
        {
          identity,
          epoch: known?.epoch ?? 1,
          length: entry.length,
          comparable: entry.comparable,
          bytes: (known?.bytes ?? 0) + signed.bytes.length,
          head: signed.cid,
        },
        signer,
      )
      store.appendOwn([{ entry: signed, body: null }], record)
    },
  }
}

/**
 * The sessions of one peer: who is let in, what is shared, what runs in each.
 *
 *     link ─open▶ Session ─serve▶ replicator + receipts ─▶ store
 *
 * @module
 */
import type { Cid, Identity } from '@effigy/core'
import type { AgreementKey } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import {
  createOutboundBudget,
  createRegistry,
  createReplication,
  defaultSessionLimits,
  type FormerOptions,
  type Ledger,
  type Link,
  maxOutboundBytes,
  publicNetworkKey,
  type Registry,
  type Session,
  type Trust,
  type WireTap,
} from '@effigy/sync'
import { openExchange } from '#later'
import type { Circle } from './account/circle.ts'
import { relayOf } from './address.ts'
import { type Connections, createConnections } from './connections.ts'
import type { Demands } from './demands.ts'
import { type OpenDirect, openDirect } from './direct/open-direct.ts'
import { createDoor } from './joining/door.ts'
import { createSeeking, type Seeking } from './joining/seeking.ts'
import { createOpener, type OpenSession } from './open-session.ts'
import type { PeerDeps, SessionStatus } from './peer.ts'
import { boxKeyOf } from './presence/box-key.ts'
import { type Meeting, openMeeting } from './presence/open-meeting.ts'
import type { Reach } from './reach.ts'
import type { Saving } from './saving.ts'
import { type CommonPorts, type Served, ServedSession } from './served-session.ts'
import type { Serve } from './sessions.ts'
import type { PeerTurn } from './turn.ts'

export interface NetworkPorts {
  readonly identity: Identity
  /** Of this device. */
  readonly boxKey: AgreementKey
  readonly circle: Circle
  readonly demands: Demands
  readonly saving: Pick<Saving, 'mode' | 'isResting'>
  /** Something of the status may be new; called often. */
  readonly changed: () => void
  /** Somebody said that they have entries of ours, or not. */
  readonly delivered: () => void
  readonly wire?: WireTap
  /** What was given up of the own feed (F14). */
  readonly former: FormerOptions
  /** `isHeard` may be true now. */
  readonly heard: (remote: Identity) => void
  /** A link that somebody opened through a hub. */
  readonly accept: (link: Link) => void
  /** Of WebRTC. */
  readonly iceServers: PeerTurn['iceServers']
  readonly signal: AbortSignal
}

export interface Network {
  /** What was given to and taken from whom; its maker's, who disposes it when all sessions are over. */
  readonly ledger: Ledger
  readonly connections: Connections
  readonly registry: Registry
  /** Through hubs. */
  readonly reach: Reach
  readonly meeting: Meeting
  /** Without a hub. */
  readonly direct: OpenDirect
  readonly dial: PeerDeps['dial']
  readonly open: OpenSession
  readonly served: Iterable<Served>
  /** What is watched, wanted or shared has changed: of those, or of anybody when omitted. */
  refresh(identities?: readonly Identity[]): void
  readonly seek: Seeking['seek']
  /** The views of the store have changed, so what was derived from them may have. */
  viewsChanged(): void
  /** What we do for others may have changed. */
  announce(): void
  /** The own feed has grown. */
  published(): void
  /** Whether an own device or a chosen hub is connected; for a hub: anybody. */
  isHeard(): boolean
  trust(other: Identity): Trust
  /** Who is connected and provides that service to us: an own device, a friend, or somebody whom we chose. */
  providers(service: string): readonly Identity[]
  /** Whether they are one of those: asked for each who comes, and a hub has thousands of sessions. */
  isProvider(service: string, other: Identity): boolean
  /** The same of those alone whom we chose. */
  chosen(service: string): readonly Identity[]
  /** The same of everybody: for what may be asked of strangers too. */
  allProviders(service: string): readonly Identity[]
  /** Says `bye` to somebody whom we block. */
  /** Others are blocked than before: ends sessions with these, and tries those again who are blocked no more. */
  turnAway(more: readonly Identity[]): void
  /** Tries those again that were refused for good with that code. */
  retry(code: string): void
  /** Asks the hubs that a person chose whether they have all of that own feed; true while one of them may say so still. */
  giveTo(feed: Identity): () => boolean
}

/** Trust that has changed is looked at so late, and so often at most, ms: views change with each batch of entries. */
const announceAfterMs = 50
const announceEveryMs = 500

/** What each kind of peer does for others by messages of their own (V2). */
const builtIn: Readonly<Record<SessionStatus['kind'], readonly string[]>> = {
  peer: ['blobs'],
  hub: ['blobs', 'headtracking'],
}

export function createNetwork(deps: PeerDeps, ports: NetworkPorts): Network {
  const { store, crypto, signer, clock, random, log, kind = 'peer' } = deps
  const { identity, circle, changed, signal } = ports
  const limits = { ...defaultSessionLimits, ...deps.limits }
  const networkKey = deps.networkKey ?? publicNetworkKey(crypto.sha256)
  const shared = createReplication(clock, {
    accounts: store.accounts,
    log,
    servedBytesPerSecond: deps.servedBytesPerSecond,
  })
  const registry = createRegistry(builtIn[kind])
  const exchange = openExchange(deps.signalling, registry, clock)
  const outbound = createOutboundBudget(maxOutboundBytes, clock)
  const bySession = new Map<Session, Served>()
  const seeking = createSeeking()

  // Asked for each name of the lists that others send, and only a change of the views changes it.
  let views = 0
  function asOfViews<Value>(ask: () => Value): () => Value {
    let last: { readonly value: Value; readonly at: number } | null = null
    return () => {
      if (last?.at !== views) last = { value: ask(), at: views }
      return last.value
    }
  }
  const blocked = asOfViews(() => {
    const turnedAway = deps.turnsAway?.() ?? nobody
    return turnedAway.size === 0 ? circle.blocked() : new Set([...circle.blocked(), ...turnedAway])
  })
  const followed = asOfViews(circle.followed)
  const trustOf = (remote: Identity): Trust => circle.trust(remote, followed())

  let announcing: Disposable | null = null
  let announcedMs = Number.NEGATIVE_INFINITY
  function announceSoon(): void {
    if (signal.aborted) return
    const ms = Math.max(announceAfterMs, announcedMs + announceEveryMs - clock.monotonic())
    announcing ??= clock.after(ms, () => {
      announcing = null
      announcedMs = clock.monotonic()
      announce()
    })
  }
  signal.addEventListener('abort', () => announcing?.[Symbol.dispose](), { once: true })

  const serve: Serve = (session, serving) => {
    const isChosen = connections.isChosen(session.remote)
    new ServedSession(session, isChosen, common, serving).start()
  }

  function ended({ session }: Served): void {
    const { remote, link } = session
    bySession.delete(session)
    meeting.changed()
    direct.look()
    // Where this was the better way, the other one is taken again.
    if (link.kind !== 'relay' && (direct.isAsked(remote) || trustOf(remote) === 'own')) reach.chose()
    changed()
  }

  /** One of each pair. */
  const served: Iterable<Served> = { [Symbol.iterator]: standing }

  function* standing(): Iterator<Served> {
    for (const served of bySession.values()) {
      if (connections.session(served.session.remote) === served.session) yield served
    }
  }

  function isProvider({ provides, isChosen, session }: Served, service: string): boolean {
    return provides.has(service) && (isChosen || ['friend', 'own'].includes(trustOf(session.remote)))
  }

  const door = deps.redeem === undefined ? null : createDoor(deps.redeem, { clock, log })
  const common: CommonPorts = {
    ...{ identity, kind, crypto, clock, log, shared, exchange, door, blocked, trustOf, changed, pace, ended },
    ...{ former: ports.former, delivered: ports.delivered, heard: ports.heard, signal },
    ...{ isMember: deps.isMember, tracks: deps.tracks, isSought: seeking.isSought },
    store: { ...store, wantedBlobs: ports.demands.wantedBlobs },
    own: {
      ...{ registry, kind, random, clock, log },
      metered: () => ports.saving.mode !== 'none',
      resting: () => ports.saving.isResting,
    },
    reach: () => reach,
    views: () => views,
    isPublicBlob: (root) => isPublicBlob(store, root),
    isSaving: () => ports.saving.mode !== 'none',
    isTurn: (session) => direct.isTurn(session.remote),
    why: (remote) => direct.why(remote),
    begun(served) {
      bySession.set(served.session, served)
      meeting.changed()
    },
  }
  // One listener for all of them.
  registry.watch(() => {
    for (const { services } of bySession.values()) services.provide()
  })
  const open = createOpener({
    ...{ deps, identity, networkKey, limits, outbound, blocked, door },
    wire: ports.wire,
  })

  const dial: PeerDeps['dial'] = (url, until) => {
    const way = relayOf(url)
    return way === null ? deps.dial(url, until) : reach.dial(way.hub, way.to, until)
  }

  const connections = createConnections({
    clock,
    random,
    log,
    dial,
    changed,
    serve,
    // A hub has as many who come again as there are, and asks nothing of them.
    ...(kind === 'hub' ? {} : { retire: (session: Session) => bySession.get(session)?.leave() }),
    // Whoever is dialled learns that we are there.
    isBlocked: (other) => blocked().has(other),
    open,
  })

  const meeting = openMeeting({
    ...{ store, self: identity, clock, crypto, signer, random, log, boxKey: ports.boxKey, signal },
    circle: () => circle.friends(followed()),
    trust: trustOf,
    isBlocked: (other) => blocked().has(other),
    connected: () => Array.from(bySession.keys(), ({ remote }) => remote),
    asked: () => direct.asked,
    hasSession: (other) => connections.session(other) !== null,
    connect: (address, expect) => connections.connect(address, expect, false),
    connections: () => connections.list,
    accept: ports.accept,
    isAsked: (other) => direct.isAsked(other),
    came: () => direct.look(),
    refused: (...told) => direct.refused(...told),
  })
  const { reach } = meeting
  const direct = openDirect({
    ...{ rtc: deps.rtc ?? null, store, self: identity, clock, random, log, changed, signal },
    say: meeting.say,
    shows: meeting.shows,
    words: meeting.words,
    signallers: () => reach.signallers,
    trust: trustOf,
    personOf: (other) => store.synods?.accountOf(other) ?? other,
    isBlocked: (other) => blocked().has(other),
    session: connections.session,
    meet: connections.meet,
    iceServers: ports.iceServers,
    saving: () => ports.saving.mode,
    isResting: () => ports.saving.isResting,
    sought() {
      meeting.changed()
      reach.chose()
    },
    hasKey: (other) => boxKeyOf(store, other) !== null,
  })
  signal.addEventListener(
    'abort',
    () => {
      reach[Symbol.dispose]()
      exchange?.[Symbol.dispose]()
    },
    { once: true },
  )

  function announce(): void {
    meeting.changed()
    reach.changed()
    direct.look()
    for (const served of bySession.values()) {
      served.services.provide()
      pace(served)
    }
  }

  function pace({ session, resting }: Served): void {
    session.rest(resting || ports.saving.isResting)
  }

  function retry(code: string): void {
    for (const one of connections.list) {
      if (one.state.type === 'refused' && one.state.code === code) one.retry()
    }
  }

  return {
    connections,
    registry,
    reach,
    meeting,
    direct,
    dial,
    open,
    ledger: shared.ledger,
    served,
    refresh(identities) {
      // A hub watches whoever comes, and has thousands of sessions that none of them concerns.
      if (kind === 'hub' && identities !== undefined && identities.length > 0)
        return shared.interests.changed(identities)
      for (const { replicator } of bySession.values()) replicator.refresh(identities)
    },
    seek: seeking.seek,
    viewsChanged() {
      views++
      meeting.changed()
      direct.viewsChanged()
      announceSoon()
    },
    announce,
    published() {
      for (const { receipts } of bySession.values()) receipts.published()
    },
    isHeard: () =>
      [...served].some(
        (served) =>
          kind === 'hub' ||
          (served.kind === 'hub' && served.isChosen) ||
          trustOf(served.session.remote) === 'own',
      ),
    trust: trustOf,
    providers: (service) =>
      [...served].filter((one) => isProvider(one, service)).map(({ session }) => session.remote),
    isProvider(service, other) {
      const session = connections.session(other)
      const one = session === null ? undefined : bySession.get(session)
      return one !== undefined && isProvider(one, service)
    },
    chosen: (service) =>
      [...served]
        .filter(({ provides, isChosen }) => isChosen && provides.has(service))
        .map(({ session }) => session.remote),
    allProviders: (service) =>
      [...served].filter(({ provides }) => provides.has(service)).map(({ session }) => session.remote),
    turnAway(more) {
      for (const other of more) void connections.disconnect('not-admitted', other)
      retry('blocked')
    },
    retry,
    giveTo(feed) {
      const asked = [...served].filter(({ kind, isChosen }) => kind === 'hub' && isChosen)
      for (const { receipts } of asked) receipts.about(feed)
      return () => [...served].some((one) => asked.includes(one) && one.receipts.state === 'pending')
    },
  }
}

const nobody: ReadonlySet<Identity> = new Set()

/** Needed by an entry that everybody may have; an upload that is not published yet is nobody's business. */
function isPublicBlob(store: Store, root: Cid): boolean {
  return store.holders(root).some((holder) => holder.startsWith('feed:'))
}

/**
 * The hub: an ordinary peer that listens, and keeps its members' feeds online.
 *
 *     HTTP ─┬─ /effigy/1 ─WebSocket▶ peer ─▶ members ─▶ what is watched
 *           └─ page, health, description
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { EffigyError, type Identity } from '@effigy/core'
import { acceptWebSockets } from '@effigy/links/node'
import type { Peer, ServiceOptions, SignallingOptions } from '@effigy/peer'
import type { Clock, Log, Redeem } from '@effigy/sync'
import { httpOrigin, hubAddress, isLoopback, isPlainOrigin, isWildcard, socketPath } from './address.ts'
import { type Administration, openAdministration } from './admin/administration.ts'
import { openDecisions } from './admin/decisions.ts'
import { linkPage } from './admin/link-page.ts'
import { accountListing, personOf } from './admin/persons.ts'
import type { ServedApp } from './app/served-app.ts'
import { type Backups, createBackups } from './backup/backups.ts'
import type { CopyRecords } from './backup/write-backup.ts'
import type { HubConfig } from './config/options.ts'
import { describeHub } from './description.ts'
import type { Asked } from './http/asked.ts'
import { clientAddress, originFor } from './http/origin.ts'
import { answer } from './http/routes.ts'
import { createHttpServer, type HttpServer, listen, usualWaiting } from './http/server.ts'
import { type Joining, openJoining } from './joining/joining.ts'
import { aboutService } from './keeping/about-service.ts'
import { followHubs } from './keeping/follow-hubs.ts'
import { quotaService } from './keeping/quota-service.ts'
import { tellTracking } from './keeping/tell-tracking.ts'
import { wishService } from './keeping/wish-service.ts'
import { createMembers, type Members } from './members.ts'
import { createNewcomers } from './newcomers.ts'
import { createDrain, type Drain } from './operating/drain.ts'
import { hubFamilies } from './operating/families.ts'
import { fitDescriptors, type Headroom, type Places, watchHeadroom } from './operating/headroom.ts'
import { createMetrics } from './operating/metrics.ts'
import { mayReadMetrics } from './operating/metrics-access.ts'
import { type Probes, systemProbes } from './operating/probes.ts'
import { createTally, type Tally } from './operating/tally.ts'
import { openTls, type Tls } from './operating/tls/open.ts'
import type { HubStore } from './ports/hub-store.ts'
import { createPrivacy, privacyOf } from './privacy.ts'
import { createReadinessProbe } from './readiness.ts'
import { createReading } from './reading/reading.ts'
import { createRelayQuota, type RelayQuota } from './relay-quota.ts'
import { memberServices } from './services.ts'
import { keepSettled } from './settling.ts'
import { createStateReader } from './state.ts'
import { createTracking } from './tracking.ts'
import { relayService } from './turn/relay.ts'

/** What the hub needs of a peer. */
export type HubPeer = Pick<
  Peer,
  | 'identity'
  | 'store'
  | 'watch'
  | 'unwatch'
  | 'accept'
  | 'status'
  | 'disconnect'
  | 'turnAway'
  | 'serve'
  | 'connect'
  | 'call'
  | 'traffic'
  | 'kept'
  | 'grant'
  | 'balance'
  | 'joining'
> &
  AsyncDisposable

/** How the peer tells the hub what happens in its sessions. */
export interface PeerHooks {
  /** Called once for each session, when both sides are authenticated. False ends it. */
  admits(identity: Identity): boolean
  /** Whose sessions are refused, and of whom nothing is given to others (V91). */
  turnsAway(): ReadonlySet<Identity>
  /** The whole list of what `remote` watches, after each change of it. */
  tracks(remote: Identity, identities: readonly Identity[], kind?: 'peer' | 'hub'): void
  /** Takes an invite; nobody may show one when omitted (spec W3). */
  readonly redeem?: Redeem
  /** Whether it keeps anything for who has a session. */
  isMember(identity: Identity): boolean
  /** Who signals through it, and what it carries (spec V60-V76). */
  readonly signalling: SignallingOptions
  /** What it keeps for them. */
  readonly services: ServiceOptions
}

export interface HubDeps {
  /** Opens the peer with its home; the hub disposes it. */
  readonly openPeer: (hooks: PeerHooks) => Promise<HubPeer>
  /** What it keeps beside entries. Who opened it disposes it, after the hub. */
  readonly records: HubStore
  /** What was logged, counted; nothing when omitted. */
  readonly tally?: Pick<Tally, 'events' | 'closed' | 'refused'>
  /** Of the machine; its own when omitted. */
  readonly probes?: Probes
  /** The operator's key, 32 bytes; nobody administrates when omitted. */
  readonly adminKey?: Uint8Array
  /** Writes them to a new file, for backups; omitted where they lie elsewhere. */
  readonly copyRecords?: CopyRecords
  /** What it serves to browsers; its own page alone when omitted. */
  readonly app?: ServedApp
  readonly clock: Clock
  readonly log: Log
  /** Of this software. */
  readonly version: string
}

export interface Hub extends AsyncDisposable {
  readonly identity: Identity
  /** Where it listens; for 0.0.0.0 and :: as seen from this machine. */
  readonly origin: string
  readonly port: number
  /** To give to friends: `publicUrl` or `origin`, with the identity. */
  readonly address: string
  /** Its invites and its names. */
  readonly joining: Joining
  /** Lets everybody go, and takes nobody until `end`. Disposing begins with it. */
  readonly drain: Pick<Drain, 'isDraining' | 'begin' | 'end'>
  /** That leads to https, or null. */
  readonly plainPort: number | null
  /** Looks at the files of the certificate, or asks for one again that was refused, now instead of later. */
  reload(): void
  /** Null without a key. */
  readonly administration: Administration | null
  /** Of all that it keeps; what is under way ends with the hub. */
  readonly backups: Backups
}

/** Disposing stops accepting, ends the sessions with `bye`, closes the store. Rejects when the peer or the port does not open. */
export async function startHub(deps: HubDeps, config: HubConfig): Promise<Hub> {
  const { clock, log, version, app = null, probes = systemProbes(config.home, config.maxMemory) } = deps
  const places = findPlaces(probes, config.maxConnections, log)
  let headroom: Headroom | null = null
  let members: Members | null = null
  let openStore: HubPeer['store'] | null = null
  let drain: Drain | null = null
  let turnAway: HubPeer['turnAway'] | null = null
  const stop = new AbortController()
  const decided = await openDecisions({
    ...{ records: deps.records, store: () => openStore, clock, log, signal: stop.signal },
    blocksChanged(more) {
      members?.sift()
      turnAway?.(more)
    },
    quotasChanged: () => members?.refit(),
  })
  const isMember = (identity: Identity): boolean => members?.has(identity) ?? false
  const isClosed = config.members === 'anyone' && privacyOf(config) === 'restricted'
  const isByInvite = isClosed || config.members !== 'anyone'
  const isNewcomer = createNewcomers({ store: () => openStore, isMember, isByInvite, clock })
  const relay = relayService(config, { clock, isMember, isNewcomer })
  const isWithinQuota = createRelayQuota(config.relayBytes, clock)
  let relayedBytes = 0
  const carries: RelayQuota = (opener, bytes) => {
    const isCarried = isWithinQuota(opener, bytes)
    if (isCarried) relayedBytes += bytes
    return isCarried
  }
  let self: Identity | null = null
  let joining: Joining | null = null
  const privacy = createPrivacy(config, {
    self: () => self,
    isMember,
    isNewcomer,
    admit: (identity) => members?.admit(identity) ?? false,
    carries,
  })
  const followed = new Set(config.follows.map((hub) => hub.identity))
  const peer = await deps.openPeer({
    admits(identity) {
      const isWelcome = privacy.mayEnter(identity) || followed.has(identity)
      const isAdmitted = members !== null && !decided.blocks.isBlocked(identity) && isWelcome
      if (isAdmitted) drain?.admitted(identity)
      return isAdmitted
    },
    turnsAway: decided.blocks.identities,
    // Hubs say what they want of this one in a message of their own.
    tracks(remote, identities, kind) {
      if (kind !== 'hub') members?.track(remote, identities)
    },
    ...(config.invites === 'off'
      ? {}
      : {
          redeem: async (remote, invite) =>
            joining?.redeem(remote, invite) ?? { code: 'busy', retryMs: 1_000 },
        }),
    isMember,
    signalling: privacy.signalling,
    services: memberServices(config, {
      store: () => openStore,
      isMember,
      isDiskLow: () => headroom?.isDiskLow === true,
    }),
  })
  openStore = peer.store
  self = peer.identity
  turnAway = peer.turnAway
  const links = new AbortController()
  let http: HttpServer | null = null
  let tls: Tls | null = null
  try {
    const { store, identity } = peer
    if (relay !== null) peer.serve(relay)
    store.setQuota(config.blobBytes)
    // A whole status costs 10 µs a session, and a hub that is full asks for each who comes.
    const connected = (): ReadonlySet<Identity> => new Set(peer.traffic().map((session) => session.identity))
    const draining = createDrain({
      disconnect: peer.disconnect,
      sessions: () => connected().size,
      isStopping: () => stop.signal.aborted,
      clock,
      log,
    })
    drain = draining
    const tracking = createTracking(
      {
        store,
        log,
        watch: (feed, policy) => peer.watch(feed, policy),
        unwatch: (feed) => peer.unwatch(feed),
        quotas: decided.quotas,
        personOf: (member) => personOf(store, member),
      },
      config,
    )
    peer.serve(quotaService(tracking, isMember))
    peer.serve(aboutService(() => describeHub(config, peer.identity, version, '')))
    peer.serve(wishService(() => members, clock))
    const room = watchHeadroom({
      ...{ probes, clock, log, minFreeBytes: config.minFree },
      diskChanged: tracking.pause,
    })
    headroom = room
    const join = await openJoining(
      {
        ...{ records: deps.records, peer, isMember, clock, log, signal: stop.signal },
        admit: (one) => kept.admit(one),
        dismiss: (one) => kept.dismiss(one),
        isFull: (one) => isByInvite && !kept.has(one) && kept.count >= config.maxMembers,
        isClosed: isByInvite,
      },
      config,
    )
    joining = join
    const {
      quotas,
      blocks: { isBlocked },
    } = decided
    const isInvited = (identity: Identity): boolean => join.guests.get(identity) !== null
    const kept = createMembers(
      {
        ...{ store, tracking, self: identity, log, connected, isBlocked, isInvited, quotas },
        accountListing: (device) => accountListing(store, device),
      },
      { ...config, isClosed },
    )
    members = kept
    // Left from a time with other members or quotas.
    for (const feed of [...store.feeds({ watched: true })]) {
      if (feed.identity !== identity && !tracking.isWatched(feed.identity)) peer.unwatch(feed.identity)
    }

    // Where strangers may not even connect, nothing is shown to them.
    const isReadable = config.readByLink && privacyOf(config) !== 'restricted'
    const reading = isReadable
      ? createReading({ store, isBlocked, isShort: () => room.refusal !== null, clock })
      : () => null
    let listening = ''
    const origin = (headers: Parameters<typeof originFor>[0]): string =>
      originFor(headers, { ...config, isSecure: config.tls !== 'off', listening })
    const sources = {
      name: config.name,
      version,
      localOnly: isLoopback(config.host) && config.publicUrl === null,
      isPlain: (headers: Parameters<typeof originFor>[0]) => isPlainOrigin(origin(headers)),
      services: {
        drops: config.dropBox ? { days: config.dropDays[0]?.days ?? 0 } : null,
        leases: config.leases ? { bytes: config.leaseBytesPerMember, days: config.leaseDays } : null,
      },
      state: createStateReader({
        store,
        members: () => kept.count,
        feeds: () => tracking.watchedCount,
        maxMembers: config.maxMembers,
        sessions: () => connected().size,
        clock,
      }),
      readiness: createReadinessProbe({
        store,
        clock,
        isStopping: () => stop.signal.aborted,
        isDraining: () => draining.isDraining,
        headroom: room,
        connections: () => acceptor.connections,
        maxConnections: places.connections,
      }),
      address: (headers: Parameters<typeof originFor>[0]) => hubAddress(origin(headers), identity),
      description: (headers: Parameters<typeof originFor>[0]) =>
        describeHub(config, identity, version, origin(headers)),
      app,
      invitePage: {
        ...{ name: config.name, identity, appUrl: config.appUrl ?? (app === null ? null : '/') },
        ...{ contact: config.contact, terms: config.terms },
      },
      reading,
      alias: (asked: Asked) => join.answerAlias(asked, hubAddress(origin(asked.headers), identity)),
      metrics: (asked: Asked) => (mayReadMetrics(asked, config) ? metrics.text() : null),
    }
    const { copyRecords = null } = deps
    const backups = createBackups({ home: config.home, store, copyRecords, clock, version })
    const administration =
      deps.adminKey === undefined
        ? null
        : await openAdministration({
            ...{
              key: deps.adminKey,
              records: deps.records,
              random: randomBytes,
              clock,
              log,
              signal: stop.signal,
            },
            ...{ version, config, peer, members: kept, drain: draining, joining: join, backups, ...decided },
            isNewcomer,
            state: sources.state,
            readiness: sources.readiness,
            origin: () => config.publicUrl ?? listening,
            address: () => hubAddress(config.publicUrl ?? listening, identity),
            page: (asked) =>
              app === null || sources.isPlain(asked.headers)
                ? linkPage(config.name, asked)
                : app.page(asked.headers),
          })
    const admin = administration?.answer ?? null
    http = createHttpServer({
      answer: (asked) => answer({ ...sources, admin }, asked),
      places,
      trustProxy: config.trustProxy,
      isSecure: config.tls !== 'off',
      clock,
      log,
    })
    const acceptor = acceptWebSockets(http.server, {
      path: socketPath,
      maxConnections: places.connections,
      maxPerAddress: config.maxPerAddress,
      maxWaiting: places.waiting,
      clock,
      addressOf: (request) => clientAddress(request, config.trustProxy),
      refusal: () => (draining.isDraining ? 'draining' : room.refusal),
      onLink(link) {
        peer.accept(link).catch((error: unknown) => {
          log.warn('link.failed', { error: String(error) })
          link.close('closed')
        })
      },
      signal: links.signal,
    })
    const metrics = createMetrics(
      hubFamilies({
        ...{ version, acceptor, probes, store },
        tally: deps.tally ?? createTally(log),
        state: sources.state,
        readiness: sources.readiness,
        relayedBytes: () => relayedBytes,
        certificateEnds: () => tls?.endsMs ?? null,
      }),
      clock,
    )
    tls = await openTls(config, { http, listening: () => listening, clock, log })
    const port = await listen(http, config)
    listening = httpOrigin(isWildcard(config.host) ? 'localhost' : config.host, port, config.tls !== 'off')
    const following = followHubs(config.follows, { peer, members: kept, clock, log })
    const watching = store.watch((change) => {
      tellTracking(tracking, store, change)
      decided.accountsChanged(change.synods ?? [])
    })
    decided.begin()
    const settling = keepSettled({ tracking, members: kept, clock, log })
    log.info('hub.listening', { port, members: kept.count, feeds: tracking.watchedCount })

    const { refuse, close } = http
    async function closeAll(): Promise<void> {
      stop.abort()
      backups.stop()
      log.info('hub.stopping', { sessions: connected().size })
      refuse()
      tls?.stop()
      room[Symbol.dispose]()
      join[Symbol.dispose]()
      watching[Symbol.dispose]()
      administration?.[Symbol.dispose]()
      settling[Symbol.dispose]()
      await following[Symbol.asyncDispose]()
      // `bye` to everybody, then the store; the links go when that has been said.
      await draining.begin()
      await peer[Symbol.asyncDispose]()
      links.abort(new EffigyError('closed', 'the hub is stopping'))
      await Promise.all([close(), tls?.close()])
      log.info('hub.stopped', {})
    }
    let closing: Promise<void> | null = null
    return {
      identity,
      port,
      origin: listening,
      address: hubAddress(config.publicUrl ?? listening, identity),
      joining: join,
      drain: draining,
      plainPort: tls?.plainPort ?? null,
      reload: () => tls?.reload(),
      administration,
      backups,
      [Symbol.asyncDispose]: () => (closing ??= closeAll()),
    }
  } catch (error) {
    http?.refuse()
    tls?.stop()
    headroom?.[Symbol.dispose]()
    stop.abort(error)
    links.abort(error)
    await peer[Symbol.asyncDispose]()
    throw error
  }
}

/** As many as the settings say, or there are descriptors for. */
function findPlaces(probes: Probes, connections: number, log: Log): Places {
  const descriptors = probes.descriptorLimit()
  const places = fitDescriptors(descriptors, { connections, waiting: usualWaiting })
  if (places.connections < connections) {
    log.warn('limits.clipped', { descriptors, asked: connections, connections: places.connections })
  }
  return places
}

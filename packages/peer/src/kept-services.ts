/**
 * What a peer keeps for others, where it was asked to (spec V20-V37): a drop box, leases on feeds.
 *
 *     options.services ─▶ drop box, lease holder ─▶ registry ─▶ each session
 *     lease granted ─▶ its feed stays watched ─ended▶ let go        maintenance ─▶ clear ─▶ what is due
 *
 * @module
 */
import { decodeLease, EffigyError, type Identity, type Signer, shortName } from '@effigy/core'
import type { DropReceiver, DropUsage, HeldLease, Store, WatchPolicy } from '@effigy/store'
import {
  atLeast,
  type Caller,
  type Clock,
  type DropLimits,
  defaultDropLimits,
  type LeaseLimits,
  type Log,
  leasedBlobs,
  promisedBy,
  type Registry,
  type Service,
  type ServiceMethod,
} from '@effigy/sync'
import { loadServeLeases } from '#later'
import { blockedOf } from './account/blocked.ts'
import type { ServeDrops } from './later.ts'
import type { PeerDeps } from './peer.ts'

export interface ServiceOptions {
  readonly dropBox?: DropBoxOptions
  readonly leases?: LeaseOptions
}

/** Keeps what is left for those who are away. */
export interface DropBoxOptions {
  /** The current devices of an account that a box is kept for; empty: none is. Asked for each drop. */
  readonly devicesOf: (account: Identity) => readonly Identity[]
  /** The one name that the box of a device, or of another name of its person, goes by; null: it has none here. */
  readonly accountOf: (device: Identity) => Identity | null
  /** Takes drops for nobody in particular, and offers them to all who have a box; false when omitted. */
  readonly isCommunity?: boolean
  /** Who may leave something; everybody when omitted. */
  readonly isFor?: Service['isFor']
  readonly limits?: Partial<DropLimits>
  /** There is no room now, on the disk say; asked for each drop. */
  readonly isFull?: () => boolean
}

/** Promises to keep feeds that are here whole. */
export interface LeaseOptions {
  /** Who may ask; friends and own devices when omitted. */
  readonly isFor?: Service['isFor']
  /** Whether somebody may ask for that feed; when omitted, for their own and those of all their devices, of before too. */
  readonly mayLease?: (owner: Identity, feed: Identity) => boolean
  readonly limits?: Partial<LeaseLimits>
  /** No more is promised now; asked for each lease. */
  readonly isFull?: () => boolean
}

export interface KeptServices extends Disposable {
  /** Lets go of some of what is due. True: there is more, call it again soon. */
  clear(): boolean
  /** For each commit: a lease whose feed has outgrown it ends (V31). */
  changed(feeds: ReadonlySet<Identity>): void
  /** Ends what was promised to somebody, and over their feed. */
  end(identity: Identity): void
  readonly api: PeerKept
}

/** What is kept for others, in the hands of whoever runs this peer. */
export interface PeerKept {
  /** Ends a promise before its time (V90): the bytes go where nothing else wants them. False: there is none over that feed. */
  endLease(feed: Identity): boolean
  /** Deletes what waits in a box, by the name that it goes by (`DropInfo.to`); gives how much that was. */
  clearDrops(to: DropReceiver): DropUsage
}

export interface KeptServicesDeps extends Pick<PeerDeps, 'store' | 'crypto'> {
  readonly identity: Identity
  readonly signer: Signer
  readonly registry: Registry
  /** What serves a drop box; null: none is asked for. */
  readonly serveDrops: ServeDrops['serveDrops'] | null
  readonly clock: Clock
  readonly log: Log
  /** These are watched now, or no longer. */
  readonly refresh: (identities: readonly Identity[]) => void
}

/** Feeds that are let go at once: each may be much. */
const leasesAtOnce = 4

/** Bytes of entries beyond twice its reservation: owners renew once an hour. */
const growthBytes: number = 1024 * 1024

/** Ms: who was away for so long does not hear any more what is gone. */
const receiptKeptMs: number = 90 * 24 * 60 * 60 * 1000

/** Drops that were opened here, forgotten at once. */
const seenAtOnce = 256

/** V35. */
const leaseMethods = ['ask', 'list', 'check', 'release', 'receipts']

/** Throws `EffigyError` 'store-lacks' where the store has no tables for what is asked for. */
export function keepServices(options: ServiceOptions, deps: KeptServicesDeps): KeptServices {
  const { store, registry, clock, log, serveDrops } = deps
  const served: Disposable[] = []
  renewHolds(deps)
  const { dropBox: dropOptions, leases: leaseOptions } = options
  const drops =
    dropOptions === undefined || serveDrops === null
      ? null
      : serveDrops(dropOptions, store.drops ?? lacking('drops'), deps)
  const box = drops?.box ?? null
  const { leases, leaseCover } = store
  const isLeasing = leases !== undefined && leaseCover !== undefined
  if (leaseOptions !== undefined && !isLeasing) lacking('leases')
  if (drops !== null) served.push(registry.serve(drops.service))
  if (isLeasing) {
    // Own devices lease for each other without being told to (V37).
    const isFriend = leaseOptions === undefined ? atLeast('own') : (leaseOptions.isFor ?? atLeast('friend'))
    const isOwn = atLeast('own')
    const isFor = (caller: Caller): boolean => isOwn(caller) || isFriend(caller)
    const ports = { options: leaseOptions ?? {}, isFor, leases, leaseCover }
    const hold = (feed: Identity): void => holdLeased(feed, deps)
    const load = async (): Promise<Service> => (await loadServeLeases()).serveLeases({ ...ports, hold }, deps)
    served.push(registry.serve(servedLate('datalease', leaseMethods, isFor, load)))
  }

  const outgrown = new Set<Identity>()
  let timer: Disposable | null = null
  function endOutgrown(): void {
    timer = null
    for (const feed of outgrown) {
      const lease = store.leases?.get(feed) ?? null
      if (lease !== null) end(lease, deps)
    }
    outgrown.clear()
  }

  return {
    clear() {
      // What was served once and is no longer has its time too.
      const now = clock.now()
      const drops = box?.expire() ?? store.drops?.expire(now, defaultDropLimits.expiredAtOnce) ?? 0
      if (drops > 0) log.info('drops.expired', { drops })
      const hasLists = box?.dropLists() ?? false
      const ended = store.leases?.ended(now, leasesAtOnce) ?? []
      for (const lease of ended) {
        if (lease.until <= now) end(lease, deps)
        else settle(lease, deps)
      }
      const seen = store.seenDrops?.expire(now, seenAtOnce) ?? 0
      const told = store.leases?.forgetGone(now - receiptKeptMs, seenAtOnce) ?? 0
      return drops > 0 || hasLists || ended.length > 0 || seen > 0 || told > 0
    },
    changed(feeds) {
      for (const feed of feeds) {
        const lease = isLeasing ? leases.get(feed) : null
        const most = lease === null ? 0 : 2 * lease.bytes + growthBytes
        if (lease === null || feed === deps.identity) continue
        if ((store.feed(feed)?.heldBytes ?? 0) + (store.textBytes?.(feed) ?? 0) <= most) continue
        log.warn('lease.outgrown', { feed: shortName(feed), bytes: lease.bytes })
        // Not in the middle of the commit that tells it.
        outgrown.add(feed)
        timer ??= clock.after(0, endOutgrown)
      }
    },
    end(identity) {
      const over = store.leases?.get(identity) ?? null
      const given = store.leases?.of(identity) ?? []
      for (const lease of over === null ? given : [over, ...given]) end(lease, deps)
    },
    api: {
      endLease(feed) {
        const lease = store.leases?.get(feed) ?? null
        if (lease !== null) end(lease, deps)
        return lease !== null
      },
      clearDrops: (to) => (box ?? store.drops)?.clear(to) ?? { items: 0, bytes: 0 },
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      for (const one of served) one[Symbol.dispose]()
    },
  }
}

/** What is promised is kept, also where a process was cut off before it watched, or a feed was left since. */
function renewHolds(deps: KeptServicesDeps): void {
  const { store, identity } = deps
  const blocked = blockedOf(store, identity).identities
  for (const feed of store.leases?.feeds() ?? []) {
    const lease = store.leases?.get(feed) ?? null
    if (lease !== null && blocked.has(feed)) end(lease, deps)
    else keepAsLeased(feed, store)
  }
}

/** A service that is there from the beginning, and loaded with the first call; one that cannot be had is tried anew with the next. */
function servedLate(
  name: string,
  methods: readonly string[],
  isFor: Service['isFor'],
  load: () => Promise<Service>,
): Service {
  let service: Service | null = null
  const call =
    (method: string): ServiceMethod =>
    async (called) => {
      // Of two first calls one makes it.
      const loaded = service ?? (await load())
      service ??= loaded
      return (service.methods[method] as ServiceMethod)(called)
    }
  return { name, isFor, methods: Object.fromEntries(methods.map((method) => [method, call(method)])) }
}

/** Keeps a feed as its lease says, and fetches what that means. */
function holdLeased(feed: Identity, { store, refresh }: KeptServicesDeps): void {
  if (keepAsLeased(feed, store)) refresh([feed])
}

/** Where nothing else wants it. False: it is kept so already. */
function keepAsLeased(feed: Identity, store: KeptServicesDeps['store']): boolean {
  const state = store.feed(feed)
  const lease = store.leases?.get(feed) ?? null
  const { blobs = null, leased = false } = state?.policy ?? {}
  const isSame = lease !== null && blobs?.type === 'up-to' && blobs.bytes === leasedBlobs(lease)
  if (state?.watched === true && (!leased || isSame)) return false
  store.watchFeed(feed, unwatched(store, feed))
  return true
}

/** What it was before has had its time (V32). */
function settle(lease: HeldLease, deps: KeptServicesDeps): void {
  const { until, bytes } = promisedBy(lease)
  deps.store.leases?.put({ ...lease, until, bytes, before: null })
  holdLeased(lease.for, deps)
}

/** What a feed is watched with when nobody wants it any more: by a lease as long as there is one, else not at all. */
export function unwatched(store: Pick<Store, 'leases'>, identity: Identity): WatchPolicy | null {
  const lease = store.leases?.get(identity) ?? null
  if (lease === null) return null
  return { depth: { type: 'all' }, blobs: { type: 'up-to', bytes: leasedBlobs(lease) }, leased: true }
}

/** A feed that was watched for the lease alone goes, then the lease: who is cut off between them ends it again. */
function end(
  { for: feed, owner, record }: HeldLease,
  { store, clock, log, refresh }: KeptServicesDeps,
): void {
  const isGone = store.feed(feed)?.policy.leased === true
  if (isGone) {
    store.watchFeed(feed, null)
    store.forget(feed)
    refresh([feed])
  }
  const decoded = decodeLease(record)
  const gone =
    isGone && decoded.ok ? { for: feed, owner, head: decoded.value.claim.head, at: clock.now() } : null
  store.leases?.remove(feed, gone)
  log.info('lease.ended', { feed: shortName(feed) })
}

function lacking(what: string): never {
  throw new EffigyError('store-lacks', `This store cannot keep ${what} for others.`)
}

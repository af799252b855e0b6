/**
 * What a peer keeps for others, where it was asked to (spec V20-V37): a drop box, leases on feeds.
 *
 *     options.services ─▶ drop box, lease holder ─▶ registry ─▶ each session
 *     lease granted ─▶ its feed stays watched ─ended▶ let go        maintenance ─▶ clear ─▶ what is due
 *
 * @module
 */
import { decodeLease, EffigyError, type Identity, type RawCid, type Signer, shortName } from '@effigy/core'
import type { DropReceiver, DropUsage, HeldLease, Store, WatchPolicy } from '@effigy/store'
import {
  atLeast,
  type Caller,
  type Clock,
  createLeaseHolder,
  createLeaseService,
  type DropLimits,
  defaultDropLimits,
  defaultLeaseLimits,
  type LeaseHolder,
  type LeaseLimits,
  type Log,
  type Registry,
  type Service,
} from '@effigy/sync'
import { blockedOf } from './account/blocked.ts'
import { namesOf } from './box-owners.ts'
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
  const leases = leaseOptions === undefined && !isAble(store) ? null : openLeases(leaseOptions ?? {}, deps)
  if (drops !== null) served.push(registry.serve(drops.service))
  if (leases !== null) {
    // Own devices lease for each other without being told to (V37).
    const isFriend = leaseOptions === undefined ? atLeast('own') : (leaseOptions.isFor ?? atLeast('friend'))
    const isOwn = atLeast('own')
    const isFor = (caller: Caller): boolean => isOwn(caller) || isFriend(caller)
    served.push(registry.serve(createLeaseService(leases, deps.signer, isFor)))
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
      for (const lease of ended) end(lease, deps)
      const seen = store.seenDrops?.expire(now, seenAtOnce) ?? 0
      const told = store.leases?.forgetGone(now - receiptKeptMs, seenAtOnce) ?? 0
      return drops > 0 || hasLists || ended.length > 0 || seen > 0 || told > 0
    },
    changed(feeds) {
      for (const feed of feeds) {
        const lease = leases === null ? null : (store.leases?.get(feed) ?? null)
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
    else if (store.feed(feed)?.watched !== true) store.watchFeed(feed, unwatched(store, feed))
  }
}

function openLeases(options: LeaseOptions, deps: KeptServicesDeps): LeaseHolder {
  const { store, crypto, clock, identity } = deps
  const { leaseCover = lacking('leases'), leases = lacking('leases') } = store
  const holder = createLeaseHolder({
    self: identity,
    store: leases,
    clock,
    sha256: crypto.sha256,
    limits: { ...defaultLeaseLimits, ...options.limits },
    isFull: options.isFull ?? (() => false),
    mayLease: options.mayLease ?? ((owner, feed) => isOfSamePerson(store, owner, feed)),
    namesOf: (owner) => namesOf(store, owner),
    isOwn: (owner) => namesOf(store, identity).includes(owner),
    covered: leaseCover,
    read: (feed, cid) => readOf(store, feed, cid),
  })
  return {
    ...holder,
    grant(owner, lease, record) {
      const refusal = holder.grant(owner, lease, record)
      if (refusal === null && store.feed(lease.for)?.watched !== true) {
        store.watchFeed(lease.for, unwatched(store, lease.for))
        deps.refresh([lease.for])
      }
      return refusal
    },
    release(owner, feed) {
      const lease = leases.get(feed)
      if (lease === null || !namesOf(store, owner).includes(lease.owner)) return false
      end(lease, deps)
      return true
    },
  }
}

/**
 * V33: bytes of that feed alone. An entry of it, checked; the text of one; a block below a root that a shown entry
 * of it needs.
 */
function readOf(store: Store, feed: Identity, cid: RawCid): Uint8Array | null {
  const entry = store.entry(cid)
  if (entry !== null) {
    return entry.verified && entry.signed.entry.identity === feed ? entry.signed.bytes : null
  }
  const holder = `feed:${feed}`
  const isOfFeed = (root: Parameters<Store['holders']>[0]): boolean => store.holders(root).includes(holder)
  if (isOfFeed(cid)) return store.block(cid)
  for (const root of store.rootsAbove(cid)) if (isOfFeed(root)) return store.block(cid)
  return null
}

/** What a feed is watched with when nobody wants it any more: by a lease as long as there is one, else not at all. */
export function unwatched(store: Pick<Store, 'leases'>, identity: Identity): WatchPolicy | null {
  const lease = store.leases?.get(identity) ?? null
  if (lease === null) return null
  const decoded = decodeLease(lease.record)
  const bytes = decoded.ok ? decoded.value.claim.blobs : 0
  return { depth: { type: 'all' }, blobs: { type: 'up-to', bytes }, leased: true }
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

/** Devices of one account lease for all that it ever had; who was taken out of it, for nothing but its own. */
function isOfSamePerson({ synods }: Store, owner: Identity, feed: Identity): boolean {
  if (owner === feed) return true
  const root = synods?.standing(owner).type === 'member' ? synods.accountOf(owner) : null
  return root !== null && synods?.accountOf(feed) === root
}

const isAble = ({ leases, leaseCover }: Store): boolean => leases !== undefined && leaseCover !== undefined

function lacking(what: string): never {
  throw new EffigyError('store-lacks', `This store cannot keep ${what} for others.`)
}

/**
 * Leases for others (spec V30-V38): browsers load this when somebody asks for one, or after one.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { LeaseStore, Store } from '@effigy/store'
import {
  createLeaseHolder,
  createLeaseService,
  defaultLeaseLimits,
  type LeaseHolder,
  type Service,
} from '@effigy/sync'
import { namesOf } from './box-owners.ts'
import type { KeptServicesDeps, LeaseOptions } from './kept-services.ts'

export interface ServeLeasesPorts {
  readonly options: LeaseOptions
  readonly isFor: Service['isFor']
  /** The store's. */
  readonly leases: LeaseStore
  readonly leaseCover: NonNullable<Store['leaseCover']>
  /** Watches a feed as its lease says. */
  readonly hold: (feed: Identity) => void
}

export function serveLeases(
  { options, isFor, leases, leaseCover, hold }: ServeLeasesPorts,
  { store, crypto, clock, identity, signer }: KeptServicesDeps,
): Service {
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
  const holding: LeaseHolder = {
    ...holder,
    grant(owner, lease, record) {
      const refusal = holder.grant(owner, lease, record)
      if (refusal === null) hold(lease.for)
      return refusal
    },
  }
  return createLeaseService(holding, signer, isFor)
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

/** Devices of one account lease for all that it ever had; who was taken out of it, for nothing but its own. */
function isOfSamePerson({ synods }: Store, owner: Identity, feed: Identity): boolean {
  if (owner === feed) return true
  const root = synods?.standing(owner).type === 'member' ? synods.accountOf(owner) : null
  return root !== null && synods?.accountOf(feed) === root
}

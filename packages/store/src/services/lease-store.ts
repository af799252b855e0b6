/**
 * What a holder has promised to keep (DESIGN 3.6, spec V30-V34): a port with two drivers.
 *
 *     lease-holder (sync) ─▶ LeaseStore ─┬─ createMemoryLeases, below
 *                                        └─ lease-table.ts: SQLite
 *
 * @module
 */
import type { Identity } from '@effigy/core'

/** One a feed: a renewal replaces it. */
export interface HeldLease {
  readonly for: Identity
  /** Who asked: its quota counts. */
  readonly owner: Identity
  /** Ms on the holder's clock. */
  readonly until: number
  /** Reserved for it: entries and files together. */
  readonly bytes: number
  /** The signed record (`effigy/lease/1`), as it was given. */
  readonly record: Uint8Array
}

export interface LeaseStore {
  /** On the medium when it returns. */
  put(lease: HeldLease): void
  get(feed: Identity): HeldLease | null
  /** Of one owner, by `for`. */
  of(owner: Identity): readonly HeldLease[]
  /** Whose feeds are leased. */
  feeds(): readonly Identity[]
  /** Bytes promised to one owner, or to all. */
  promised(owner: Identity | null): number
  remove(feed: Identity): boolean
  /** Up to `limit` of those that have ended at `now`, ms. */
  ended(now: number, limit: number): readonly HeldLease[]
}

export function createMemoryLeases(): LeaseStore {
  const leases = new Map<Identity, HeldLease>()
  const byFeed = (a: HeldLease, b: HeldLease): number => (a.for < b.for ? -1 : 1)
  const all = (): readonly HeldLease[] => [...leases.values()].sort(byFeed)
  return {
    put: (lease) => void leases.set(lease.for, { ...lease, record: new Uint8Array(lease.record) }),
    get: (feed) => leases.get(feed) ?? null,
    of: (owner) => all().filter((lease) => lease.owner === owner),
    feeds: () => all().map((lease) => lease.for),
    promised: (owner) =>
      all()
        .filter((lease) => owner === null || lease.owner === owner)
        .reduce((sum, { bytes }) => sum + bytes, 0),
    remove: (feed) => leases.delete(feed),
    ended: (now, limit) =>
      all()
        .filter(({ until }) => until <= now)
        .slice(0, limit),
  }
}

/**
 * What a holder has promised to keep (spec V30-V34): a port with two drivers.
 *
 *     lease-holder (sync) ─▶ LeaseStore ─┬─ createMemoryLeases, below
 *                                        └─ lease-table.ts: SQLite
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'

/** One a feed: a renewal replaces it. */
export interface HeldLease {
  readonly for: Identity
  /** Who asked: its quota counts. */
  readonly owner: Identity
  /** It is kept until then, ms on the holder's clock. */
  readonly until: number
  /** Reserved for it: entries and files together. */
  readonly bytes: number
  /** The signed record (`effigy/lease/1`), as it was given. */
  readonly record: Uint8Array
  /** Its owner wants it no more (V32): it is kept, and nobody is told of it. */
  readonly isReleased: boolean
  /** Until when it is kept as it was before it was released, or gave less; null: it is what its record says. */
  readonly before: { readonly until: number; readonly blobs: number } | null
}

/** What was leased and is not here any more (V36). */
export interface GoneLease {
  readonly for: Identity
  readonly owner: Identity
  /** Up to where it was leased. */
  readonly head: RawCid
  /** When the bytes went, ms on the holder's clock. */
  readonly at: number
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
  /** `gone`: its bytes went too, and its owner shall hear of it. */
  remove(feed: Identity, gone?: GoneLease | null): boolean
  /** Up to `limit` of an owner, the newest first; one a feed. */
  gone(owner: Identity, limit: number): readonly GoneLease[]
  /** Forgets up to `limit` of those that went at `before` (ms) or earlier; gives how many. */
  forgetGone(before: number, limit: number): number
  /** Up to `limit` of those that have ended at `now`, ms, or of which what they were before has. */
  ended(now: number, limit: number): readonly HeldLease[]
}

/** For tests and simulations: it ends with the process. */
export function createMemoryLeases(): LeaseStore {
  const leases = new Map<Identity, HeldLease>()
  const gone = new Map<string, GoneLease>()
  const keyOf = ({ owner, for: feed }: GoneLease): string => `${owner} ${feed}`
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
    remove(feed, last = null) {
      if (last !== null) gone.set(keyOf(last), last)
      return leases.delete(feed)
    },
    gone: (owner, limit) =>
      [...gone.values()]
        .filter((last) => last.owner === owner)
        .sort((a, b) => b.at - a.at)
        .slice(0, limit),
    forgetGone(before, limit) {
      const due = [...gone.values()].filter(({ at }) => at <= before).slice(0, limit)
      for (const last of due) gone.delete(keyOf(last))
      return due.length
    },
    ended: (now, limit) =>
      all()
        .filter(({ until, before }) => Math.min(until, before?.until ?? until) <= now)
        .slice(0, limit),
  }
}

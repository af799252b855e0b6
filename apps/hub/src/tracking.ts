/**
 * Which feeds the hub watches for its members, and when that is too much.
 *
 *     want(member, feeds) ─fits the member's bytes?▶ watched once for all who want it
 *     grown feeds ─settle▶ the same question again, for whoever wants them
 *
 * A feed counts in full for each member who wants it. What was fetched stays when nobody wants it
 * any more, or it grew too much; it is no longer brought up to date.
 *
 * @module
 */
import { type Identity, shortName } from '@effigy/core'
import type { Store, WatchPolicy } from '@effigy/store'
import type { Log } from '@effigy/sync'
import type { Quotas } from './admin/quotas.ts'

export interface TrackingDeps {
  readonly store: Pick<Store, 'feed'>
  readonly log: Log
  watch(identity: Identity, policy: WatchPolicy): void
  unwatch(identity: Identity): void
  /** What single members may have instead of `bytesPerMember` and `maxBlobBytes`; nobody when omitted. */
  readonly quotas?: MemberQuotas
}

export type MemberQuotas = Pick<Quotas, 'isEmpty' | 'of'>

export const noQuotas: MemberQuotas = { isEmpty: true, of: () => null }

export interface TrackingLimits {
  readonly bytesPerMember: number
  /** Of all feeds that members want; nothing is fetched above it. */
  readonly entryBytes: number
  /** 0: no files at all. */
  readonly maxBlobBytes: number
}

export interface Tracking {
  /** Feeds that are kept up to date. */
  readonly watchedCount: number
  isWatched(feed: Identity): boolean
  /** The whole list of one member, what matters most first. */
  want(member: Identity, feeds: readonly Identity[]): void
  /** These have changed; looked at with the next `settle`. */
  grew(feeds: Iterable<Identity>): void
  /** While paused nothing is fetched, whatever the quotas say. */
  pause(isPaused: boolean): void
  /** Compares what is held now with the quotas. Its cost is that of what has changed. */
  settle(): void
}

interface Wish {
  readonly feeds: readonly Identity[]
  /** Those of them that the member's bytes allow. */
  readonly fitting: ReadonlySet<Identity>
}

/** A feed that somebody wants. */
interface Wanted {
  readonly by: Set<Identity>
  /** Members for whom it fits; above 0 it is watched. */
  fits: number
  bytes: number
}

const noWish: Wish = { feeds: [], fitting: new Set() }

export function createTracking(deps: TrackingDeps, limits: TrackingLimits): Tracking {
  const { store, log, quotas = noQuotas } = deps
  const wishes = new Map<Identity, Wish>()
  const wanted = new Map<Identity, Wanted>()
  /** With the bytes of the largest file that is fetched of it. */
  const watched = new Map<Identity, number>()
  const grown = new Set<Identity>()
  let total = 0
  /** Above everybody's quota, or paused. */
  let full = false
  let paused = false

  const heldBytes = (feed: Identity): number => store.feed(feed)?.heldBytes ?? 0

  function want(member: Identity, feeds: readonly Identity[]): void {
    const before = wishes.get(member) ?? noWish
    for (const feed of feeds) {
      const known = wanted.get(feed)
      known?.by.add(member)
      if (known !== undefined) continue
      const bytes = heldBytes(feed)
      total += bytes
      wanted.set(feed, { by: new Set([member]), fits: 0, bytes })
    }
    wishes.set(member, { feeds, fitting: before.fitting })
    refit(member)
    const kept = new Set(feeds)
    for (const feed of before.feeds) if (!kept.has(feed)) release(feed, member)
    if (feeds.length === 0) wishes.delete(member)
    weigh()
  }

  function release(feed: Identity, member: Identity): void {
    const known = wanted.get(feed)
    known?.by.delete(member)
    if (known === undefined || known.by.size > 0) return
    total -= known.bytes
    wanted.delete(feed)
  }

  /** Which of a member's feeds fit, from the first on. */
  function refit(member: Identity): void {
    const { feeds, fitting: before } = wishes.get(member) ?? noWish
    const most = quotas.of(member)?.bytes ?? limits.bytesPerMember
    const fitting = new Set<Identity>()
    let bytes = 0
    for (const feed of feeds) {
      // What is held counts, watched or not: else one feed after the other would be filled and left.
      bytes += wanted.get(feed)?.bytes ?? 0
      if (bytes <= most) fitting.add(feed)
    }
    wishes.set(member, { feeds, fitting })
    for (const feed of fitting) if (!before.has(feed)) count(feed, 1)
    for (const feed of before) if (!fitting.has(feed)) count(feed, -1)
    // What fits as before may be wanted with larger files, or smaller ones.
    if (!full) for (const feed of fitting) if (before.has(feed)) start(feed)
    const left = feeds.length - fitting.size
    if (left > 0 && fitting.size < before.size) {
      log.info('member.over-bytes', { peer: shortName(member), feeds: left, bytes })
    }
  }

  function count(feed: Identity, change: 1 | -1): void {
    const known = wanted.get(feed)
    if (known === undefined) return
    known.fits += change
    if (known.fits === 0) stop(feed)
    else if (!full) start(feed)
  }

  function settle(): void {
    const concerned = new Set<Identity>()
    for (const feed of grown) {
      const known = wanted.get(feed)
      if (known === undefined) continue
      const bytes = heldBytes(feed)
      if (bytes === known.bytes) continue
      total += bytes - known.bytes
      known.bytes = bytes
      for (const member of known.by) concerned.add(member)
    }
    grown.clear()
    for (const member of concerned) refit(member)
    weigh()
  }

  /** Everybody's quota: all stop above it, all go on below. */
  function weigh(): void {
    const before = full
    const isOver = total >= limits.entryBytes
    full = isOver || paused
    if (full === before) return
    if (full) {
      if (isOver) log.warn('storage.quota-reached', { bytes: total, quota: limits.entryBytes })
      for (const feed of [...watched.keys()]) stop(feed)
    } else {
      for (const [feed, { fits }] of wanted) if (fits > 0) start(feed)
    }
  }

  function start(feed: Identity): void {
    const bytes = largestBlob(feed)
    if (watched.get(feed) === bytes) return
    watched.set(feed, bytes)
    const blobs = bytes === 0 ? ({ type: 'none' } as const) : ({ type: 'up-to', bytes } as const)
    deps.watch(feed, { depth: { type: 'all' }, blobs })
  }

  /** As much as any member may have for whom the feed fits. */
  function largestBlob(feed: Identity): number {
    const { maxBlobBytes } = limits
    if (quotas.isEmpty) return maxBlobBytes
    const members = [...(wanted.get(feed)?.by ?? [])].filter((member) =>
      wishes.get(member)?.fitting.has(feed),
    )
    return Math.max(0, ...members.map((member) => quotas.of(member)?.blobBytes ?? maxBlobBytes))
  }

  function stop(feed: Identity): void {
    if (watched.delete(feed)) deps.unwatch(feed)
  }

  return {
    get watchedCount() {
      return watched.size
    },
    isWatched: (feed) => watched.has(feed),
    want,
    grew(feeds) {
      for (const feed of feeds) if (wanted.has(feed)) grown.add(feed)
    },
    pause(isPaused) {
      paused = isPaused
      weigh()
    },
    settle,
  }
}

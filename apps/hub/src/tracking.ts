/**
 * Which feeds the hub watches for its members, and when that is too much (spec V110-V114).
 *
 *     want(member, feeds) ─fits the person's quota?▶ watched once for all who want it
 *     grown feeds ─settle▶ the same question again, for whoever wants them
 *
 * Devices of one account share one quota: 24 of them are one person. A feed counts in full for each person who wants
 * it. What was fetched stays when nobody wants it any more, or it grew too much; it is no longer brought up to date.
 *
 * @module
 */
import { type Identity, shortName } from '@effigy/core'
import type { Store, WatchPolicy } from '@effigy/store'
import { type Log, SparseSet } from '@effigy/sync'
import type { PersonName } from './admin/persons.ts'
import type { Quota, Quotas } from './admin/quotas.ts'

export interface TrackingDeps {
  readonly store: Pick<Store, 'feed' | 'textBytes' | 'fileBytes' | 'leases'>
  readonly log: Log
  watch(identity: Identity, policy: WatchPolicy): void
  unwatch(identity: Identity): void
  /** What single members may have instead of what the settings say; nobody when omitted. */
  readonly quotas?: MemberQuotas
  /** Whose device a member is; each is a person of its own when omitted. */
  readonly personOf?: (member: Identity) => PersonName
}

export type MemberQuotas = Pick<Quotas, 'isEmpty' | 'of'>

export const noQuotas: MemberQuotas = { isEmpty: true, of: () => null }

export interface TrackingLimits {
  /** Of one person: the devices together. As many as one device may name, when omitted. */
  readonly feedsPerMember?: number
  readonly bytesPerMember: number
  /** Files of those feeds; without end when omitted. */
  readonly fileBytesPerMember?: number
  /** The newest entries of each feed that is nobody's own; all when omitted. */
  readonly followedEntries?: number | 'all'
  /** Of all feeds that members want; nothing is fetched above it. */
  readonly entryBytes: number
  /** 0: no files at all. */
  readonly maxBlobBytes: number
}

/** What one person has and may have. */
export interface Use {
  /** Kept up to date, and asked for. */
  readonly feeds: number
  readonly askedFeeds: number
  readonly maxFeeds: number
  /** Of entries and the texts beside them; what does not fit counts too. */
  readonly bytes: number
  readonly maxBytes: number
  /** Of files. */
  readonly fileBytes: number
  readonly maxFileBytes: number
  /** A larger file is not fetched. */
  readonly largestFile: number
  /** The newest entries of each feed that is not their own; null: all. */
  readonly followedEntries: number | null
  /** Devices that share it. */
  readonly devices: number
}

export interface Tracking {
  /** Feeds that are kept up to date. */
  readonly watchedCount: number
  isWatched(feed: Identity): boolean
  /** The whole list of one member, what matters most first. */
  want(member: Identity, feeds: readonly Identity[]): void
  /** These have changed; looked at with the next `settle`. */
  grew(feeds: Iterable<Identity>): void
  /** Other devices may belong together; looked at with the next `settle`. */
  regroup(): void
  /** While paused nothing is fetched, whatever the quotas say. */
  pause(isPaused: boolean): void
  /** Compares what is held now with the quotas. Its cost is that of what has changed. */
  settle(): void
  /** Null: wants nothing. */
  use(member: Identity): Use | null
}

/** What is allowed of what all devices of somebody want. */
interface Person {
  readonly members: SparseSet<Identity>
  fitting: SparseSet<Identity>
  /** Those of them whose files are fetched, up to `use.largestFile` each. */
  withFiles: SparseSet<Identity>
  /** As of the last look; whatever changes it is looked at. */
  use: Use | null
}

/** A feed that somebody wants. */
interface Wanted {
  readonly by: SparseSet<Identity>
  /** Persons for whom it fits; above 0 it is watched. */
  fits: number
  bytes: number
  fileBytes: number
}

/** How much of a feed is fetched. */
interface Extent {
  /** The newest; without end: all. */
  readonly entries: number
  /** Of the largest file. */
  readonly blobBytes: number
}

const countOf = (count: number | 'all'): number => (count === 'all' ? Number.POSITIVE_INFINITY : count)

export function createTracking(deps: TrackingDeps, limits: TrackingLimits): Tracking {
  const { store, log, quotas = noQuotas, personOf = (member) => member } = deps
  const { feedsPerMember = Number.MAX_SAFE_INTEGER, fileBytesPerMember = Number.MAX_SAFE_INTEGER } = limits
  const wishes = new Map<Identity, readonly Identity[]>()
  const names = new Map<Identity, PersonName>()
  const persons = new Map<PersonName, Person>()
  const wanted = new Map<Identity, Wanted>()
  const watched = new Map<Identity, Extent>()
  const grown = new Set<Identity>()
  let isRegrouped = false
  let total = 0
  /** Above everybody's quota, or paused. */
  let full = false
  let paused = false

  const heldBytes = (feed: Identity): number =>
    (store.feed(feed)?.heldBytes ?? 0) + (store.textBytes?.(feed) ?? 0)
  const heldFileBytes = (feed: Identity): number => store.fileBytes?.(feed) ?? 0

  function want(member: Identity, feeds: readonly Identity[]): void {
    const before = wishes.get(member) ?? []
    for (const feed of feeds) {
      const known = wanted.get(feed)
      known?.by.add(member)
      if (known !== undefined) continue
      const bytes = heldBytes(feed)
      total += bytes
      wanted.set(feed, {
        by: new SparseSet<Identity>().add(member),
        fits: 0,
        bytes,
        fileBytes: heldFileBytes(feed),
      })
    }
    wishes.set(member, feeds)
    const name = names.get(member) ?? personOf(member)
    join(member, name)
    refit(name)
    const kept = new Set(feeds)
    for (const feed of before) if (!kept.has(feed)) release(feed, member)
    if (feeds.length === 0) {
      wishes.delete(member)
      leave(member, name)
    }
    weigh()
  }

  function join(member: Identity, name: PersonName): void {
    names.set(member, name)
    const person = persons.get(name) ?? {
      members: new SparseSet(),
      fitting: new SparseSet(),
      withFiles: new SparseSet(),
      use: null,
    }
    person.members.add(member)
    persons.set(name, person)
  }

  function leave(member: Identity, name: PersonName): void {
    names.delete(member)
    const person = persons.get(name)
    person?.members.delete(member)
    if (person === undefined || person.members.size > 0) return
    for (const feed of person.fitting) count(feed, -1)
    persons.delete(name)
  }

  function release(feed: Identity, member: Identity): void {
    const known = wanted.get(feed)
    known?.by.delete(member)
    if (known === undefined || known.by.size > 0) return
    total -= known.bytes
    wanted.delete(feed)
  }

  /** What all devices want, the first of each first: their own feeds stand there. */
  function listOf({ members }: Person): ReadonlySet<Identity> {
    // In an order that a restart does not change.
    const lists = [...members].sort().map((member) => wishes.get(member) ?? [])
    const longest = Math.max(0, ...lists.map((list) => list.length))
    const feeds = new Set<Identity>()
    for (let at = 0; at < longest; at++) {
      for (const list of lists) {
        const feed = list[at]
        if (feed !== undefined) feeds.add(feed)
      }
    }
    return feeds
  }

  /** The most that any of the devices was given, else what the settings say. */
  function most({ members }: Person, name: keyof Quota, setting: number): number {
    if (quotas.isEmpty) return setting
    return Math.max(...Array.from(members, (member) => countOf(quotas.of(member)?.[name] ?? setting)))
  }

  /** Which feeds of a person fit, from the first on. */
  function refit(name: PersonName): void {
    const person = persons.get(name)
    if (person === undefined) return
    const { fitting: before, withFiles: filedBefore, use: useBefore } = person
    const maxFeeds = most(person, 'feeds', feedsPerMember)
    const maxBytes = most(person, 'bytes', limits.bytesPerMember)
    const maxFileBytes = most(person, 'fileBytes', fileBytesPerMember)
    const largestFile = most(person, 'blobBytes', limits.maxBlobBytes)
    const entries = most(person, 'followedEntries', countOf(limits.followedEntries ?? 'all'))
    const fitting = new SparseSet<Identity>()
    const withFiles = new SparseSet<Identity>()
    const feeds = listOf(person)
    let bytes = 0
    let fileBytes = 0
    for (const feed of feeds) {
      // What is held counts, watched or not: else one feed after the other would be filled and left.
      bytes += wanted.get(feed)?.bytes ?? 0
      fileBytes += wanted.get(feed)?.fileBytes ?? 0
      if (bytes > maxBytes || fitting.size >= maxFeeds) continue
      fitting.add(feed)
      if (fileBytes < maxFileBytes) withFiles.add(feed)
    }
    person.fitting = fitting
    person.withFiles = withFiles
    const devices = person.members.size
    person.use = {
      ...{ feeds: fitting.size, askedFeeds: feeds.size, maxFeeds, bytes, maxBytes },
      ...{ fileBytes, maxFileBytes, largestFile, devices },
      followedEntries: Number.isFinite(entries) ? entries : null,
    }
    for (const feed of fitting) if (!before.has(feed)) count(feed, 1)
    for (const feed of before) if (!fitting.has(feed)) count(feed, -1)
    // What fits as before may be wanted deeper, with larger files, or smaller ones, or none.
    const { largestFile: largestBefore, followedEntries: entriesBefore } = useBefore ?? {}
    const isOther = largestFile !== largestBefore || person.use.followedEntries !== entriesBefore
    for (const feed of full ? [] : fitting) {
      if (before.has(feed) && (isOther || withFiles.has(feed) !== filedBefore.has(feed))) start(feed)
    }
    const left = feeds.size - fitting.size
    const [peer = ''] = Array.from(person.members, shortName)
    if (left > 0 && fitting.size < before.size) log.info('member.over-bytes', { peer, feeds: left, bytes })
    const isLess = [...filedBefore].some((feed) => fitting.has(feed) && !withFiles.has(feed))
    if (isLess) log.info('member.over-files', { peer, bytes: fileBytes })
  }

  function count(feed: Identity, change: 1 | -1): void {
    const known = wanted.get(feed)
    if (known === undefined) return
    known.fits += change
    if (known.fits === 0) stop(feed)
    else if (!full) start(feed)
  }

  function settle(): void {
    if (isRegrouped) moveMembers()
    const concerned = new Set<PersonName>()
    for (const feed of grown) {
      const known = wanted.get(feed)
      if (known === undefined) continue
      const bytes = heldBytes(feed)
      const fileBytes = heldFileBytes(feed)
      if (bytes === known.bytes && fileBytes === known.fileBytes) continue
      total += bytes - known.bytes
      known.bytes = bytes
      known.fileBytes = fileBytes
      for (const member of known.by) concerned.add(names.get(member) ?? member)
    }
    for (const name of concerned) refit(name)
    weigh()
    // It may have been promised since, or be known as somebody's own.
    for (const feed of grown) if (watched.has(feed)) start(feed)
    grown.clear()
  }

  function moveMembers(): void {
    isRegrouped = false
    for (const [member, before] of [...names]) {
      const name = personOf(member)
      if (name === before) continue
      // First there, then no longer here: nothing is let go between the two.
      join(member, name)
      refit(name)
      const left = persons.get(before)
      left?.members.delete(member)
      if (left !== undefined && left.members.size === 0) {
        for (const feed of left.fitting) count(feed, -1)
        persons.delete(before)
      } else refit(before)
    }
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
    const { entries, blobBytes } = extentOf(feed)
    const before = watched.get(feed)
    if (before?.entries === entries && before.blobBytes === blobBytes) return
    watched.set(feed, { entries, blobBytes })
    deps.watch(feed, {
      depth: Number.isFinite(entries) ? { type: 'last', count: entries } : { type: 'all' },
      blobs: blobBytes === 0 ? { type: 'none' } : { type: 'up-to', bytes: blobBytes },
    })
  }

  /** As much as anybody may have for whom the feed and its files fit. */
  function extentOf(feed: Identity): Extent {
    // What is promised is kept whole, and a member waits until all of its own feed is here.
    let entries = (store.leases?.get(feed) ?? null) === null ? 0 : Number.POSITIVE_INFINITY
    let blobBytes = 0
    for (const member of wanted.get(feed)?.by ?? []) {
      const name = names.get(member) ?? member
      const person = persons.get(name)
      if (person?.fitting.has(feed) !== true) continue
      const isOwn = person.members.has(feed) || personOf(feed) === name
      entries = Math.max(
        entries,
        isOwn ? Number.POSITIVE_INFINITY : countOf(person.use?.followedEntries ?? 'all'),
      )
      if (person.withFiles.has(feed)) blobBytes = Math.max(blobBytes, person.use?.largestFile ?? 0)
      // For everybody the same, and none has less of it.
      if (quotas.isEmpty && !Number.isFinite(entries) && person.withFiles.has(feed)) break
    }
    return { entries, blobBytes }
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
    regroup() {
      isRegrouped = true
    },
    pause(isPaused) {
      paused = isPaused
      weigh()
    },
    settle,
    use: (member) => persons.get(names.get(member) ?? member)?.use ?? null,
  }
}

/**
 * Keys and head digests of all watched feeds, in memory once somebody asked for them (spec C4).
 *
 *     snapshot ─▶ packed by feed ◀─ rows of head_log that changed since ─▶ keys 32 each, digests 16 each
 *
 * 100,000 feeds are 10 MB here. Row by row they would cost a session more than all the rest of it, so where
 * there are many they are also kept as one row, which is written anew when an eighth of it is out of date.
 *
 * @module
 */
import { concatBytes } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import type { WatchedHeads } from '../store.ts'

export interface WatchedHeadsTable {
  all(): WatchedHeads
  changed(feed: number, key: Uint8Array, digest: Uint8Array): void
  flipped(feed: number, isWatched: boolean): void
  forget(): void
  /** The digest of that feed's head, from the tables; null without a head. */
  digestOf(feed: number): Uint8Array | null
}

export interface WatchedHeadsPorts {
  readonly digestOf: (key: Uint8Array, epoch: number, head: Uint8Array) => Uint8Array
  /** Of the log. */
  readonly count: () => number
  readonly commit: (work: () => void) => void
}

const keyBytes = 32
const digestBytes = 16

/** Below that rows are read as fast as anything. */
const minSnapshot = 4_096

/** Ascending by feed. A digest of zeros stands for none. */
interface Packed {
  readonly feeds: Float64Array
  readonly keys: Uint8Array
  readonly digests: Uint8Array
}

const nothing: Packed = { feeds: new Float64Array(0), keys: new Uint8Array(0), digests: new Uint8Array(0) }

export function createWatchedHeads(
  db: Sqlite,
  { digestOf, count, commit }: WatchedHeadsPorts,
): WatchedHeadsTable {
  let packed: Packed | null = null
  /** What changed since it was packed: key ‖ digest, or the key alone without a head; null: not watched any more. */
  let changes = new Map<number, Uint8Array | null>()
  let given: WatchedHeads | null = null

  function load(): Packed {
    const snapshot = db.first<SnapshotRow>(
      'select count, feeds, keys, digests from head_snapshot where id = 1',
    )
    const base = snapshot === null ? nothing : unpack(snapshot)
    const since = snapshot?.count ?? -1
    const late = new Map<number, Uint8Array | null>()
    const sql =
      since < 0
        ? 'select feed, watched, entry from head_log where watched = 1'
        : `select feed, watched, entry from head_log where seq > ?1 and seq > 0
           union select feed, watched, entry from head_log where flipped > ?1 and flipped > 0`
    const bare: number[] = []
    for (const { feed, watched, entry } of db.rows<LogRow>(sql, ...(since < 0 ? [] : [since]))) {
      if (watched === 0) late.set(feed, null)
      else if (entry === null) bare.push(feed)
      else late.set(feed, entry)
    }
    // Of before there was a log: it has no digests.
    for (const feed of bare) late.set(feed, fromFeed(feed))
    const merged = merge(base, late)
    if (merged.feeds.length >= minSnapshot && late.size > merged.feeds.length / 8) commit(() => save(merged))
    return merged
  }

  function save({ feeds, keys, digests }: Packed): void {
    db.run(
      'insert or replace into head_snapshot (id, count, feeds, keys, digests) values (1, ?, ?, ?, ?)',
      count(),
      new Uint8Array(feeds.buffer, feeds.byteOffset, feeds.byteLength),
      keys,
      digests,
    )
  }

  function fromFeed(feed: number): Uint8Array {
    const row = db.first<{ identity: Uint8Array; epoch: number | null; head: Uint8Array | null }>(
      'select identity, epoch, head from feeds where id = ?',
      feed,
    )
    if (row === null) throw new Error('a feed in the log is there')
    const { identity, epoch, head } = row
    return epoch === null || head === null ? identity : concatBytes(identity, digestOf(identity, epoch, head))
  }

  const entryOf = (feed: number): Uint8Array =>
    db.first<{ entry: Uint8Array | null }>('select entry from head_log where feed = ?', feed)?.entry ??
    fromFeed(feed)

  function note(feed: number, entry: Uint8Array | null): void {
    if (packed === null) return
    changes.set(feed, entry)
    given = null
  }

  return {
    all() {
      if (given !== null) return given
      if (packed === null) packed = load()
      else packed = merge(packed, changes)
      changes = new Map()
      given = give(packed)
      return given
    },
    changed(feed, key, digest) {
      const entry = concatBytes(key, digest)
      const watched = db.first<{ watched: number }>(
        'update head_log set entry = ? where feed = ? returning watched',
        entry,
        feed,
      )
      if (watched?.watched === 1) note(feed, entry)
    },
    flipped(feed, isWatched) {
      const entry = entryOf(feed)
      db.run('update head_log set watched = ?, entry = ? where feed = ?', isWatched ? 1 : 0, entry, feed)
      note(feed, isWatched ? entry : null)
    },
    forget() {
      packed = null
      changes = new Map()
      given = null
    },
    digestOf(feed) {
      const entry = entryOf(feed)
      return entry.length > keyBytes ? entry.subarray(keyBytes) : null
    },
  }
}

type LogRow = { feed: number; watched: number; entry: Uint8Array | null }

type SnapshotRow = { count: number; feeds: Uint8Array; keys: Uint8Array; digests: Uint8Array }

function unpack({ feeds, keys, digests }: SnapshotRow): Packed {
  // The numbers must lie at a multiple of eight.
  return { feeds: new Float64Array(new Uint8Array(feeds).buffer), keys, digests }
}

/** Both ascending by feed; what changed wins. */
function merge(base: Packed, changes: ReadonlyMap<number, Uint8Array | null>): Packed {
  if (changes.size === 0) return base
  const changed = Float64Array.from(changes.keys()).sort()
  const size = base.feeds.length + changed.length
  const feeds = new Float64Array(size)
  const keys = new Uint8Array(size * keyBytes)
  const digests = new Uint8Array(size * digestBytes)
  let length = 0
  let from = 0
  const keep = (to: number): void => {
    feeds.set(base.feeds.subarray(from, to), length)
    keys.set(base.keys.subarray(from * keyBytes, to * keyBytes), length * keyBytes)
    digests.set(base.digests.subarray(from * digestBytes, to * digestBytes), length * digestBytes)
    length += to - from
    from = to
  }
  for (const feed of changed) {
    keep(placeOf(base.feeds, feed, from))
    if (base.feeds[from] === feed) from++
    const entry = changes.get(feed) ?? null
    if (entry === null) continue
    feeds[length] = feed
    for (let at = 0; at < keyBytes; at++) keys[length * keyBytes + at] = entry[at] as number
    for (let at = keyBytes; at < entry.length; at++) {
      digests[length * digestBytes + at - keyBytes] = entry[at] as number
    }
    length++
  }
  keep(base.feeds.length)
  return {
    feeds: feeds.slice(0, length),
    keys: keys.slice(0, length * keyBytes),
    digests: digests.slice(0, length * digestBytes),
  }
}

/** The first place from `low` on that is not below `feed`. */
function placeOf(feeds: Float64Array, feed: number, low: number): number {
  let high = feeds.length
  let first = low
  while (first < high) {
    const middle = (first + high) >>> 1
    if ((feeds[middle] as number) < feed) first = middle + 1
    else high = middle
  }
  return first
}

/** Heads apart from feeds that have none: usually all have one, and nothing is copied. */
function give({ feeds, keys, digests }: Packed): WatchedHeads {
  const bare: number[] = []
  for (let place = 0; place < feeds.length; place++) if (isZero(digests, place)) bare.push(place)
  if (bare.length === 0) return { keys, digests, headless: new Uint8Array(0) }
  const isBare = new Set(bare)
  const full = Array.from(feeds.keys()).filter((place) => !isBare.has(place))
  return {
    keys: pick(keys, keyBytes, full),
    digests: pick(digests, digestBytes, full),
    headless: pick(keys, keyBytes, bare),
  }
}

function isZero(digests: Uint8Array, place: number): boolean {
  for (let at = place * digestBytes; at < (place + 1) * digestBytes; at++) if (digests[at] !== 0) return false
  return true
}

function pick(bytes: Uint8Array, length: number, places: readonly number[]): Uint8Array {
  const picked = new Uint8Array(places.length * length)
  for (const [at, place] of places.entries()) {
    picked.set(bytes.subarray(place * length, (place + 1) * length), at * length)
  }
  return picked
}

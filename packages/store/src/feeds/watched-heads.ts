/**
 * Keys and head digests of all watched feeds, in memory once somebody asked for them (spec C4).
 *
 *     rows of head_log ─ packed by SQLite ─▶ memory ◀─ what changed since ─▶ keys 32 each, digests 16 each
 *
 * 100,000 feeds are 4.8 MB here. A row at a time they would cost a session more than all the rest of it, so SQLite
 * puts them together.
 *
 * @module
 */
import { concatBytes } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import type { WatchedHeads } from '../store.ts'
import { keyBytes } from './key-order.ts'
import { giveHeads, type HeadChange, mergePacked, type Packed, packRows } from './packed-heads.ts'

export interface WatchedHeadsTable {
  all(): WatchedHeads
  /** With an empty digest: it has no head that others may know. */
  changed(feed: number, key: Uint8Array, digest: Uint8Array): void
  flipped(feed: number, isWatched: boolean): void
  forget(): void
  /** The digest of that feed's head, from the tables; null without a head. */
  digestOf(feed: number): Uint8Array | null
}

export interface WatchedHeadsPorts {
  readonly digestOf: (key: Uint8Array, epoch: number, head: Uint8Array) => Uint8Array
  readonly commit: (work: () => void) => void
}

/** Feeds that are read at once: 15 MB while they are. */
const partSize = 65_536

/** For `packRows`: without a head zeros. `bare` have no entry yet. */
const packedRows = `
  select unhex(coalesce(group_concat(row, ''), '')) as rows, count(*) as count, max(feed) as last,
    count(*) - count(row) as bare
  from (
    select feed, substr(case when entry is not null then hex(entry) end || '${'00'.repeat(16)}', 1, 96) as row
    from head_log where watched = 1 and feed > ? order by feed limit ${partSize}
  )`

type PackedRow = { rows: Uint8Array; count: number; last: number | null; bare: number }

export function createWatchedHeads(db: Sqlite, { digestOf, commit }: WatchedHeadsPorts): WatchedHeadsTable {
  let packed: Packed | null = null
  /** What changed since it was packed, by feed. */
  let changes = new Map<number, HeadChange>()
  let given: WatchedHeads | null = null

  function load(): Packed {
    const parts: Uint8Array[] = []
    for (let last: number | null = -1; last !== null; ) {
      const read: PackedRow | null = db.first<PackedRow>(packedRows, last)
      if (read === null) throw new Error('a sum of rows is there')
      if (read.bare > 0) {
        fillEntries()
        continue
      }
      parts.push(read.rows)
      last = read.count < partSize ? null : read.last
    }
    return packRows(concatBytes(...parts))
  }

  /** Rows of before there was a log have no digests. */
  function fillEntries(): void {
    const sql = 'select feed from head_log where watched = 1 and entry is null'
    const bare = Array.from(db.rows<{ feed: number }>(sql), ({ feed }) => feed)
    if (bare.length === 0) return
    commit(() => {
      for (const feed of bare) db.run('update head_log set entry = ? where feed = ?', fromFeed(feed), feed)
    })
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

  function note(feed: number, entry: Uint8Array, isWatched: boolean): void {
    if (packed === null) return
    const digest = entry.length > keyBytes ? entry.subarray(keyBytes) : null
    changes.set(feed, { key: entry.subarray(0, keyBytes), isWatched, digest })
    given = null
  }

  return {
    all() {
      if (given !== null) return given
      packed = packed === null ? load() : mergePacked(packed, [...changes.values()])
      changes = new Map()
      given = giveHeads(packed)
      return given
    },
    changed(feed, key, digest) {
      const entry = concatBytes(key, digest)
      const watched = db.first<{ watched: number }>(
        'update head_log set entry = ? where feed = ? returning watched',
        entry,
        feed,
      )
      if (watched?.watched === 1) note(feed, entry, true)
    },
    flipped(feed, isWatched) {
      const entry = entryOf(feed)
      db.run('update head_log set watched = ?, entry = ? where feed = ?', isWatched ? 1 : 0, entry, feed)
      note(feed, entry, isWatched)
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

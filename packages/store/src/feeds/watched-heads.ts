/**
 * Keys and head digests of all watched feeds, in memory once somebody asked for them (spec C4).
 *
 *     head_log ─first time▶ keys 32 each, digests 16 each ◀─ each change, in place
 *
 * 100,000 feeds are 10 MB here; read anew for each session they would cost more than all the rest of it.
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

const keyBytes = 32
const digestBytes = 16

export function createWatchedHeads(
  db: Sqlite,
  digestOfHead: (key: Uint8Array, epoch: number, head: Uint8Array) => Uint8Array,
): WatchedHeadsTable {
  /** By `feeds.id`: key ‖ digest, or the key alone where there is no head. */
  let entries: Map<number, Uint8Array> | null = null
  let packed: WatchedHeads | null = null

  function load(): Map<number, Uint8Array> {
    const loaded = new Map<number, Uint8Array>()
    const bare: number[] = []
    for (const { feed, entry } of db.rows<{ feed: number; entry: Uint8Array | null }>(
      'select feed, entry from head_log where watched = 1',
    )) {
      if (entry === null) bare.push(feed)
      else loaded.set(feed, entry)
    }
    // Of before there was a log: it has no digests.
    for (const feed of bare) loaded.set(feed, fromFeed(feed))
    return loaded
  }

  function fromFeed(feed: number): Uint8Array {
    const row = db.first<{ identity: Uint8Array; epoch: number | null; head: Uint8Array | null }>(
      'select identity, epoch, head from feeds where id = ?',
      feed,
    )
    if (row === null) throw new Error('a feed in the log is there')
    const { identity, epoch, head } = row
    return epoch === null || head === null
      ? identity
      : concatBytes(identity, digestOfHead(identity, epoch, head))
  }

  function put(feed: number, entry: Uint8Array): void {
    entries?.set(feed, entry)
    packed = null
  }

  return {
    all() {
      if (packed !== null) return packed
      entries ??= load()
      packed = pack(entries)
      return packed
    },
    changed(feed, key, digest) {
      const entry = concatBytes(key, digest)
      db.run('update head_log set entry = ? where feed = ?', entry, feed)
      if (entries?.has(feed) === true) put(feed, entry)
    },
    flipped(feed, isWatched) {
      const known = db.first<{ entry: Uint8Array | null }>('select entry from head_log where feed = ?', feed)
      const entry = known?.entry ?? fromFeed(feed)
      db.run('update head_log set watched = ?, entry = ? where feed = ?', isWatched ? 1 : 0, entry, feed)
      if (isWatched) put(feed, entry)
      else {
        entries?.delete(feed)
        packed = null
      }
    },
    forget() {
      entries = null
      packed = null
    },
    digestOf(feed) {
      const row = db.first<{ entry: Uint8Array | null }>('select entry from head_log where feed = ?', feed)
      const entry = row?.entry ?? fromFeed(feed)
      return entry.length > keyBytes ? entry.subarray(keyBytes) : null
    },
  }
}

function pack(entries: ReadonlyMap<number, Uint8Array>): WatchedHeads {
  let size = 0
  for (const entry of entries.values()) if (entry.length > keyBytes) size++
  const keys = new Uint8Array(size * keyBytes)
  const digests = new Uint8Array(size * digestBytes)
  const headless = new Uint8Array((entries.size - size) * keyBytes)
  let at = 0
  let bare = 0
  for (const entry of entries.values()) {
    if (entry.length === keyBytes) headless.set(entry, keyBytes * bare++)
    else {
      copy(entry, 0, keys, at * keyBytes, keyBytes)
      copy(entry, keyBytes, digests, digestBytes * at++, digestBytes)
    }
  }
  return { keys, digests, headless }
}

/** For a few bytes this is faster than a view and `set`. */
function copy(from: Uint8Array, at: number, to: Uint8Array, start: number, length: number): void {
  for (let index = 0; index < length; index++) to[start + index] = from[at + index] as number
}

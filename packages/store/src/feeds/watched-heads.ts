/**
 * Keys and head digests of all watched feeds, in memory once somebody asked for them (spec C4).
 *
 *     head_log, feeds ─first time▶ keys 32 each, digests 16 each ◀─ each change, in place
 *
 * 100,000 feeds are 5 MB here; read anew for each session they would cost more than all the rest of it.
 *
 * @module
 */
import type { Sqlite } from '../sqlite.ts'
import type { WatchedHeads } from '../store.ts'

export interface WatchedHeadsTable {
  all(): WatchedHeads
  changed(key: Uint8Array, digest: Uint8Array): void
  flipped(feed: number, key: Uint8Array, isWatched: boolean): void
  forget(): void
}

interface Row {
  readonly key: Uint8Array
  readonly digest: Uint8Array | null
}

export function createWatchedHeads(
  db: Sqlite,
  digestOf: (key: Uint8Array, epoch: number, head: Uint8Array) => Uint8Array,
): WatchedHeadsTable {
  let rows: Map<string, Row> | null = null
  let packed: WatchedHeads | null = null

  function load(): Map<string, Row> {
    const loaded = new Map<string, Row>()
    const sql = `select f.identity, f.epoch, f.head, l.digest from feeds f left join head_log l on l.feed = f.id
                 where f.watched = 1`
    for (const row of db.rows<DigestRow>(sql)) loaded.set(nameOf(row.identity), rowOf(row))
    return loaded
  }

  function rowOf({ identity, epoch, head, digest }: DigestRow): Row {
    // Before a store had a log it had no digests.
    const own = epoch === null || head === null ? null : (digest ?? digestOf(identity, epoch, head))
    return { key: identity, digest: own }
  }

  return {
    all() {
      if (packed !== null) return packed
      rows ??= load()
      packed = pack(rows)
      return packed
    },
    changed(key, digest) {
      if (rows === null) return
      const name = nameOf(key)
      if (!rows.has(name)) return
      rows.set(name, { key, digest })
      packed = null
    },
    flipped(feed, key, isWatched) {
      if (rows === null) return
      const name = nameOf(key)
      packed = null
      if (!isWatched) {
        rows.delete(name)
        return
      }
      const sql = `select f.identity, f.epoch, f.head, l.digest from feeds f left join head_log l on l.feed = f.id
                   where f.id = ?`
      const row = db.first<DigestRow>(sql, feed)
      rows.set(name, row === null ? { key, digest: null } : rowOf(row))
    },
    forget() {
      rows = null
      packed = null
    },
  }
}

type DigestRow = {
  identity: Uint8Array
  epoch: number | null
  head: Uint8Array | null
  digest: Uint8Array | null
}

/** A key of maps: cheaper than the identity as a text. */
function nameOf(key: Uint8Array): string {
  return String.fromCharCode.apply(null, key as unknown as number[])
}

function pack(rows: ReadonlyMap<string, Row>): WatchedHeads {
  let size = 0
  for (const { digest } of rows.values()) if (digest !== null) size++
  const keys = new Uint8Array(size * 32)
  const digests = new Uint8Array(size * 16)
  const headless = new Uint8Array((rows.size - size) * 32)
  let at = 0
  let bare = 0
  for (const { key, digest } of rows.values()) {
    if (digest === null) headless.set(key, 32 * bare++)
    else {
      keys.set(key, at * 32)
      digests.set(digest, 16 * at++)
    }
  }
  return { keys, digests, headless }
}

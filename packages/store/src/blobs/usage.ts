/**
 * What files of each feed are here, and what they would be (spec B): for people who look at the room on their disk.
 *
 * @module
 */
import { type Identity, identityKey, identityOfKey } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import type { FeedFiles } from '../store.ts'
import { rootState } from './tables.ts'

/** Bytes of what is wholly here because shown entries of a feed need it; a file of several feeds counts for each. */
export function filesByFeed(db: Sqlite): ReadonlyMap<Identity, FeedFiles> {
  // What was let go has no bytes.
  const rows = db.rows<{ identity: Uint8Array; bytes: number | null; state: number }>(
    `select f.identity, sum(h.bytes) as bytes, max(h.state) as state from
       (select distinct l.feed, l.root, r.bytes, r.state from blob_links l
        join blob_roots r on r.root = l.root and r.state <> ? where l.holds = 1) h
     join feeds f on f.id = h.feed group by h.feed`,
    rootState.refused,
  )
  return new Map(
    Array.from(rows, ({ identity, bytes, state }) => [
      identityOfKey(identity),
      { bytes: bytes ?? 0, isLetGo: state === rootState.evicted },
    ]),
  )
}

/** As the entries say it: of one that several entries name differently the greatest. */
export function linkedBytes(db: Sqlite, identity: Identity): number {
  const row = db.first<{ bytes: number | null }>(
    `select sum(size) as bytes from
       (select max(size) as size from blob_links where feed = (select id from feeds where identity = ?) and text = 0
        group by root)`,
    identityKey(identity),
  )
  return row?.bytes ?? 0
}

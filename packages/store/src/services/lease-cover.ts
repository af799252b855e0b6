/**
 * What a lease would cover, in bytes that are here or will be (spec V30, V31): what is promised is reserved, so
 * nothing may be promised for less than it takes.
 *
 *     chain 1 … head, whole and verified ─▶ entries' bytes + the files that they name, each once
 *
 * @module
 */
import { cidDigest, type Identity, identityKey, type RawCid } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'

export interface LeasedChain {
  readonly for: Identity
  readonly epoch: number
  readonly length: number
  readonly head: RawCid
  /** Files up to this size each, bytes; 0: none. Texts of entries are covered whatever it is. */
  readonly blobs: number
}

/** Null: that chain is not here whole and verified, or it is disputed or broken. Reads each entry's row. */
export type LeaseCover = (chain: LeasedChain) => number | null

export function createLeaseCover(db: Sqlite): LeaseCover {
  return ({ for: identity, epoch, length, head, blobs }) => {
    const feed = db.first<{ id: number }>(
      `select id from feeds f where identity = ?1 and chain_epoch = ?2
         and (broken_length is null or broken_length > ?3) and (disputed_above is null or disputed_above >= ?3)
         and exists (select 1 from runs r where r.feed = f.id and r.first = 1 and r.last >= ?3 and r.epoch = ?2)
         and exists (select 1 from entries e where e.feed = f.id and e.length = ?3 and e.place = 0
           and e.cid = ?4)`,
      identityKey(identity),
      epoch,
      length,
      cidDigest(head),
    )
    if (feed === null) return null
    const isUnverified = db.first(
      `select 1 as one from unverified u join entries e on e.id between u.first and u.last
       where e.feed = ? and e.place = 0 and e.length <= ? limit 1`,
      feed.id,
      length,
    )
    if (isUnverified !== null) return null
    const entries = db.first<{ bytes: number }>(
      'select sum(length(bytes)) as bytes from entries where feed = ? and place = 0 and length <= ?',
      feed.id,
      length,
    )
    const files = db.first<{ bytes: number }>(
      `select coalesce(sum(size), 0) as bytes from (
         select max(l.size) as size from blob_links l join entries e on e.id = l.entry
         where l.feed = ? and l.broken = 0 and l.hidden = 0 and e.place = 0 and e.length <= ?
           and (l.text = 1 or l.size <= ?)
         group by l.root
       )`,
      feed.id,
      length,
      blobs,
    )
    return (entries?.bytes ?? 0) + (files?.bytes ?? 0)
  }
}

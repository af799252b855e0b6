/**
 * What a lease would cover, in bytes that are here or will be (spec V30, V31): what is promised is reserved, so
 * nothing may be promised for less than it takes.
 *
 *     chain 1 … head, whole and verified ─▶ bytes of entries and texts + of the files that they name, each once
 *
 * @module
 */
import { type Cid, cidDigest, cidOfBytes, type Identity, identityKey, type RawCid } from '@effigy/core'
import { rootState } from '../blobs/tables.ts'
import { place } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'

export interface LeasedChain {
  readonly for: Identity
  readonly epoch: number
  readonly length: number
  readonly head: RawCid
  /** Files up to this size each, bytes; 0: none. Texts of entries are covered whatever it is. */
  readonly blobs: number
}

/**
 * Null: that chain is not here whole and verified, or one of those files is not, or it is disputed or broken. Files that
 * are refused wherever they come from (I2) are not covered. Reads each entry's row.
 */
export type LeaseCover = (chain: LeasedChain) => number | null

/** `isComplete`: of a root that the tables say nothing of. */
export function createLeaseCover(db: Sqlite, isComplete: (root: Cid) => boolean): LeaseCover {
  function feedOf({ for: identity, epoch, length, head }: LeasedChain): number | null {
    const row = db.first<{ id: number }>(
      `select id from feeds f where identity = ?1 and chain_epoch = ?2 and id not in (select feed from leaving)
         and (broken_length is null or broken_length > ?3) and (disputed_above is null or disputed_above >= ?3)
         and exists (select 1 from runs r where r.feed = f.id and r.first = 1 and r.last >= ?3 and r.epoch = ?2)
         and exists (select 1 from entries e where e.feed = f.id and e.length = ?3 and e.place = ${place.chain}
           and e.cid = ?4)
         and not exists (select 1 from unverified u join entries e on e.id between u.first and u.last
           where e.feed = f.id and e.place = ${place.chain} and e.length <= ?3)`,
      identityKey(identity),
      epoch,
      length,
      cidDigest(head),
    )
    return row?.id ?? null
  }

  return (chain) => {
    const feed = feedOf(chain)
    if (feed === null) return null
    const written = db.first<{ bytes: number }>(
      `select sum(length(e.bytes) + coalesce(length(b.bytes), 0)) as bytes
       from entries e left join bodies b on b.entry = e.id
       where e.feed = ? and e.place = ${place.chain} and e.length <= ?`,
      feed,
      chain.length,
    )
    let bytes = written?.bytes ?? 0
    const files = db.rows<{ root: Uint8Array; size: number; state: number | null }>(
      `select l.root, max(l.size) as size, r.state
       from blob_links l join entries e on e.id = l.entry left join blob_roots r on r.root = l.root
       where l.feed = ? and l.broken = 0 and l.hidden = 0 and e.place = ${place.chain} and e.length <= ?
         and (l.text = 1 or l.size <= ?)
         and not (l.text = 1 and exists (select 1 from bodies b where b.entry = l.entry))
       group by l.root`,
      feed,
      chain.length,
      chain.blobs,
    )
    for (const { root, size, state } of files) {
      if (state === rootState.refused) continue
      const cid = cidOfBytes(root)
      if (state !== rootState.complete && (cid === null || state !== null || !isComplete(cid))) return null
      bytes += size
    }
    return bytes
  }
}

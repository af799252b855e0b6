/**
 * Writes a block into its two tables (tables.ts): for the store itself, and for the writer that works beside it.
 *
 *     cid, bytes ─▶ blocks (size, used) + block_bytes
 *
 * @module
 */
import { type Cid, cidBytes, cidOfBytes } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'

type Rows = Pick<Sqlite, 'run' | 'first'>

export interface WrittenRow {
  readonly id: number
  /** Something that is here names it, or it is a root that is kept. */
  readonly isHeld: boolean
}

/** `cid` by its 36 bytes; `at` in ms. Null when it was here already. Inside a transaction. */
export function writeRow(db: Rows, cid: Uint8Array, bytes: Uint8Array, at: number): WrittenRow | null {
  const row = db.first<{ id: number; holds: number }>(
    `insert into blocks (cid, size, used, pinned, holds) values (?, ?, ?, 0, 0)
     on conflict (cid) do update set size = excluded.size, used = excluded.used where blocks.size is null
     returning id, holds`,
    cid,
    bytes.length,
    at,
  )
  if (row === null) return null
  db.run('insert or replace into block_bytes (id, bytes) values (?, ?)', row.id, bytes)
  return { id: row.id, isHeld: row.holds > 0 }
}

/** A block that is here. */
export interface BlockRow {
  readonly row: number
  readonly cid: Cid
  /** Bytes. */
  readonly size: number
}

/** `limit` of those after the row `after`; names that are damaged are left out. */
export function rowsAfter(db: Pick<Sqlite, 'rows'>, after: number, limit: number): readonly BlockRow[] {
  const found = db.rows<{ id: number; cid: Uint8Array; size: number }>(
    'select id, cid, size from blocks where id > ? and size is not null order by id limit ?',
    after,
    limit,
  )
  return Array.from(found, ({ id, cid: name, size }) => {
    const cid = cidOfBytes(name)
    return cid === null ? null : { row: id, cid, size }
  }).filter((row) => row !== null)
}

/** What is here of the DAG of a root that is held, each block once, and when the last of it came or was used, ms. */
export interface BelowRoot {
  readonly bytes: number
  readonly used: number
}

/** Looks at so many links at most, the nearest first, and says at how many: one for each that names a block. */
export function belowRoot(
  db: Pick<Sqlite, 'first'>,
  root: Cid,
  limit: number,
): BelowRoot & { readonly rows: number } {
  const row = db.first<{ rows: number | null; bytes: number | null; used: number | null }>(
    `with recursive below (id) as (
        select id from blocks where cid = ?
        union all select e.child from below b cross join block_edges e on e.parent = b.id limit ?)
      select sum(b.n) as rows, sum(k.size) as bytes, max(case when k.size is not null then k.used end) as used
        from (select id, count(*) as n from below group by id) b cross join blocks k on k.id = b.id`,
    cidBytes(root),
    limit,
  )
  return { rows: row?.rows ?? 0, bytes: row?.bytes ?? 0, used: row?.used ?? 0 }
}

/** Pinned roots whose DAG the block belongs to, itself included, nearest first. Looks at so many blocks above it at most. */
export function* pinnedAbove(db: Pick<Sqlite, 'rows'>, cid: Cid, limit: number): Generator<Cid, void> {
  const rows = db.rows(
    `with recursive above (id) as (
        select id from blocks where cid = ?
        union select e.parent from above a cross join block_edges e on e.child = a.id limit ?)
      select b.cid from above a cross join blocks b on b.id = a.id where b.pinned = 1`,
    cidBytes(cid),
    limit,
  )
  for (const row of rows) {
    const root = row.cid instanceof Uint8Array ? cidOfBytes(row.cid) : null
    if (root !== null) yield root
  }
}

/** Transactions so far, which only a lost write can lower. */
export function countedWrites(db: Pick<Sqlite, 'first'>): number {
  return Number(db.first(`select value from meta where key = 'writes'`)?.value ?? 0)
}

/** One more; gives its number. Last in a transaction. */
export function countWrite(db: Rows): number {
  const number = countedWrites(db) + 1
  db.run(`insert or replace into meta (key, value) values ('writes', ?)`, number)
  return number
}

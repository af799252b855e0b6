/**
 * The block file: bytes by name, and how often each block is held (spec S).
 *
 *     pin(root) ─▶ root.holds + 1 ─0 to 1▶ each child.holds + 1 ─▶ …      unpin: the same back, and what
 *                                                                        nothing holds any more is deleted
 *
 * Counting edges rather than listing the blocks of each root makes the cost linear in the bytes of the
 * nodes that are here, however many roots share them. Edges are written when a node becomes held, not
 * when it arrives, and are kept (not decoded again) so that a damaged node can still be let go.
 *
 * Everything that writes runs inside `write`.
 *
 * @module
 */
import { type Cid, cidBytes, cidDigest, equalBytes, isRawCid, type Sha256 } from '@effigy/core'
import { durableTransaction, type Sqlite, transaction } from '../sqlite.ts'
import type { BegunCounts } from './begun-counts.ts'
import { type BlockRow, countedWrites, countWrite, pinnedAbove, rowsAfter, writeRow } from './block-rows.ts'
import type { Block, BlockCounts } from './block-writer.ts'
import { childrenOf } from './children.ts'

export interface BlockTableDeps {
  readonly db: Sqlite
  readonly sha256: Sha256
  readonly now: () => number
  /** Is told what comes and goes; nothing is counted when omitted. */
  readonly begun?: BegunCounts | null
}

export interface BlockTable {
  /** The bytes, hashed again on each read; null when not here or damaged. */
  read(cid: Cid): Uint8Array | null
  /** Bytes; null when not here. */
  size(cid: Cid): number | null
  /** It is in use, so it goes later than others. */
  touch(cid: Cid): void
  /** Whether another block that is held names it. */
  isPart(cid: Cid): boolean
  /** Whether it is protected as a root, here or not. */
  isPinned(cid: Cid): boolean
  /** Blocks that `read` found damaged and that are still to be removed. */
  readonly damaged: ReadonlySet<Cid>

  /** One transaction; gives the number of transactions so far, which only a lost write can lower. */
  write(work: () => void, options?: { readonly durable: boolean }): number
  writes(): number
  put(cid: Cid, bytes: Uint8Array): void
  /** Before blocks are written by somebody else; what it gives takes the counts of what was written. */
  othersWrite(blocks: readonly Block[]): (counts: BlockCounts) => void
  /** Whether the root is held. What nothing holds any more is deleted. */
  setPinned(root: Cid, isPinned: boolean): void
  /** Takes the bytes away, whoever holds them; blocks below are deleted or left as unheld. */
  remove(cid: Cid, below: 'delete' | 'keep'): void
  /** Makes blocks findable again by the names that stand beside them. Outside a transaction. */
  reindex(): void
  /** As if nothing had ever been pinned. */
  forgetHolds(): void
  /** Pinned roots whose DAG the block belongs to, itself included, nearest first. Looks at so many blocks above it at most. */
  rootsOf(cid: Cid, limit: number): Iterable<Cid>
  /** As `setPinned(root, false)`, and what it held goes although blocks are kept. */
  refuse(root: Cid): void
  /** Until disposed, what nothing holds any more stays as an unheld block that was just used. */
  keep(): Disposable
  /** Blocks that are here, by row: `limit` of those after the row `after`. */
  after(after: number, limit: number): readonly BlockRow[]
  lastRow(): number
  /** Deletes unheld blocks, longest unused first, until as many bytes or blocks are freed. */
  deleteUnheld(limits: UnheldLimits): void
  usage(): BlockUsage
}

export interface UnheldLimits {
  /** Ms: only what was last used before that. */
  readonly usedBefore: number
  readonly bytes?: number
  readonly blocks?: number
}

export interface BlockUsage {
  readonly blocks: number
  readonly bytes: number
  readonly heldBytes: number
}

interface Row extends Record<string, number | Uint8Array | null> {
  readonly id: number
  readonly size: number | null
  readonly used: number
  readonly pinned: number
  readonly holds: number
}

/** When a block was used is only known to the hour: reading is not to be writing. Ms. */
const useGrainMs = 60 * 60 * 1000

/** Uses remembered before they are written down. */
const maxPendingUses = 4096

export function createBlockTable({ db, sha256, now, begun = null }: BlockTableDeps): BlockTable {
  const damaged = new Set<Cid>()
  const uses = new Map<number, number>()
  let totals: BlockCounts | null = null
  let keepers = 0
  /** How often `totals` were made from the rows. */
  let readings = 0
  const rowOf = (cid: Cid): Row | null =>
    db.first<Row>('select id, size, used, pinned, holds from blocks where cid = ?', cidBytes(cid))

  function usage(): BlockCounts {
    if (totals !== null) return totals
    readings++
    const read = db.first<{ blocks: number; bytes: number; heldBytes: number }>(
      `select count(size) as blocks, ifnull(sum(size), 0) as bytes,
        ifnull(sum(case when holds > 0 then size end), 0) as heldBytes from blocks`,
    )
    totals = read ?? { blocks: 0, bytes: 0, heldBytes: 0 }
    return totals
  }

  function count(blocks: number, bytes: number, heldBytes: number): void {
    if (totals === null) return
    totals = {
      blocks: totals.blocks + blocks,
      bytes: totals.bytes + bytes,
      heldBytes: totals.heldBytes + heldBytes,
    }
  }

  const bytesOf = (id: number): Uint8Array | null => {
    const bytes = db.first('select bytes from block_bytes where id = ?', id)?.bytes
    return bytes instanceof Uint8Array ? bytes : null
  }

  /** Its holds went from none to some, and it is here: so are its children held now. Gives whether one of them is here. */
  function gain(first: Cid, firstId: number): boolean {
    let isAnyHere = false
    const pending: [Cid, number][] = [[first, firstId]]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [cid, id] = next
      if (isRawCid(cid)) continue
      const bytes = bytesOf(id)
      if (bytes === null) continue
      for (const child of childrenOf(cid, bytes)) {
        const row = rowOf(child)
        if (row === null) {
          db.run(
            'insert into blocks (cid, size, used, pinned, holds) values (?, null, ?, 0, 1)',
            cidBytes(child),
            now(),
          )
        } else {
          db.run('update blocks set holds = holds + 1 where id = ?', row.id)
          isAnyHere ||= row.size !== null
          if (row.holds === 0 && row.size !== null) {
            count(0, 0, row.size)
            pending.push([child, row.id])
          }
        }
        db.run(
          'insert or ignore into block_edges (parent, child) select ?, id from blocks where cid = ?',
          id,
          cidBytes(child),
        )
      }
    }
    return isAnyHere
  }

  /** It holds its children no longer. */
  function lose(first: number, below: 'delete' | 'keep'): void {
    const pending: number[] = [first]
    for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
      const children = [
        ...db.rows<Row>(
          `select b.id, b.size, b.used, b.pinned, b.holds from block_edges e join blocks b on b.id = e.child
            where e.parent = ?`,
          parent,
        ),
      ]
      if (children.length === 0) continue
      db.run('delete from block_edges where parent = ?', parent)
      for (const child of children) {
        db.run('update blocks set holds = holds - 1 where id = ?', child.id)
        if (child.holds > 1) continue
        pending.push(child.id)
        if (child.size === null) db.run('delete from blocks where id = ?', child.id)
        else {
          count(0, 0, -child.size)
          if (below === 'delete') letGo(child.id, child.size)
        }
      }
    }
  }

  /** An unheld block goes altogether. */
  function deleteRow(id: number, size: number): void {
    db.run('delete from blocks where id = ?', id)
    db.run('delete from block_bytes where id = ?', id)
    count(-1, -size, 0)
  }

  /** Nothing holds it any more: it goes, or stays as if it had come just now. */
  function letGo(id: number, size: number): void {
    if (keepers === 0) deleteRow(id, size)
    else db.run('update blocks set used = ? where id = ?', now(), id)
  }

  function setPinned(root: Cid, isPinned: boolean): void {
    const row = rowOf(root)
    if ((row?.pinned === 1) === isPinned) return
    if (row === null) {
      db.run(
        'insert into blocks (cid, size, used, pinned, holds) values (?, null, ?, 1, 1)',
        cidBytes(root),
        now(),
      )
      return
    }
    begun?.forget([root])
    const holds = row.holds + (isPinned ? 1 : -1)
    db.run('update blocks set pinned = ?, holds = ? where id = ?', isPinned ? 1 : 0, holds, row.id)
    if (isPinned && row.holds === 0 && row.size !== null) {
      count(0, 0, row.size)
      gain(root, row.id)
    }
    if (isPinned || holds > 0) return
    lose(row.id, 'delete')
    if (row.size === null) db.run('delete from blocks where id = ?', row.id)
    else {
      count(0, 0, -row.size)
      letGo(row.id, row.size)
    }
  }

  function writeUses(): void {
    for (const [id, at] of uses) db.run('update blocks set used = ? where id = ?', at, id)
    uses.clear()
  }

  const writes = (): number => countedWrites(db)

  return {
    damaged,
    usage,
    writes,

    read(cid) {
      const row = rowOf(cid)
      if (row === null || row.size === null || damaged.has(cid)) return null
      const bytes = bytesOf(row.id)
      if (bytes === null || !equalBytes(sha256(bytes), cidDigest(cid))) {
        damaged.add(cid)
        return null
      }
      const at = now()
      if (at - row.used > useGrainMs && uses.size < maxPendingUses) uses.set(row.id, at)
      return bytes
    },

    size(cid) {
      return damaged.has(cid) ? null : (rowOf(cid)?.size ?? null)
    },

    touch(cid) {
      const row = rowOf(cid)
      if (row !== null) uses.set(row.id, now())
    },

    isPart(cid) {
      const row = rowOf(cid)
      return row !== null && row.holds > row.pinned
    },

    isPinned: (cid) => rowOf(cid)?.pinned === 1,

    write(work, options = { durable: false }) {
      try {
        return (options.durable ? durableTransaction : transaction)(db, () => {
          writeUses()
          work()
          return countWrite(db)
        })
      } catch (cause) {
        totals = null
        begun?.forgetAll()
        throw cause
      }
    },

    put(cid, bytes) {
      const row = writeRow(db, cidBytes(cid), bytes, now())
      if (row === null) return
      count(1, bytes.length, row.isHeld ? bytes.length : 0)
      if (!row.isHeld) return
      const isAnyHere = gain(cid, row.id)
      begun?.came(cid, isAnyHere ? null : bytes.length)
    },

    othersWrite(others) {
      const reading = totals === null ? null : readings
      const came = begun?.othersWrite(others)
      return ({ blocks, bytes, heldBytes }) => {
        if (reading === readings) count(blocks, bytes, heldBytes)
        // Read meanwhile: with them, or without.
        else totals = null
        came?.(blocks)
      }
    },

    setPinned,

    refuse(root) {
      const before = keepers
      keepers = 0
      try {
        setPinned(root, true)
        setPinned(root, false)
      } finally {
        keepers = before
      }
    },

    keep() {
      keepers++
      let isKept = true
      return {
        [Symbol.dispose]() {
          if (isKept) keepers--
          isKept = false
        },
      }
    },

    after: (after, limit) => rowsAfter(db, after, limit),
    lastRow: () => Number(db.first('select max(id) as id from blocks')?.id ?? 0),

    remove(cid, below) {
      const row = rowOf(cid)
      damaged.delete(cid)
      if (row === null || row.size === null) return
      begun?.forget(pinnedAbove(db, cid, Number.MAX_SAFE_INTEGER))
      lose(row.id, below)
      if (row.holds === 0) return deleteRow(row.id, row.size)
      db.run('update blocks set size = null where id = ?', row.id)
      db.run('delete from block_bytes where id = ?', row.id)
      count(-1, -row.size, -row.size)
    },

    reindex() {
      db.script('reindex')
    },

    forgetHolds() {
      db.run('delete from block_edges')
      db.run('delete from block_bytes where id not in (select id from blocks where size is not null)')
      db.run('delete from blocks where size is null or id not in (select id from block_bytes)')
      db.run('update blocks set pinned = 0, holds = 0')
      totals = null
      begun?.forgetAll()
    },

    rootsOf: (cid, limit) => pinnedAbove(db, cid, limit),

    deleteUnheld({ usedBefore, bytes = Number.POSITIVE_INFINITY, blocks = Number.POSITIVE_INFINITY }) {
      let left = { bytes, blocks }
      while (left.bytes > 0 && left.blocks > 0) {
        const rows = [
          ...db.rows<{ id: number; size: number }>(
            'select id, size from blocks where holds = 0 and used < ? order by used limit ?',
            usedBefore,
            Math.min(64, left.blocks),
          ),
        ]
        if (rows.length === 0) break
        for (const { id, size } of rows) {
          if (left.bytes <= 0) break
          deleteRow(id, size)
          left = { bytes: left.bytes - size, blocks: left.blocks - 1 }
        }
      }
    },
  }
}

/**
 * How much is here of roots that have begun (spec B17): counted once, then added to as blocks come.
 *
 *     of(root) ─first time▶ a walk ─▶ { bytes, used } ◀─ came ─ a block ─up to its roots
 *
 * A walk for each list of wants would cost whoever makes large DAGs nothing, and us each time (T16).
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import { type BelowRoot, belowRoot, pinnedAbove } from './block-rows.ts'
import type { Block } from './block-writer.ts'

export interface BegunCounts {
  /** Null when it was not counted yet, and others were a moment ago. */
  of(root: Cid): BelowRoot | null
  /** A block that is held came; `bytes` is null when something below it was here before. */
  came(cid: Cid, bytes: number | null): void
  /** Before blocks are written by somebody else; what it gives is told how many were not here before. Looks nothing up. */
  othersWrite(blocks: readonly Block[]): (fresh: number) => void
  /** What is below these is another than it was. */
  forget(roots: Iterable<Cid>): void
  forgetAll(): void
}

interface Count {
  bytes: number
  used: number
  /** Its walk's number. */
  readonly walk: number
}

interface Arrival {
  readonly cid: Cid
  readonly bytes: number | null
  readonly at: number
  /** Walks after that one have seen it. */
  readonly seen: number
}

/** Rows of one walk, some 40 ms: 16 GiB in full chunks. What is here beyond them counts as missing. */
const maxRows: number = 64 * 1024

/** Rows that may be walked through at once, and in each ms: 3% of the time. */
const creditRows: number = 64 * 1024
const rowsPerMs = 50

/** Roots of which it is known. */
const maxCounts = 512

/** Blocks above one that came which are looked at. */
const maxAbove = 1000

/** Blocks that came and were not looked up yet. */
const maxArrivals = 4096

export interface BegunCountsPorts {
  readonly db: Pick<Sqlite, 'first' | 'rows'>
  /** Ms. */
  readonly now: () => number
  readonly isPinned: (root: Cid) => boolean
}

export function createBegunCounts({ db, now, isPinned }: BegunCountsPorts): BegunCounts {
  const counts = new Map<Cid, Count>()
  let arrivals: Arrival[] = []
  let walks = 0
  let credit = creditRows
  let creditAt = now()

  function settle(): void {
    const settled = arrivals
    arrivals = []
    for (const { cid, bytes, at, seen } of settled) {
      for (const root of pinnedAbove(db, cid, maxAbove)) {
        const count = counts.get(root)
        if (count === undefined || count.walk > seen) continue
        count.bytes += bytes ?? 0
        count.used = Math.max(count.used, at)
        if (bytes === null) counts.delete(root)
      }
    }
  }

  function walk(root: Cid): Count | null {
    const at = now()
    credit = Math.min(creditRows, credit + Math.max(0, at - creditAt) * rowsPerMs)
    creditAt = at
    if (credit <= 0) return null
    const { rows, bytes, used } = belowRoot(db, root, maxRows)
    credit -= rows
    walks++
    const count = { bytes, used, walk: walks }
    // What comes below one that is not held yet is not told.
    if (!isPinned(root)) return count
    counts.set(root, count)
    const [oldest] = counts.keys()
    if (counts.size > maxCounts && oldest !== undefined) counts.delete(oldest)
    return count
  }

  function arrived(cid: Cid, bytes: number | null, seen: number): void {
    if (counts.size === 0) return
    arrivals.push({ cid, bytes, at: now(), seen })
    if (arrivals.length >= maxArrivals) settle()
  }

  return {
    of(root) {
      settle()
      return counts.get(root) ?? walk(root)
    },
    came: (cid, bytes) => arrived(cid, bytes, walks),
    othersWrite(blocks) {
      const before = walks
      const lengths = blocks.map(([cid, { length }]) => [cid, length] as const)
      return (fresh) => {
        const areFresh = fresh === lengths.length
        for (const [cid, length] of lengths) arrived(cid, areFresh ? length : null, before)
      }
    },
    forget(roots) {
      if (counts.size === 0) return
      for (const root of roots) counts.delete(root)
    },
    forgetAll() {
      counts.clear()
      arrivals = []
    },
  }
}

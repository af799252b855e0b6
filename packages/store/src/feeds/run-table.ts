/**
 * Rows of `runs`: the stretches of a feed's shown chain that are here (spec S3).
 *
 *     [1 … 40]   gap   [91 … 120] = head       below of the second: the parent of 91
 *
 * @module
 */
import type { Sqlite } from '../sqlite.ts'

export type Run = {
  readonly first: number
  readonly last: number
  /** Digest of the parent of the first entry; null at the beginning of the feed. */
  readonly below: Uint8Array | null
  /** The epoch whose head attests it. */
  readonly epoch: number
}

export interface RunTable {
  /** Ascending. */
  all(feed: number): readonly Run[]
  /** The run that holds that length. */
  holding(feed: number, length: number): Run | null
  /** The highest run. */
  top(feed: number): Run | null
  /** Runs that share a length with [first, last]. */
  overlapping(feed: number, first: number, last: number): readonly Run[]
  put(feed: number, run: Run): void
  remove(feed: number, run: Run): void
  /** Takes away what is above `length`. */
  cutAbove(feed: number, length: number): void
  /** Adds a run, or takes one that is there, and joins it with the neighbours that `join` names. Gives what it became. */
  join(feed: number, run: Run, upper: Run | null, lower: Run | null): Run
  /** After a roll-back: reads the table anew. */
  forget(): void
}

/** Feeds whose runs are kept in memory, the newest: they are asked for a dozen times while one is fetched, and by each session that hears of it. */
const maxKept = 16_384
/** Runs of a feed that is kept: nearly all have one. */
const maxKeptRuns = 16

export function createRunTable(db: Sqlite): RunTable {
  /** As they stand in the table. */
  const kept = new Map<number, readonly Run[]>()

  const keep = (feed: number, list: readonly Run[]): void => {
    if (kept.size >= maxKept && !kept.has(feed)) {
      const [oldest] = kept.keys()
      if (oldest !== undefined) kept.delete(oldest)
    }
    if (list.length <= maxKeptRuns) kept.set(feed, list)
    else kept.delete(feed)
  }

  const all = (feed: number): readonly Run[] => {
    const known = kept.get(feed)
    if (known !== undefined) return known
    const sql = 'select first, last, below, epoch from runs where feed = ? order by first'
    const list = [...db.rows<Run>(sql, feed)]
    keep(feed, list)
    return list
  }

  const remove = (feed: number, run: Run): void => {
    db.run('delete from runs where feed = ? and first = ?', feed, run.first)
    const known = kept.get(feed)
    if (known !== undefined)
      keep(
        feed,
        known.filter(({ first }) => first !== run.first),
      )
  }

  const put = (feed: number, { first, last, below, epoch }: Run): void => {
    db.run(
      'insert or replace into runs (feed, first, last, below, epoch) values (?, ?, ?, ?, ?)',
      feed,
      first,
      last,
      below,
      epoch,
    )
    const known = kept.get(feed)
    if (known === undefined) return
    const others = known.filter((run) => run.first !== first)
    keep(
      feed,
      [...others, { first, last, below, epoch }].sort((a, b) => a.first - b.first),
    )
  }

  return {
    all,
    holding: (feed, length) =>
      all(feed).findLast(({ first, last }) => first <= length && length <= last) ?? null,
    top: (feed) => all(feed).at(-1) ?? null,
    overlapping: (feed, low, high) => all(feed).filter(({ first, last }) => first <= high && last >= low),
    put,
    remove,
    cutAbove(feed, length) {
      if (all(feed).every(({ last }) => last <= length)) return
      db.run('delete from runs where feed = ? and first > ?', feed, length)
      db.run('update runs set last = ? where feed = ? and last > ?', length, feed, length)
      kept.delete(feed)
    },
    join(feed, run, upper, lower) {
      const joined = {
        first: lower?.first ?? run.first,
        last: upper?.last ?? run.last,
        below: lower === null ? run.below : lower.below,
        epoch: run.epoch,
      }
      for (const part of [run, upper, lower]) {
        if (part !== null && all(feed).some(({ first }) => first === part.first)) remove(feed, part)
      }
      put(feed, joined)
      return joined
    },
    forget: () => kept.clear(),
  }
}

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
}

export function createRunTable(db: Sqlite): RunTable {
  const remove = (feed: number, run: Run): void => {
    db.run('delete from runs where feed = ? and first = ?', feed, run.first)
  }
  const put = (feed: number, run: Run): void => {
    db.run(
      'insert or replace into runs (feed, first, last, below, epoch) values (?, ?, ?, ?, ?)',
      feed,
      run.first,
      run.last,
      run.below,
      run.epoch,
    )
  }
  return {
    all: (feed) => [
      ...db.rows<Run>('select first, last, below, epoch from runs where feed = ? order by first', feed),
    ],
    holding(feed, length) {
      const run = db.first<Run>(
        'select first, last, below, epoch from runs where feed = ? and first <= ? order by first desc limit 1',
        feed,
        length,
      )
      return run !== null && run.last >= length ? run : null
    },
    top: (feed) =>
      db.first<Run>(
        'select first, last, below, epoch from runs where feed = ? order by first desc limit 1',
        feed,
      ),
    overlapping: (feed, first, last) => [
      ...db.rows<Run>(
        'select first, last, below, epoch from runs where feed = ? and first <= ? and last >= ? order by first',
        feed,
        last,
        first,
      ),
    ],
    put,
    remove,
    cutAbove(feed, length) {
      db.run('delete from runs where feed = ? and first > ?', feed, length)
      db.run('update runs set last = ? where feed = ? and last > ?', length, feed, length)
    },
    join(feed, run, upper, lower) {
      remove(feed, run)
      if (upper !== null) remove(feed, upper)
      if (lower !== null) remove(feed, lower)
      const joined = {
        first: lower?.first ?? run.first,
        last: upper?.last ?? run.last,
        below: lower === null ? run.below : lower.below,
        epoch: run.epoch,
      }
      put(feed, joined)
      return joined
    },
  }
}

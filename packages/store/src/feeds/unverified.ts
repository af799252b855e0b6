/**
 * Which entries still wait for their signature to be checked: ranges of `entries.id` (spec S6).
 *
 *     bulk sync adds [101, 612] ─▶ settle 101…228 ─▶ [229, 612]
 *
 * @module
 */
import type { Sqlite } from '../sqlite.ts'

export interface Unverified {
  has(id: number): boolean
  count(): number
  /** Ids are new and ascending: `first` is above all that were ever added. */
  add(first: number, last: number): void
  /** Ids that are not in it are skipped. Gives what was taken out, ascending. */
  remove(ids: Iterable<number>): readonly IdRange[]
  /** The lowest ranges, ascending. */
  ranges(): readonly IdRange[]
  /** After a roll-back: reads the table anew. */
  forget(): void
}

export interface IdRange {
  readonly first: number
  readonly last: number
}

interface Range {
  first: number
  last: number
}

export function createUnverified(db: Sqlite): Unverified {
  let loaded: Range[] | null = null

  const ranges = (): Range[] => {
    loaded ??= [
      ...db.rows<{ first: number; last: number }>('select first, last from unverified order by first'),
    ]
    return loaded
  }

  /** The index of the range that holds `id`, or −1. */
  const find = (id: number): number => {
    const all = ranges()
    let low = 0
    let high = all.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const range = all[middle] as Range
      if (id < range.first) high = middle - 1
      else if (id > range.last) low = middle + 1
      else return middle
    }
    return -1
  }

  const drop = (first: number): void => {
    db.run('delete from unverified where first = ?', first)
  }
  const save = (range: Range): void => {
    db.run('insert or replace into unverified (first, last) values (?, ?)', range.first, range.last)
  }

  /** Takes out [from, to], which lies within one range. */
  const cut = (from: number, to: number): void => {
    const at = find(from)
    const range = ranges()[at]
    if (range === undefined) return
    const parts: Range[] = []
    if (range.first < from) parts.push({ first: range.first, last: from - 1 })
    if (to < range.last) parts.push({ first: to + 1, last: range.last })
    if (range.first === from) drop(from)
    for (const part of parts) save(part)
    ranges().splice(at, 1, ...parts)
  }

  return {
    has: (id) => find(id) >= 0,
    count: () => ranges().reduce((sum, { first, last }) => sum + last - first + 1, 0),
    add(first, last) {
      const top = ranges().at(-1)
      if (top !== undefined && top.last === first - 1) {
        top.last = last
        save(top)
        return
      }
      const range = { first, last }
      ranges().push(range)
      save(range)
    },
    remove(ids) {
      const sorted = [...ids].filter((id) => find(id) >= 0).sort((a, b) => a - b)
      const removed: IdRange[] = []
      let start = 0
      for (let at = 0; at < sorted.length; at++) {
        const id = sorted[at] as number
        const next = sorted[at + 1]
        // A stretch ends at a hole, which may lie between two ranges.
        if (next === id || (next === id + 1 && find(next) === find(id))) continue
        const first = sorted[start] as number
        cut(first, id)
        removed.push({ first, last: id })
        start = at + 1
      }
      return removed
    },
    ranges,
    forget: () => {
      loaded = null
    },
  }
}

/**
 * Pages that stay put while new entries arrive (spec S20).
 *
 *     (sort, entry) of the last row ◀▶ Cursor ─▶ rows strictly after it
 *
 * @module
 */
import type { Cursor, Item, Page, PageRequest } from '../store.ts'

/** Where a row stands in an order; entry settles ties. */
export interface Position {
  readonly sort: number
  readonly entry: number
}

export const maxPosition: Position = { sort: Number.MAX_SAFE_INTEGER, entry: Number.MAX_SAFE_INTEGER }
export const minPosition: Position = { sort: -1, entry: -1 }

const defaultLimit = 50
const maxLimit = 500

export function emptyPage<Value>(): Page<Value> {
  return { items: [], next: null }
}

/**
 * One page: `rowsAfter` gives up to `count` rows behind a position, `read` what they mean (null:
 * nothing any more). A cursor that is none of ours gives an empty page.
 */
export function readPage<Row extends Position, Value = Item>(
  request: PageRequest | undefined,
  start: Position,
  rowsAfter: (position: Position, count: number) => readonly Row[],
  read: (row: Row) => Value | null,
): Page<Value> {
  const limit = limitOf(request?.limit)
  const after = request?.after ?? null
  const position = after === null ? start : parseCursor(after)
  if (position === null) return emptyPage()
  const rows = rowsAfter(position, limit + 1)
  const items: Value[] = []
  for (const row of rows.slice(0, limit)) {
    const item = read(row)
    if (item !== null) items.push(item)
  }
  const last = rows[limit - 1]
  return { items, next: rows.length > limit && last !== undefined ? writeCursor(last) : null }
}

export function newerFirst(a: Position, b: Position): number {
  return b.sort - a.sort || b.entry - a.entry
}

export function olderFirst(a: Position, b: Position): number {
  return a.sort - b.sort || a.entry - b.entry
}

/** The first `count` rows of several sorted lists, each entry once. */
export function mergeRows<Row extends Position>(
  lists: readonly (readonly Row[])[],
  order: (a: Row, b: Row) => number,
  count: number,
): readonly Row[] {
  const [only] = lists
  if (lists.length === 1 && only !== undefined) return only.slice(0, count)
  const byEntry = new Map<number, Row>()
  for (const list of lists) for (const row of list) byEntry.set(row.entry, row)
  return [...byEntry.values()].sort(order).slice(0, count)
}

function limitOf(limit: number | undefined): number {
  if (limit === undefined || !Number.isFinite(limit)) return defaultLimit
  return Math.min(Math.max(Math.trunc(limit), 1), maxLimit)
}

function writeCursor({ sort, entry }: Position): Cursor {
  return `${sort.toString(36)}.${entry.toString(36)}` as Cursor
}

function parseCursor(cursor: string): Position | null {
  const match = /^([0-9a-z]{1,11})\.([0-9a-z]{1,11})$/.exec(cursor)
  if (match === null) return null
  const sort = Number.parseInt(match[1] as string, 36)
  const entry = Number.parseInt(match[2] as string, 36)
  return Number.isSafeInteger(sort) && Number.isSafeInteger(entry) ? { sort, entry } : null
}

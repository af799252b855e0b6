/**
 * Lists in pages, by a key that grows.
 *
 * @module
 */
import { integer, text } from '../config/kinds.ts'
import { optional, withDefault } from './fields.ts'
import type { Listed } from './operation.ts'

/** Rows of one answer. */
export const mostRows = 500

/** For each operation that lists. */
export const pageFields = {
  after: optional(text(1, 256), 'goes on behind a list that was cut: its `next`'),
  limit: withDefault(integer(1, mostRows), 100, 'rows at most'),
}

export interface PageInput {
  readonly after: string | null
  readonly limit: number
}

/** `all` in any order; each key is of one row alone. `rowOf` is called for the rows of the page. */
export function pageOf<Item, Row>(
  all: Iterable<Item>,
  { after, limit }: PageInput,
  keyOf: (item: Item) => string,
  rowOf: (item: Item) => Row,
): Listed<Row> {
  const keyed = Array.from(all, (item) => ({ key: keyOf(item), item }))
    .filter(({ key }) => after === null || key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const shown = keyed.slice(0, limit)
  const next = keyed.length > shown.length ? (shown.at(-1)?.key ?? null) : null
  return { items: shown.map(({ item }) => rowOf(item)), next }
}

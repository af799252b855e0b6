/**
 * Many rows into one table, eight a statement: that costs two thirds of one at a time.
 *
 *     rows ─ 8 ─ 8 ─ 8 ─ 1 ─ 1 ─▶ insert or rollback into … values (…), (…), …
 *
 * A statement of many rows that fails is undone by itself, for which SQLite first copies every page that it touches.
 * Here the whole transaction goes with it, as it does anyway when we throw: a seventh less for all that is appended.
 *
 * @module
 */
import type { Sqlite, SqlValue } from './sqlite.ts'

const rowsAtOnce = 8

/** Writes `count` rows; `put` pushes the values of the one at `at`. */
export type RowInsert = (count: number, put: (values: SqlValue[], at: number) => void) => void

/**
 * `into`: the table and its columns, of which there are `width`. Rows are new, and written inside a transaction: one that
 * is not new ends it.
 */
export function createRowInsert(db: Sqlite, into: string, width: number): RowInsert {
  const row = `(${Array(width).fill('?').join(', ')})`
  const one = `insert or rollback into ${into} values ${row}`
  const many = `insert or rollback into ${into} values ${Array(rowsAtOnce).fill(row).join(', ')}`
  return (count, put) => {
    let at = 0
    while (at < count) {
      const isMany = at + rowsAtOnce <= count
      const values: SqlValue[] = []
      // All of a statement in one list: a list a row, copied into it, takes as long as binding them.
      for (const end = isMany ? at + rowsAtOnce : at + 1; at < end; at++) put(values, at)
      db.run(isMany ? many : one, ...values)
    }
  }
}

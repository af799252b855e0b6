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

/** `into`: the table and its columns. Give it rows of `width` values, all new, and inside a transaction: one that is not new ends it. */
export function createRowInsert(
  db: Sqlite,
  into: string,
  width: number,
): (rows: readonly (readonly SqlValue[])[]) => void {
  const row = `(${Array(width).fill('?').join(', ')})`
  const one = `insert or rollback into ${into} values ${row}`
  const many = `insert or rollback into ${into} values ${Array(rowsAtOnce).fill(row).join(', ')}`
  return (rows) => {
    let at = 0
    for (; at + rowsAtOnce <= rows.length; at += rowsAtOnce) {
      const values: SqlValue[] = []
      for (let next = at; next < at + rowsAtOnce; next++) {
        for (const value of rows[next] as readonly SqlValue[]) values.push(value)
      }
      db.run(many, ...values)
    }
    for (; at < rows.length; at++) db.run(one, ...(rows[at] as readonly SqlValue[]))
  }
}

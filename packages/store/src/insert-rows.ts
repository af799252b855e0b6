/**
 * Many rows into one table, eight a statement: that costs two thirds of one at a time.
 *
 *     rows ─ 8 ─ 8 ─ 8 ─ 1 ─ 1 ─▶ insert into … values (…), (…), …
 *
 * @module
 */
import type { Sqlite, SqlValue } from './sqlite.ts'

const rowsAtOnce = 8

/** `into`: the statement up to its values. Give it rows of `width` values, all new. */
export function createRowInsert(
  db: Sqlite,
  into: string,
  width: number,
): (rows: readonly (readonly SqlValue[])[]) => void {
  const row = `(${Array(width).fill('?').join(', ')})`
  const one = `${into} values ${row}`
  const many = `${into} values ${Array(rowsAtOnce).fill(row).join(', ')}`
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

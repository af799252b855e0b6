/**
 * @module
 */
import { expect, test } from 'vitest'
import { createRowInsert } from './insert-rows.ts'
import { openSqlite } from './node/sqlite.ts'
import { type Sqlite, transaction } from './sqlite.ts'

const open = (): Sqlite =>
  openSqlite(':memory:', { migrations: ['create table numbers (id integer primary key, name text)'] })

const idsIn = (db: Sqlite): readonly number[] =>
  Array.from(db.rows<{ id: number }>('select id from numbers order by id'), ({ id }) => id)

const idsFrom = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => first + at)

const insertInto = (db: Sqlite) => {
  const insert = createRowInsert(db, 'numbers (id, name)', 2)
  return (ids: readonly number[]): void =>
    insert(ids.length, (values, at) => values.push(ids[at] as number, `${ids[at]}`))
}

test('rows go in whole, whatever their number', () => {
  for (const count of [0, 1, 7, 8, 9, 16, 19]) {
    using db = open()
    insertInto(db)(idsFrom(1, count))
    expect(idsIn(db)).toEqual(idsFrom(1, count))
  }
})

test('[S1] a row that is there already takes the whole transaction with it, and the next one goes well', () => {
  using db = open()
  const insert = insertInto(db)
  insert([12])
  expect(() =>
    transaction(db, () => {
      insert(idsFrom(100, 9))
      insert(idsFrom(5, 9))
    }),
  ).toThrow()
  expect(idsIn(db)).toEqual([12])
  transaction(db, () => insert(idsFrom(1, 3)))
  expect(idsIn(db)).toEqual([1, 2, 3, 12])
})

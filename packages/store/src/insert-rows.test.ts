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

const rowsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, at) => [first + at, `${first + at}`] as const)

test('rows go in whole, whatever their number', () => {
  for (const count of [0, 1, 7, 8, 9, 16, 19]) {
    using db = open()
    createRowInsert(db, 'numbers (id, name)', 2)(rowsFrom(1, count))
    expect(idsIn(db)).toEqual(rowsFrom(1, count).map(([id]) => id))
  }
})

test('[S1] a row that is there already takes the whole transaction with it, and the next one goes well', () => {
  using db = open()
  const insert = createRowInsert(db, 'numbers (id, name)', 2)
  insert([[12, 'twelve']])
  expect(() =>
    transaction(db, () => {
      insert(rowsFrom(100, 9))
      insert(rowsFrom(5, 9))
    }),
  ).toThrow()
  expect(idsIn(db)).toEqual([12])
  transaction(db, () => insert(rowsFrom(1, 3)))
  expect(idsIn(db)).toEqual([1, 2, 3, 12])
})

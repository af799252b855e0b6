/**
 * The limit of the machine for a store: the same rows into the same tables, by nothing but SQLite.
 *
 *     finished store ─read every row─▶ memory ─prepared inserts, 1,000 a transaction─▶ empty database
 *
 * Fair to both sides: pragmas and checkpoints are the store's, every row of every table is there under
 * its own id, texts of the search index included, and all go in by ascending id, the order that
 * SQLite likes best. Reading the rows is not counted; `searchable` counts as search.
 *
 * In one of two orders. `by-table` is the fastest there is, and open to nobody who receives: an entry has rows
 * in several tables, and is durable once all of them are. `together` has the rows of 1,000 entries, in all
 * tables, in a transaction.
 *
 * @module
 */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { migrations } from '@effigy/store'
import { cpuSeconds } from './figure.ts'

interface TableRows {
  readonly clear: string
  readonly insert: string
  readonly rows: readonly SQLInputValue[][]
}

const rowsPerTransaction = 1_000

export type RawOrder = 'by-table' | 'together'

/**
 * CPU seconds to insert the rows of `sourcePath` into `targetPath`. `texts` are those of the search index
 * by `entries.id` − 1; none leave search out.
 */
export function rawInsertSeconds(
  sourcePath: string,
  targetPath: string,
  texts: readonly string[],
  order: RawOrder = 'by-table',
): number {
  const tables = readTables(sourcePath, texts)
  const db = new DatabaseSync(targetPath)
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma locking_mode = exclusive')
  db.exec('pragma cache_size = -32768; pragma temp_store = memory; pragma wal_autocheckpoint = 4096')
  for (const migration of migrations) db.exec(migration)
  // Some tables have rows from the beginning.
  for (const { clear } of tables) db.exec(clear)
  const statements = tables.map(({ insert, rows }) => ({ statement: db.prepare(insert), rows }))
  const started = cpuSeconds()
  for (const parts of order === 'together' ? [statements] : statements.map((one) => [one])) {
    const transactions = Math.ceil(longest(parts) / rowsPerTransaction)
    for (let turn = 0; turn < transactions; turn++) {
      db.exec('begin')
      for (const { statement, rows } of parts) {
        for (const row of partOf(rows, turn, transactions)) statement.run(...row)
      }
      db.exec('commit')
    }
  }
  const seconds = cpuSeconds() - started
  db.close()
  return seconds
}

/** Rows of the table that has most. */
function longest(tables: readonly { readonly rows: readonly unknown[] }[]): number {
  return Math.max(...tables.map(({ rows }) => rows.length))
}

function partOf<Row>(rows: readonly Row[], turn: number, turns: number): readonly Row[] {
  return rows.slice(Math.floor((rows.length * turn) / turns), Math.floor((rows.length * (turn + 1)) / turns))
}

function readTables(path: string, texts: readonly string[]): readonly TableRows[] {
  const db = new DatabaseSync(path, { readOnly: true })
  const names = db
    .prepare(
      `select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'
       and name not like 'search%' and name not like 'sqlite_%'`,
    )
    .all() as { name: string }[]
  const rowsOf = (name: string): SQLInputValue[][] =>
    (db.prepare(`select * from ${name}`).all() as Record<string, SQLInputValue>[]).map(Object.values)
  const tables = names.map(({ name }) => ({ name, rows: rowsOf(name) }))
  if (texts.length > 0) {
    const rows = rowsOf('searchable') as [number, number][]
    tables.push({ name: 'searchable', rows })
    tables.push({
      name: 'search (rowid, text)',
      rows: rows.map(([id, entry]) => [id, texts[entry - 1] ?? '']),
    })
  }
  db.close()
  return tables
    .filter(({ rows }) => rows.length > 0)
    .map(({ name, rows }) => {
      const marks = Array.from(rows[0] ?? [], () => '?').join(', ')
      const clear = name.startsWith('search') ? '' : `delete from ${name}`
      return { clear, insert: `insert into ${name} values (${marks})`, rows }
    })
}

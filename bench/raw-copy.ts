/**
 * The limit of the machine for a store: the same rows into the same tables, by nothing but SQLite.
 *
 *     finished store ─read every row─▶ memory ─prepared inserts, 1,000 a transaction─▶ empty database
 *
 * @module
 */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { migrations } from '@effigy/store'
import { cpuSeconds } from './figure.ts'

interface TableRows {
  readonly insert: string
  readonly rows: readonly SQLInputValue[][]
}

const rowsPerTransaction = 1_000

/** CPU seconds to insert the rows of `sourcePath`, and `texts` into its search index, into `targetPath`. */
export function rawInsertSeconds(sourcePath: string, targetPath: string, texts: readonly string[]): number {
  const tables = readTables(sourcePath)
  const search = {
    insert: 'insert into search (rowid, text) values (?, ?)',
    rows: texts.map((text, index) => [index + 1, text]),
  }
  const db = new DatabaseSync(targetPath)
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma locking_mode = exclusive')
  db.exec('pragma cache_size = -32768; pragma temp_store = memory')
  for (const migration of migrations) db.exec(migration)
  const started = cpuSeconds()
  for (const { insert, rows } of [...tables, ...(texts.length > 0 ? [search] : [])]) {
    const statement = db.prepare(insert)
    for (let at = 0; at < rows.length; at += rowsPerTransaction) {
      db.exec('begin')
      for (const row of rows.slice(at, at + rowsPerTransaction)) statement.run(...row)
      db.exec('commit')
    }
  }
  const seconds = cpuSeconds() - started
  db.close()
  return seconds
}

function readTables(path: string): readonly TableRows[] {
  const db = new DatabaseSync(path, { readOnly: true })
  const names = db
    .prepare(
      `select name from sqlite_schema where type = 'table' and sql not like 'create virtual%' and name not like 'search_%' and name not like 'sqlite_%'`,
    )
    .all() as { name: string }[]
  const tables = names.map(({ name }) => {
    const rows = (db.prepare(`select * from ${name}`).all() as Record<string, SQLInputValue>[]).map(
      Object.values,
    )
    const marks = Array.from(rows[0] ?? [], () => '?').join(', ')
    return { insert: `insert or replace into ${name} values (${marks})`, rows: rows as SQLInputValue[][] }
  })
  db.close()
  return tables.filter(({ rows }) => rows.length > 0)
}

/**
 * The limit of the machine for a store in Chromium: the same rows into the same tables on the same VFS, by nothing but
 * SQLite; as raw-copy.ts in Node.
 *
 * @module
 */
import type { Sqlite, SqlValue } from '@effigy/store'
import { openPool } from '../packages/store/src/browser/pool.ts'
import { migrations } from '../packages/store/src/schema.ts'

const rowsPerTransaction = 1_000
const { signal } = new AbortController()

export interface RawSeconds {
  readonly rawSeconds: number
  /** The part of them that search takes. */
  readonly rawSearch: number
}

interface TableRows {
  readonly clear: string | null
  readonly insert: string
  readonly rows: readonly (readonly SqlValue[])[]
}

/** Of the store of that name, which nobody has open. `texts` are those of the search index by `entries.id` - 1. */
export async function rawInsertSeconds(name: string, texts: readonly string[]): Promise<RawSeconds> {
  const pool = await openPool(name, signal, { capacity: 12 })
  const source = pool.connect('main.sqlite')
  source.script('pragma locking_mode = exclusive')
  const tables = tablesOf(source, texts)
  source[Symbol.dispose]()
  const seconds = insertAll(pool.connect('raw.sqlite'), tables)
  for (const end of ['', '-wal', '-journal']) pool.delete(`raw.sqlite${end}`)
  const withoutSearch = tables.filter(({ insert }) => !insert.startsWith('insert into search'))
  const rawSeconds = seconds
  const rest = insertAll(pool.connect('raw.sqlite'), withoutSearch)
  for (const end of ['', '-wal', '-journal']) pool.delete(`raw.sqlite${end}`)
  pool[Symbol.dispose]()
  return { rawSeconds, rawSearch: rawSeconds - rest }
}

function tablesOf(db: Sqlite, texts: readonly string[]): readonly TableRows[] {
  const names = [
    ...db.rows<{ name: string }>(
      `select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'
       and name not like 'search%' and name not like 'sqlite_%'`,
    ),
  ]
  const rowsOf = (name: string): SqlValue[][] => Array.from(db.rows(`select * from ${name}`), Object.values)
  const tables = names.map(({ name }) => ({ name, rows: rowsOf(name) }))
  const searchable = rowsOf('searchable') as [number, number][]
  tables.push({ name: 'searchable', rows: searchable })
  tables.push({
    name: 'search (rowid, text)',
    rows: searchable.map(([id, entry]) => [id, texts[entry - 1] ?? '']),
  })
  return tables
    .filter(({ rows }) => rows.length > 0)
    .map(({ name, rows }) => {
      const marks = Array.from(rows[0] ?? [], () => '?').join(', ')
      const clear = name.startsWith('search') ? null : `delete from ${name}`
      return { clear, insert: `insert into ${name} values (${marks})`, rows }
    })
}

function insertAll(db: Sqlite, tables: readonly TableRows[]): number {
  db.script('pragma page_size = 16384; pragma locking_mode = exclusive')
  db.script('pragma journal_mode = wal; pragma synchronous = normal')
  db.script('pragma cache_size = -32768; pragma temp_store = memory; pragma wal_autocheckpoint = 512')
  for (const migration of migrations) db.script(migration)
  for (const { clear } of tables) if (clear !== null) db.script(clear)
  const started = performance.now()
  for (const { insert, rows } of tables) {
    for (let at = 0; at < rows.length; at += rowsPerTransaction) {
      db.run('begin')
      for (const row of rows.slice(at, at + rowsPerTransaction)) db.run(insert, ...row)
      db.run('commit')
    }
  }
  const seconds = (performance.now() - started) / 1000
  db[Symbol.dispose]()
  return seconds
}

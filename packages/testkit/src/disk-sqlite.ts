/**
 * The SQLite port of `@effigy/store` over sqlite-wasm on a disk in memory.
 *
 * @module
 */
import type { Database, PreparedStatement } from '@sqlite.org/sqlite-wasm'
import type { Disk } from './disk.ts'
import type { DiskVfs } from './disk-vfs.ts'

export type SqlValue = null | number | bigint | string | Uint8Array

/** Fills the port of `@effigy/store`. Every method throws `failure(errcode, cause)` when SQLite fails. */
export interface Sqlite extends Disposable {
  /** Runs one statement; gives the number of rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): number
  /** The first row, or null. */
  first<Row extends Record<string, SqlValue>>(sql: string, ...values: readonly SqlValue[]): Row | null
  /** Lazy; prepared statements are kept by their text. Integers beyond 2^53 come as bigint. */
  rows<Row extends Record<string, SqlValue>>(sql: string, ...values: readonly SqlValue[]): Iterable<Row>
  /** Several statements without parameters. */
  script(sql: string): void
}

/** What the store's port says about a failing medium. */
export type StorageCode = 'storage-full' | 'storage-locked' | 'storage-damaged' | 'storage-failed'

/** Carries SQLite's own codes under the names that `node:sqlite` gives them. */
export class SqliteFailure extends Error {
  override readonly name = 'SqliteFailure'
  readonly code: StorageCode
  /** The extended result code; its low byte is the primary one. */
  readonly errcode: number
  /** `SQLITE_FULL`, `SQLITE_IOERR_WRITE`, … */
  readonly errstr: string

  constructor(errcode: number, errstr: string, cause: unknown) {
    super(`${errstr}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.code = storageCodes.get(errcode & 0xff) ?? 'storage-failed'
    this.errcode = errcode
    this.errstr = errstr
  }
}

/** By primary result code: BUSY, LOCKED, CORRUPT, FULL, NOTADB. */
const storageCodes: ReadonlyMap<number, StorageCode> = new Map([
  [5, 'storage-locked'],
  [6, 'storage-locked'],
  [11, 'storage-damaged'],
  [13, 'storage-full'],
  [26, 'storage-damaged'],
])

export interface DiskSqliteOptions {
  /** SQLite's own clock, ms since 1970. */
  readonly now: () => number
  /** Makes what is thrown when SQLite fails. */
  readonly failure: (failed: SqliteFailure) => Error
}

/** Opens or creates `name` on `disk`; dispose it. Closing a database on a dead disk does not throw. */
export function openDiskSqlite(vfs: DiskVfs, disk: Disk, name: string, options: DiskSqliteOptions): Sqlite {
  const { capi, oo1, SQLite3Error } = vfs.sqlite3
  const mount = vfs.mount(disk, options.now)
  const statements = new Map<string, PreparedStatement>()
  const inUse = new Set<PreparedStatement>()

  const guard = <Value>(work: () => Value): Value => {
    try {
      return work()
    } catch (cause) {
      if (!(cause instanceof SQLite3Error)) throw cause
      const errcode = cause.resultCode
      const errstr = capi.sqlite3_js_rc_str(errcode) ?? `SQLITE_${errcode}`
      throw options.failure(new SqliteFailure(errcode, errstr, cause))
    }
  }

  const openDatabase = (): Database => {
    try {
      return guard(() => new oo1.DB({ filename: `${mount.prefix}${name}`, flags: 'c', vfs: vfs.name }))
    } catch (failure) {
      mount.release()
      throw failure
    }
  }
  const db = openDatabase()
  capi.sqlite3_extended_result_codes(db, 1)

  /** The kept statement, or one of its own when that is being read from. */
  const borrow = (sql: string): PreparedStatement => {
    const kept = statements.get(sql)
    if (kept !== undefined && !inUse.has(kept)) {
      inUse.add(kept)
      return kept
    }
    const made = guard(() => db.prepare(sql))
    if (kept === undefined) statements.set(sql, made)
    inUse.add(made)
    return made
  }

  const giveBack = (sql: string, statement: PreparedStatement): void => {
    if (!inUse.delete(statement)) return
    if (statements.get(sql) !== statement) {
      statement.finalize()
      return
    }
    // Says again what the last step said: not news.
    capi.sqlite3_reset(statement)
    capi.sqlite3_clear_bindings(statement)
  }

  function* rows<Row extends Record<string, SqlValue>>(
    sql: string,
    ...values: readonly SqlValue[]
  ): Generator<Row> {
    const statement = borrow(sql)
    try {
      guard(() => bind(statement, values))
      while (guard(() => statement.step())) yield guard(() => statement.get(Object.create(null)) as Row)
    } finally {
      giveBack(sql, statement)
    }
  }

  return {
    rows,
    first<Row extends Record<string, SqlValue>>(sql: string, ...values: readonly SqlValue[]): Row | null {
      for (const row of rows<Row>(sql, ...values)) return row
      return null
    },
    run(sql, ...values) {
      const statement = borrow(sql)
      try {
        guard(() => bind(statement, values))
        // A statement that gives rows (a pragma, `returning`) is run to its end.
        while (guard(() => statement.step()));
        return capi.sqlite3_changes(db)
      } finally {
        giveBack(sql, statement)
      }
    },
    script(sql) {
      guard(() => db.exec(sql))
    },
    [Symbol.dispose]() {
      if (!db.isOpen()) return
      for (const statement of [...statements.values(), ...inUse]) statement.finalize()
      statements.clear()
      inUse.clear()
      db.close()
      mount.release()
    },
  }
}

function bind(statement: PreparedStatement, values: readonly SqlValue[]): void {
  for (const [at, value] of values.entries()) statement.bind(at + 1, value)
}

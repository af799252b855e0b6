/**
 * The SQLite port of `@effigy/store` over sqlite-wasm on a disk in memory.
 *
 * @module
 */

import type { Sqlite, SqlRow, SqlValue } from '@effigy/store'
import type { Database, PreparedStatement } from '@sqlite.org/sqlite-wasm'
import type { Disk } from './disk.ts'
import type { DiskVfs } from './disk-vfs.ts'

/** Shaped like the errors of `node:sqlite`. */
export class SqliteFailure extends Error {
  override readonly name = 'SqliteFailure'
  readonly code: 'ERR_SQLITE_ERROR' | 'closed'
  /** The extended result code; its low byte is the primary one. */
  readonly errcode: number
  /** `SQLITE_FULL`, `SQLITE_IOERR_WRITE`, … */
  readonly errstr: string

  constructor(code: SqliteFailure['code'], errcode: number, errstr: string, cause: unknown) {
    super(`${errstr}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.code = code
    this.errcode = errcode
    this.errstr = errstr
  }
}

export interface DiskSqliteOptions {
  /** SQLite's own clock, ms since 1970. */
  readonly now: () => number
  /** What to throw for a result code; null for a `SqliteFailure`. */
  readonly failure: (errcode: number, cause: unknown) => Error | null
}

/** Opens or creates `name` on `disk`; dispose it. Closing a database on a dead disk does not throw. */
export function openDiskSqlite(vfs: DiskVfs, disk: Disk, name: string, options: DiskSqliteOptions): Sqlite {
  const { capi, oo1, SQLite3Error } = vfs.sqlite3
  const mount = vfs.mount(disk, options.now)
  const statements = new Map<string, PreparedStatement>()
  const inUse = new Set<PreparedStatement>()
  let isClosed = false

  const guard = <Value>(work: () => Value): Value => {
    mount.use()
    try {
      return work()
    } catch (cause) {
      if (!(cause instanceof SQLite3Error)) throw cause
      const errcode = cause.resultCode
      const errstr = capi.sqlite3_js_rc_str(errcode) ?? `SQLITE_${errcode}`
      if (isClosed) throw new SqliteFailure('closed', errcode, errstr, cause)
      throw options.failure(errcode, cause) ?? new SqliteFailure('ERR_SQLITE_ERROR', errcode, errstr, cause)
    }
  }

  const openDatabase = (): Database => {
    try {
      return guard(() => new oo1.DB({ filename: name, flags: 'c', vfs: vfs.name }))
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
    statement.clearBindings()
  }

  function* rows<Row extends SqlRow>(sql: string, ...values: readonly SqlValue[]): Generator<Row> {
    const statement = borrow(sql)
    try {
      guard(() => bind(statement, values))
      while (guard(() => statement.step()))
        yield guard(() => statement.get(Object.create(null)) as unknown as Row)
    } finally {
      giveBack(sql, statement)
    }
  }

  return {
    rows,
    first<Row extends SqlRow>(sql: string, ...values: readonly SqlValue[]): Row | null {
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
      if (isClosed) return
      isClosed = true
      mount.use()
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

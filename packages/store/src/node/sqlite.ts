/**
 * `node:sqlite` behind the port: statements kept by their text, errors by their meaning.
 *
 *     openSqlite('feeds.sqlite', { migrations }) ─▶ Sqlite
 *
 * @module
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { inspectPragmas } from '../inspect.ts'
import { type DatabaseOptions, prepareDatabase } from '../migrate.ts'
import type { Sqlite, SqlRow, SqlValue } from '../sqlite.ts'
import { storageError, storageErrorOf } from '../storage-error.ts'
import { noteConnection } from './connections.ts'

export interface SqliteOptions extends DatabaseOptions {
  /** How long to wait for another process to let go of the file, ms; 1,000 when omitted. Blocks. */
  readonly busyTimeoutMs?: number
}

/** A kept statement; while a loop reads from it, others with that text get one of their own. */
interface Kept {
  readonly statement: StatementSync
  isRead: boolean
}

/**
 * Opens or creates a database; dispose it. `:memory:` lives as long as the connection.
 * The directory must be there. Throws as `Sqlite` and `prepareDatabase` do.
 */
export function openSqlite(path: string, options: SqliteOptions): Sqlite {
  const db = connect(path, options.busyTimeoutMs ?? 1000)
  try {
    prepareDatabase(db, options)
  } catch (cause) {
    db[Symbol.dispose]()
    throw cause
  }
  return db
}

/** Reads a file that nobody has open, whoever made it: nothing of it runs, nothing is written. `:memory:` is an empty one. */
export function openReadOnly(path: string): Sqlite {
  const db = connect(path, 1000, path !== ':memory:')
  try {
    db.script(inspectPragmas)
  } catch (cause) {
    db[Symbol.dispose]()
    throw cause
  }
  return db
}

function connect(path: string, timeout: number, readOnly = false): Sqlite {
  const kept = new Map<string, Kept>()
  let isOpen = true

  const failure = (cause: unknown): unknown => {
    if (!isOpen) return storageError('closed', cause)
    const resultCode = (cause as { readonly errcode?: unknown } | null)?.errcode
    return (typeof resultCode === 'number' ? storageErrorOf(resultCode, cause) : null) ?? cause
  }

  const open = (): DatabaseSync => {
    try {
      return new DatabaseSync(path, { timeout, readOnly, enableForeignKeyConstraints: false })
    } catch (cause) {
      throw failure(cause)
    }
  }
  const database = open()

  const prepare = (sql: string): Kept => {
    const known = kept.get(sql)
    if (known !== undefined && !known.isRead) return known
    const made = { statement: database.prepare(sql), isRead: false }
    if (known === undefined) kept.set(sql, made)
    return made
  }

  const db: Sqlite = {
    run(sql, ...values) {
      try {
        return Number(prepare(sql).statement.run(...values).changes)
      } catch (cause) {
        throw failure(cause)
      }
    },
    first<Row extends SqlRow>(sql: string, ...values: readonly SqlValue[]): Row | null {
      try {
        return (prepare(sql).statement.get(...values) as Row | undefined) ?? null
      } catch (cause) {
        throw failure(cause)
      }
    },
    *rows<Row extends SqlRow>(sql: string, ...values: readonly SqlValue[]): Iterable<Row> {
      let current: Kept | null = null
      try {
        current = prepare(sql)
        current.isRead = true
        // Without a name for the iterator, leaving this loop closes it and frees the statement.
        yield* current.statement.iterate(...values) as Iterable<Row>
      } catch (cause) {
        throw failure(cause)
      } finally {
        if (current !== null) current.isRead = false
      }
    },
    script(sql) {
      try {
        database.exec(sql)
      } catch (cause) {
        throw failure(cause)
      }
    },
    [Symbol.dispose]() {
      if (!isOpen) return
      isOpen = false
      kept.clear()
      try {
        database.close()
      } catch (cause) {
        throw storageError('storage-failed', cause)
      }
    },
  }
  noteConnection(db, database)
  return db
}

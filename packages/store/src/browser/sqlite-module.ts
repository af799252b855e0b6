/**
 * SQLite's module, loaded once a worker, and the last error of the platform below it (spec S50).
 *
 *     write() throws QuotaExceededError ─VFS▶ SQLITE_IOERR ─failureOf▶ storage-full
 *
 * The VFS has one result code for all that a file does; the error itself it only tells to the module's log.
 *
 * @module
 */
import sqlite3InitModule, { type Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import { storageError, storageErrorOf } from '../storage-error.ts'

export interface SqliteModule {
  readonly sqlite3: Sqlite3Static
  /** What the port throws for a result code. */
  failureOf(resultCode: number, cause: Error, isClosed: boolean): unknown
}

let loaded: Promise<SqliteModule> | null = null

export function loadSqlite(): Promise<SqliteModule> {
  loaded ??= load().catch((cause: unknown) => {
    loaded = null
    throw storageError('storage-failed', cause)
  })
  return loaded
}

async function load(): Promise<SqliteModule> {
  let last: unknown = null
  const config = {
    error: (...words: unknown[]) => {
      last = words.findLast((word) => word instanceof Error) ?? last
    },
    warn: () => {},
    log: () => {},
    debug: () => {},
    // They want shared memory, and start a worker of their own.
    disable: { vfs: { opfs: true, 'opfs-wl': true, kvvfs: true } },
  }
  const scope = globalThis as { sqlite3ApiConfig?: object }
  // Read while it starts, and only from there.
  scope.sqlite3ApiConfig = config
  try {
    const sqlite3 = await sqlite3InitModule()
    return {
      sqlite3,
      failureOf(resultCode, cause, isClosed) {
        if (isClosed) return storageError('closed', cause)
        const below = last
        last = null
        const { SQLITE_IOERR, SQLITE_CANTOPEN } = sqlite3.capi
        const primary: number = resultCode & 0xff
        const isIo = primary === SQLITE_IOERR || primary === SQLITE_CANTOPEN
        if (isIo && isQuotaError(below)) return storageError('storage-full', below)
        return storageErrorOf(resultCode, isIo && below !== null ? below : cause) ?? cause
      },
    }
  } finally {
    delete scope.sqlite3ApiConfig
  }
}

/** A `DOMException`; in newer browsers a class of its own with the same name. */
export const isQuotaError = (cause: unknown): boolean => nameOf(cause) === 'QuotaExceededError'

/** Of a `DOMException`; '' for anything else. */
export const nameOf = (cause: unknown): string =>
  cause instanceof Error || cause instanceof DOMException ? cause.name : ''

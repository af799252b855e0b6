/**
 * The files of one store in the browser's own file system (spec S50, S51).
 *
 *     OPFS: NAME/.opaque/* ─SAHPool─▶ /main.sqlite  /blocks.sqlite  and their logs
 *
 * The pool opens a handle on each of its files when it starts, and gives them to SQLite by name. Its two ways to lose
 * data are shut: what fails to start wipes nothing (`preserveOnInitFailure`), and whoever calls holds the lock (lock.ts).
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { SAHPoolUtil } from '@sqlite.org/sqlite-wasm'
import { type DatabaseOptions, prepareDatabase } from '../migrate.ts'
import type { Sqlite } from '../sqlite.ts'
import { storageError } from '../storage-error.ts'
import { connectWasm, type WasmSqlite } from '../wasm/connection.ts'
import { isQuotaError, loadSqlite, nameOf, type SqliteModule } from './sqlite-module.ts'

export interface Pool extends Disposable {
  /** The pool itself: whole files by their paths. */
  readonly files: SAHPoolUtil
  /** Whether there is a file of that name. */
  has(filename: string): boolean
  /** Opens or creates a database, ready for use; dispose it. Throws as `Sqlite` and `prepareDatabase` do. */
  open(filename: string, options: DatabaseOptions): WasmSqlite
  /** The bare connection. */
  connect(filename: string): Sqlite
  /** A new database file with these bytes. False: they are no database. Throws as `Sqlite` does, and what `pieces` throws. */
  write(filename: string, pieces: AsyncIterator<Uint8Array>): Promise<boolean>
  /** Deletes one that is not open. */
  delete(filename: string): void
}

/** Two databases, a journal or log each, one more while the kind of journal changes, and one being read in. */
const usualCapacity = 8

/**
 * The worker that had the lock before may not be gone yet when its lock is: its handles are given back a moment later.
 * Tries, and ms between two of them.
 */
const openTries = 60
const tryAgainMs = 50

/** SQLite remembers a pool by its name, one that was closed or failed too: each start takes a new one. */
let started = 0

/**
 * Of that folder, with room for so many files; the caller holds its lock. Dispose it, when its databases are closed, to give the handles back.
 * Throws `storage-full`, `storage-locked` (somebody without the lock has the files) and `storage-failed`.
 */
export async function openPool(
  folder: string,
  signal: AbortSignal,
  { capacity = usualCapacity }: { readonly capacity?: number } = {},
): Promise<Pool> {
  const module = await loadSqlite()
  return poolOver(module, await whenGivenBack(signal, () => startPool(module, folder, capacity)))
}

/** What `work` gives, once nobody has handles of its files any more; its errors as codes. */
async function whenGivenBack<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
  for (let left = openTries; ; left--) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (cause) {
      if (isQuotaError(cause)) throw storageError('storage-full', cause)
      // Firefox and Safari have other names for it.
      const isTaken = /^(NoModificationAllowed|InvalidState)Error$/.test(nameOf(cause))
      if (!isTaken) throw storageError('storage-failed', cause)
      if (left <= 1) throw storageError('storage-locked', cause)
      await pauseFor(tryAgainMs, signal)
    }
  }
}

async function startPool({ sqlite3 }: SqliteModule, folder: string, capacity: number): Promise<SAHPoolUtil> {
  started++
  const pool = await sqlite3.installOpfsSAHPoolVfs({
    name: `effigy-${folder}-${started}`,
    directory: folder,
    initialCapacity: capacity,
    preserveOnInitFailure: true,
    // Errors only, to sqlite-module.ts.
    verbosity: 1,
  } as Parameters<typeof sqlite3.installOpfsSAHPoolVfs>[0])
  await pool.reserveMinimumCapacity(capacity)
  return pool
}

function poolOver(module: SqliteModule, pool: SAHPoolUtil): Pool {
  const path = (filename: string): string => `/${filename}`
  const connect = (filename: string): WasmSqlite =>
    connectWasm(module.sqlite3, { filename: path(filename), vfs: pool.vfsName, failure: module.failureOf })

  return {
    files: pool,
    has: (filename) => pool.getFileNames().includes(path(filename)),
    connect,
    open(filename, options) {
      const db = connect(filename)
      try {
        prepareDatabase(db, options)
        return db
      } catch (cause) {
        db[Symbol.dispose]()
        throw cause
      }
    },
    async write(filename, pieces) {
      let failure: unknown = null
      try {
        await pool.importDb(path(filename), async () => {
          try {
            const next = await pieces.next()
            return next.done === true ? undefined : next.value
          } catch (cause) {
            failure = cause
            throw cause
          }
        })
        return true
      } catch (cause) {
        if (failure !== null) throw failure
        const isFull = isQuotaError(cause) || `${cause}`.includes('Expected to write')
        if (isFull) throw storageError('storage-full', cause)
        // The pool's own words about what it was given are no errors of the platform.
        if (nameOf(cause) === 'Error') return false
        throw storageError('storage-failed', cause)
      }
    },
    delete: (filename) => void pool.unlink(path(filename)),
    [Symbol.dispose]() {
      pool.pauseVfs()
    },
  }
}

/** Makes bare connections to empty databases in memory. */
export async function inMemoryConnections(): Promise<() => Sqlite> {
  const { sqlite3, failureOf } = await loadSqlite()
  return () => connectWasm(sqlite3, { filename: ':memory:', failure: failureOf })
}

/** A database in memory, for a browser without files. */
export async function openInMemory(options: DatabaseOptions): Promise<Sqlite> {
  const db = (await inMemoryConnections())()
  prepareDatabase(db, options)
  return db
}

/** Deletes the folder with all that is in it; the caller holds its lock, and has no pool of it open. */
export async function deleteFolder(folder: string, signal: AbortSignal): Promise<void> {
  const root = await navigator.storage.getDirectory()
  await whenGivenBack(signal, async () => {
    try {
      await root.removeEntry(folder, { recursive: true })
    } catch (cause) {
      if (nameOf(cause) !== 'NotFoundError') throw cause
    }
  })
}

/** Whether the folder is still there: the browser, or a person, may clear it under a store that is open. */
export async function hasFolder(folder: string): Promise<boolean> {
  try {
    const root = await navigator.storage.getDirectory()
    await root.getDirectoryHandle(folder)
    return true
  } catch (cause) {
    if (nameOf(cause) === 'NotFoundError') return false
    throw storageError('storage-failed', cause)
  }
}

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}

/** A name is one folder: letters, digits, `.`, `_`, `-`, at most 64 of them. Throws `store-name`. */
export function assertName(name: string): void {
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name)) return
  throw new EffigyError('store-name', 'A store is named with letters, digits, ".", "_" and "-".')
}

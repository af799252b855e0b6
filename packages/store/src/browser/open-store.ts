/**
 * A store in a browser, for the dedicated worker that has it alone (spec S50 to S56).
 *
 *     lock ─▶ OPFS? ─yes▶ NAME/ main.sqlite blocks.sqlite ─▶ Store, durable
 *               ╰─────no, or refused▶ in memory ─▶ Store, which says so
 *
 * @module
 */
import type { Sha256 } from '@effigy/core'
import { blockDatabase } from '../blobs/block-database.ts'
import type { DatabaseOptions } from '../migrate.ts'
import { createStore } from '../open-store.ts'
import type { Progress } from '../query-port.ts'
import { migrations } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import { storageError } from '../storage-error.ts'
import type { Store } from '../store.ts'
import { exportLater } from './export-later.ts'
import type { ExportOptions } from './export-store.ts'
import { takeLock } from './lock.ts'
import { deleteMark, noMark, readMark, writeMark } from './mark.ts'
import { assertName, deleteFolder, hasFolder, openInMemory, openPool, type Pool } from './pool.ts'
import { type Room, readRoom } from './room.ts'
import { nameOf } from './sqlite-module.ts'
import { nextTurn } from './turn.ts'

export interface BrowserStoreOptions {
  /** Folder, lock and mark hang off it; `effigy` when omitted. One account each. */
  readonly name?: string
  readonly sha256: Sha256
  /** Wall clock, ms. */
  readonly now: () => number
  /** What to do while another worker has the store; `refuse` when omitted: `storage-locked` at once. */
  readonly whenTaken?: 'wait' | 'refuse'
  /** Ends the waiting. */
  readonly signal: AbortSignal
  /** Of a store that an earlier version of the program left: migrations done. */
  readonly onMigration?: (progress: Progress) => void
}

/**
 * Why nothing outlives the worker.
 *
 * - `no-files`: the browser has no file system of its own, or none for this kind of worker
 * - `no-locks`: without Web Locks a second tab would destroy the files
 * - `refused`: a private window, or settings that forbid it
 */
export type MemoryReason = 'no-files' | 'no-locks' | 'refused'

/**
 * - `new`: nothing was here before, as far as is known
 * - `kept`: the store as it was left
 * - `gone`: there were entries, and now there are none: the browser or a person cleared them
 */
export type StoreHistory = 'new' | 'kept' | 'gone'

export interface BrowserStore extends Disposable {
  readonly store: Store
  readonly persistence: 'durable' | 'memory'
  /** Null where it is durable. */
  readonly reason: MemoryReason | null
  readonly history: StoreHistory
  room(): Promise<Room>
  /** False: its files were deleted under it, and what is written now is lost with the worker. Ask now and then. */
  isThere(): Promise<boolean>
  /** Everything in one file, for `importBrowserStore`: as secret as the store. Null in memory. */
  readonly exportAll: ((options: ExportOptions) => AsyncGenerator<Uint8Array>) | null
}

export const mainFile = 'main.sqlite'
export const blockFile = 'blocks.sqlite'
/** A write to OPFS costs much the same whatever its length, so that fewer, longer pages are faster (docs/decisions/0016-sqlite-in-browsers.md). */
export const mainDatabase: DatabaseOptions = { migrations, givesBack: true, pageBytes: 16 * 1024 }
export const blobDatabase: DatabaseOptions = { ...blockDatabase, pageBytes: 64 * 1024 }

/**
 * Opens or creates it; dispose it, which lets the next worker in. Throws the signal's reason, what `Sqlite` and
 * `prepareDatabase` throw (`storage-newer`: by a later version of the program), and `store-name`.
 */
export async function openBrowserStore(options: BrowserStoreOptions): Promise<BrowserStore> {
  const { name = 'effigy', whenTaken = 'refuse', signal } = options
  assertName(name)
  // A browser that has no files may have none of this either.
  const mark = await readMark(name).catch(() => noMark)
  const missing = await whyMemory(mark.hadEntries)
  if (missing !== null) return inMemory(options, missing, mark.hadEntries ? 'gone' : 'new')

  const lock = await takeLock(navigator.locks, name, { whenTaken, signal })
  try {
    const pool = await openPool(name, signal)
    try {
      return await openDurable(name, options, { pool, lock })
    } catch (cause) {
      pool[Symbol.dispose]()
      throw cause
    }
  } catch (cause) {
    lock[Symbol.dispose]()
    // There is a file system, and none of its files can be held by a worker: nothing was ever kept here.
    if (!mark.hadEntries && nameOf((cause as Error).cause) === 'NotSupportedError')
      return inMemory(options, 'no-files', 'new')
    throw cause
  }
}

async function openDurable(
  name: string,
  options: BrowserStoreOptions,
  { pool, lock }: { readonly pool: Pool; readonly lock: Disposable },
): Promise<BrowserStore> {
  // Whoever had the lock before may have written it meanwhile.
  const { hadEntries, isImporting } = await readMark(name)
  if (isImporting) {
    for (const file of [mainFile, blockFile]) deleteDatabase(pool, file)
    await writeMark(name, { hadEntries, isImporting: false })
  }
  const { onMigration } = options
  const main = pool.open(mainFile, { ...mainDatabase, ...(onMigration === undefined ? {} : { onMigration }) })
  const blocks = orClose([main], () => pool.open(blockFile, blobDatabase))
  const hasEntries = (): boolean => main.first('select 1 as one from entries limit 1') !== null
  const opened = (): readonly [Store, StoreHistory] => {
    const history = hasEntries() ? 'kept' : hadEntries ? 'gone' : 'new'
    return [storeOver({ main, blocks }, options), history]
  }
  const [store, history] = orClose([main, blocks], opened)
  if (!hadEntries) markEntries(name, store, hasEntries)
  return {
    store,
    persistence: 'durable',
    reason: null,
    history,
    room: readRoom,
    isThere: () => hasFolder(name),
    exportAll: (exporting) => exportLater({ store, main, sha256: options.sha256 }, exporting),
    [Symbol.dispose]() {
      try {
        store[Symbol.dispose]()
      } finally {
        closeAll([pool, lock])
      }
    },
  }
}

/** Deletes the store of that name, with all that is known of it. Throws as `openBrowserStore` does. */
export async function deleteBrowserStore(
  options: Pick<BrowserStoreOptions, 'name' | 'whenTaken' | 'signal'>,
): Promise<void> {
  const { name = 'effigy', whenTaken = 'refuse', signal } = options
  assertName(name)
  // Without files there is nothing but what is known of them.
  if ((await whyMemory(false)) !== null) return deleteMark(name)
  const lock = await takeLock(navigator.locks, name, { whenTaken, signal })
  try {
    await deleteFolder(name, signal)
    await deleteMark(name)
  } finally {
    lock[Symbol.dispose]()
  }
}

/** Null: it can be durable. Throws `storage-failed` where files are there and cannot be reached just now. */
async function whyMemory(hadEntries: boolean): Promise<MemoryReason | null> {
  const { storage, locks }: Partial<typeof navigator> = navigator
  if (!('FileSystemFileHandle' in globalThis && 'createSyncAccessHandle' in FileSystemFileHandle.prototype)) {
    return 'no-files'
  }
  if (storage?.getDirectory === undefined) return 'no-files'
  if (locks === undefined) return 'no-locks'
  try {
    await storage.getDirectory()
    return null
  } catch (cause) {
    const isRefusal = ['SecurityError', 'NotAllowedError'].includes(nameOf(cause))
    // A store that was here must not begin anew because of a failure that may pass.
    if (hadEntries && !isRefusal) throw storageError('storage-failed', cause)
    return 'refused'
  }
}

async function inMemory(
  options: BrowserStoreOptions,
  reason: MemoryReason,
  history: StoreHistory,
): Promise<BrowserStore> {
  const main = await openInMemory(mainDatabase)
  const store = storeOver({ main, blocks: await openInMemory(blobDatabase) }, options)
  return {
    store,
    persistence: 'memory',
    reason,
    history,
    room: readRoom,
    isThere: () => Promise.resolve(true),
    exportAll: null,
    [Symbol.dispose]: () => store[Symbol.dispose](),
  }
}

export function storeOver(
  { main, blocks }: { readonly main: Sqlite; readonly blocks: Sqlite },
  { sha256, now }: Pick<BrowserStoreOptions, 'sha256' | 'now'>,
): Store {
  return createStore({ main, blocks, sha256, now, pause: nextTurn })
}

/** Runs `open`; when it throws, those that are open already are closed. */
export function orClose<Value>(opened: readonly Sqlite[], open: () => Value): Value {
  try {
    return open()
  } catch (cause) {
    for (const db of opened) db[Symbol.dispose]()
    throw cause
  }
}

/** In that order; each, whatever the others throw. */
function closeAll([first, ...others]: readonly Disposable[]): void {
  try {
    first?.[Symbol.dispose]()
  } finally {
    if (others.length > 0) closeAll(others)
  }
}

export function deleteDatabase(pool: Pool, filename: string): void {
  for (const end of ['', '-wal', '-journal']) pool.delete(filename + end)
}

/** Tells the mark of the first entries; a browser that does not keep it loses only the word `gone`. */
function markEntries(name: string, store: Store, hasEntries: () => boolean): void {
  const note = (): boolean => {
    if (!hasEntries()) return false
    writeMark(name, { hadEntries: true, isImporting: false }).catch(() => {})
    return true
  }
  if (note()) return
  const watching = store.watch(() => {
    if (note()) watching[Symbol.dispose]()
  })
}

/**
 * All we ask of a SQLite: a few synchronous calls. `node.ts` fits `node:sqlite`,
 * `browser.ts` sqlite-wasm, and the testkit a disk that fails at step k.
 *
 *     transaction         committed; survives the process; with a write-ahead log not a loss of power
 *     beginTransaction    the same over several turns of the event loop          (bulk)
 *     durableTransaction  committed and on the medium when it returns            (own entries)
 *
 * @module
 */
import { storageError } from './storage-error.ts'

export type SqlValue = null | number | string | Uint8Array

export type SqlRow = Record<string, SqlValue>

/**
 * One connection. Statements are prepared once and kept by their text, so pass
 * constant texts. Every method throws `EffigyError` when the medium fails:
 * `storage-full`, `storage-locked`, `storage-damaged`, `storage-failed`, and
 * `closed` after disposal.
 */
export interface Sqlite extends Disposable {
  /** Runs one statement; gives the number of rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): number
  /** The first row, or null. */
  first<Row extends SqlRow>(sql: string, ...values: readonly SqlValue[]): Row | null
  /** All rows, lazily; finish or leave the loop before the next write. */
  rows<Row extends SqlRow>(sql: string, ...values: readonly SqlValue[]): Iterable<Row>
  /** Several statements without parameters: migrations and pragmas. Nothing of it is kept. */
  script(sql: string): void
}

/** One that is open from one call to the next. After a failure, or `commit`, it is over. */
export interface OpenTransaction {
  /** Runs `work` in it; when that throws, all that was ever done in it is rolled back. */
  run<Value>(work: () => Value): Value
  /** All of it, or nothing when it throws. */
  commit(): void
}

/** Does not nest, and nothing else is to write before it is over. */
export function beginTransaction(db: Sqlite): OpenTransaction {
  db.run('begin immediate')
  const orRollBack = <Value>(work: () => Value): Value => {
    try {
      return work()
    } catch (cause) {
      rollBack(db)
      throw cause
    }
  }
  return {
    run: orRollBack,
    commit() {
      orRollBack(() => db.run('commit'))
      checkpointWhenDue(db)
    },
  }
}

/** Runs `work` in one transaction: all of it or nothing. Does not nest. */
export function transaction<Value>(db: Sqlite, work: () => Value): Value {
  const open = beginTransaction(db)
  const value = open.run(work)
  open.commit()
  return value
}

/**
 * As `transaction`, and everything committed so far is on the medium when it returns.
 * Pragmas act while they are compiled, so these are scripts, never kept statements.
 */
export function durableTransaction<Value>(db: Sqlite, work: () => Value): Value {
  // Each commit waits for the medium anyway.
  if (!hasLog(db)) return transaction(db, work)
  if (unsynced.has(db)) checkpoint(db)
  db.script('pragma synchronous = full')
  try {
    return transaction(db, work)
  } catch (cause) {
    // It may have been the sync that failed, and then see `unsynced`.
    unsynced.add(db)
    throw cause
  } finally {
    db.script('pragma synchronous = normal')
  }
}

/**
 * Connections whose write-ahead log may have holes: after a failed sync the system forgets what it
 * could not write, and the next sync succeeds without it. The log is copied into the database file
 * before anything more is acknowledged as durable.
 */
const unsynced = new WeakSet<Sqlite>()

function hasLog(db: Sqlite): boolean {
  return db.first<{ journal_mode: string }>('pragma journal_mode')?.journal_mode === 'wal'
}

/**
 * In the log, after which it is copied into the database file. With large transactions twice as much is copied no
 * cheaper, and keeps everybody waiting twice as long.
 */
const checkpointBytes: number = 8 * 1024 * 1024

/** The log of a held file may grow to that, bytes; then the hold is broken. */
const maxHeldLogBytes: number = 256 * 1024 * 1024

/** A database file that stays as it is while it is read, whatever is written meanwhile. */
export interface FileHold extends Disposable {
  /** False: the file has changed since. */
  readonly isHeld: boolean
}

const holds = new WeakMap<Sqlite, { isHeld: boolean }>()

/** Copies the log into the file, and then none of it until disposed. Null: somebody else holds it. */
export function holdFile(db: Sqlite): FileHold | null {
  if (holds.has(db)) return null
  checkpoint(db)
  const hold = { isHeld: true }
  holds.set(db, hold)
  return {
    get isHeld() {
      return hold.isHeld
    },
    [Symbol.dispose]() {
      if (holds.get(db) === hold) holds.delete(db)
    },
  }
}

export const isFileHeld = (db: Sqlite): boolean => holds.get(db)?.isHeld ?? false

function breakHold(db: Sqlite): void {
  const hold = holds.get(db)
  if (hold !== undefined) hold.isHeld = false
}

/** Ours, because SQLite's own drops the error when the sync in it fails. */
function checkpointWhenDue(db: Sqlite): void {
  const log = db.first<{ log: number }>('pragma wal_checkpoint(noop)')
  const page = db.first<{ page_size: number }>('pragma page_size')
  if (log === null || page === null) return
  const bytes = log.log * page.page_size
  if (bytes < (isFileHeld(db) ? maxHeldLogBytes : checkpointBytes)) return
  breakHold(db)
  try {
    // Not truncated: the next transactions write over it, which is cheaper than growing it again.
    db.first('pragma wal_checkpoint(passive)')
  } catch {
    // The transaction itself is committed. The next durable one tries again, and says so when it fails.
    unsynced.add(db)
  }
}

/**
 * Copies the whole log into the database file, syncs it, and empties the log; throws `storage-locked` when it is not all copied.
 * Breaks a hold.
 */
export function checkpoint(db: Sqlite): void {
  breakHold(db)
  // A reader elsewhere keeps it from going on, and that is an answer, no failure.
  if (db.first<{ busy: number }>('pragma wal_checkpoint(truncate)')?.busy === 1) {
    throw storageError('storage-locked')
  }
  unsynced.delete(db)
}

function rollBack(db: Sqlite): void {
  try {
    db.run('rollback')
  } catch {
    // SQLite has rolled back by itself already, as it does when the disk is full.
  }
}

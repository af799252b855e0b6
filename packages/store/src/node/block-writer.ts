/**
 * Writes blocks without waiting for the medium (spec S16).
 *
 *     write ─begin, rows, pages go to the file─▶ fdatasync, on a thread of Node's own ─nothing more came?─▶ commit
 *       ▲                                                        │
 *       ╰──────────── the next ones join meanwhile, for a second ╯
 *
 * A commit waits four times for the medium, whatever its size, and for what no sync has carried there yet. There is
 * one connection: whoever else uses it has the transaction committed first, so nobody sees a block that is not on the medium.
 *
 * @module
 */
import { closeSync, fdatasync, openSync } from 'node:fs'
import { cidBytes } from '@effigy/core'
import { countWrite, writeRow } from '../blobs/block-rows.ts'
import type { Block, BlockCounts, BlockWriter, WriteOutcome } from '../blobs/block-writer.ts'
import type { Sqlite } from '../sqlite.ts'
import { storageError } from '../storage-error.ts'

export interface BlockFile {
  /** In place of the connection: owns it, and finishes what is under way before each use. */
  readonly db: Sqlite
  readonly writer: BlockWriter
}

/** Pages above it are written before the commit; KiB. */
const spillAboveKiB = 1024

/** Of one transaction, when a sync is over; and when none is, because the medium is slow. Bytes. */
const enoughBytes: number = 64 * 1024 * 1024
const mostBytes: number = 128 * 1024 * 1024

/** Ms after which one ends with the next sync: what came is told soon, and a kill costs no more. */
const enoughMs = 1_000

/** A transaction that is not committed. */
interface Open {
  readonly sinceMs: number
  bytes: number
  isSyncing: boolean
  /** Something came after the last sync began. */
  isUnsynced: boolean
  readonly writes: { readonly counts: BlockCounts; readonly resolve: (outcome: WriteOutcome) => void }[]
  /** Of the connection, in the measure of the pragma. */
  readonly usualCache: number
}

/** `db`: the connection to the file at `path`, which is the result's from here on. */
export function createBlockFile(path: string, db: Sqlite): BlockFile {
  let open: Open | null = null
  let fd: number | null = null

  function begin(): Open {
    // Never closed before the connection: a process that closes a file loses all its locks of it.
    fd ??= openToSync(path)
    const usualCache = db.first<{ cache_size: number }>('pragma cache_size')?.cache_size ?? 0
    db.run('begin immediate')
    try {
      db.script(`pragma cache_size = -${spillAboveKiB}`)
    } catch (error) {
      rollBack(db)
      throw error
    }
    return {
      sinceMs: performance.now(),
      bytes: 0,
      isSyncing: false,
      isUnsynced: true,
      writes: [],
      usualCache,
    }
  }

  function insert(blocks: readonly Block[], at: number): BlockCounts {
    const counts = { blocks: 0, bytes: 0, heldBytes: 0 }
    for (const [cid, bytes] of blocks) {
      const row = writeRow(db, cidBytes(cid), bytes, at)
      if (row === null) continue
      counts.blocks++
      counts.bytes += bytes.length
      if (row.isHeld) counts.heldBytes += bytes.length
    }
    return counts
  }

  function write(blocks: readonly Block[], at: number): Promise<WriteOutcome> {
    if (open !== null && open.bytes >= mostBytes) finish()
    const { promise, resolve } = Promise.withResolvers<WriteOutcome>()
    try {
      open ??= begin()
      const counts = insert(blocks, at)
      open.writes.push({ counts, resolve })
      open.bytes += counts.bytes
      open.isUnsynced = true
      sync(open)
    } catch (error) {
      fail(error)
      resolve({ type: 'failed', error })
    }
    return promise
  }

  function sync(transaction: Open): void {
    if (transaction.isSyncing || fd === null) return
    transaction.isSyncing = true
    transaction.isUnsynced = false
    fdatasync(fd, (cause) => {
      transaction.isSyncing = false
      if (open !== transaction) return
      // What could not be written once is not written by a later sync that succeeds.
      if (cause !== null) fail(storageError('storage-failed', cause))
      else if (transaction.isUnsynced && !isEnough(transaction)) sync(transaction)
      else finish()
    })
  }

  function finish(): void {
    if (open === null) return
    try {
      countWrite(db)
      db.run('commit')
    } catch (error) {
      fail(error)
      return
    }
    for (const { counts, resolve } of close()) resolve({ type: 'written', counts })
  }

  function fail(error: unknown): void {
    if (open === null) return
    rollBack(db)
    for (const { resolve } of close()) resolve({ type: 'failed', error })
  }

  function close(): Open['writes'] {
    if (open === null) return []
    const { writes, usualCache } = open
    open = null
    db.script(`pragma cache_size = ${usualCache}`)
    return writes
  }

  return {
    writer: { write },
    db: {
      run(sql, ...values) {
        finish()
        return db.run(sql, ...values)
      },
      first(sql, ...values) {
        finish()
        return db.first(sql, ...values)
      },
      rows(sql, ...values) {
        finish()
        return db.rows(sql, ...values)
      },
      script(sql) {
        finish()
        db.script(sql)
      },
      [Symbol.dispose]() {
        finish()
        db[Symbol.dispose]()
        if (fd !== null) closeSync(fd)
        fd = null
      },
    },
  }
}

const isEnough = ({ bytes, sinceMs }: Open): boolean =>
  bytes >= enoughBytes || performance.now() - sinceMs >= enoughMs

function openToSync(path: string): number {
  try {
    return openSync(path, 'r+')
  } catch (cause) {
    throw storageError('storage-failed', cause)
  }
}

function rollBack(db: Sqlite): void {
  try {
    db.run('rollback')
  } catch {
    // SQLite has rolled back by itself already, as it does when the disk is full.
  }
}

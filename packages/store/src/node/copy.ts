/**
 * Copies of database files while they are in use, and a look at one that somebody else may have made (spec S).
 *
 *     connection in use ─a megabyte at a time, on a thread▶ another file, as of one moment ─inspect▶ ours, whole, not newer
 *
 * A file beside a running store cannot be read by another process: its lock is exclusive. So the copy is made by the
 * connection itself, which adds what is written meanwhile.
 *
 * @module
 */
import { chmodSync, closeSync, openSync } from 'node:fs'
import { backup } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '@effigy/core'
import { type InspectFault, inspect } from '../inspect.ts'
import type { Progress } from '../query-port.ts'
import type { Sqlite } from '../sqlite.ts'
import { storageError, storageErrorOf } from '../storage-error.ts'
import type { Store } from '../store.ts'
import { connectionOf } from './connections.ts'
import { openReadOnly } from './sqlite.ts'

export interface CopyOptions {
  readonly signal: AbortSignal
  /** In bytes of the file. */
  readonly onProgress?: (progress: Progress) => void
}

const mainFiles = new WeakMap<Store, Sqlite>()

/** For whoever opens a store. */
export function noteMainFile(store: Store, main: Sqlite): void {
  mainFiles.set(store, main)
}

/** Of a step of the copy, with pages of 4 KiB: nobody waits for longer than a few ms. */
const pagesPerStep = 256

/** While a transaction stays open no step is made, ms between two tries of the first one. */
const firstTryMs = 20

/**
 * A new file of mode 0600 at `path`, as the database is at the moment when it resolves; of what was written and not
 * committed nothing. Throws what the medium throws, and the signal's reason: then the file is left to the caller.
 */
export async function copyDatabase(db: Sqlite, path: string, options: CopyOptions): Promise<void> {
  const { signal, onProgress } = options
  const connection = connectionOf(db)
  if (connection === null) throw new TypeError('a database of another port')
  closeSync(openSync(path, 'wx', 0o600))
  chmodSync(path, 0o600)
  const pageBytes = db.first<{ page_size: number }>('pragma page_size')?.page_size ?? 0
  for (;;) {
    signal.throwIfAborted()
    try {
      await backup(connection, path, {
        rate: pagesPerStep,
        progress({ totalPages, remainingPages }) {
          // The only way to end it: what is thrown here is what it rejects with.
          signal.throwIfAborted()
          const done = (totalPages - remainingPages) * pageBytes
          onProgress?.({ done, total: totalPages * pageBytes })
        },
      })
      break
    } catch (cause) {
      signal.throwIfAborted()
      if (!isBusy(cause)) throw failure(cause)
      await sleep(firstTryMs, undefined, { signal })
    }
  }
  // A connection that was closed meanwhile ends its copies without a word.
  if (!connection.isOpen) throw storageError('closed')
}

/** `copyDatabase` of the main file of a store that `openNodeStore` gave. */
export async function copyMainFile(store: Store, path: string, options: CopyOptions): Promise<void> {
  const main = mainFiles.get(store)
  if (main === undefined) throw new TypeError('a store that is in no folder')
  store.finishAppending?.()
  await copyDatabase(main, path, options)
}

/** Of the first step, while a transaction is open, Node tells no code at all. */
function isBusy(cause: unknown): boolean {
  const code = (cause as { readonly errcode?: unknown } | null)?.errcode
  return code === 0 || code === 5 || code === 6
}

function failure(cause: unknown): unknown {
  const code = (cause as { readonly errcode?: unknown } | null)?.errcode
  return (typeof code === 'number' ? storageErrorOf(code, cause) : null) ?? cause
}

/** Looks at a file that is not open, and changes nothing. */
export function inspectDatabase(
  path: string,
  migrations: readonly string[],
): Result<{ readonly version: number }, InspectFault> {
  return inspect((what) => openReadOnly(what === 'file' ? path : ':memory:'), migrations)
}

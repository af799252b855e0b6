/**
 * Makes a fresh connection ready: pragmas, whose file it is, migrations (spec S1, S2).
 *
 *     connection ─▶ pragmas, lock ─▶ ours? not newer? ─▶ migrations n+1 … ─▶ checkpoint
 *
 * No integrity check: that is a job of its own (`check`), so that opening is fast.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Progress } from './query-port.ts'
import { checkpoint, type Sqlite, transaction } from './sqlite.ts'
import { storageError } from './storage-error.ts'

/** `pragma application_id`: the letters Efgy. */
export const applicationId = 0x45666779

export interface DatabaseOptions {
  /** Numbered from 1; the number of those run is `pragma user_version`. */
  readonly migrations: readonly string[]
  /** Pages kept in memory, KiB; 32 MiB when omitted. */
  readonly cacheKiB?: number
  /** Of a new file, a power of two from 512 to 65,536; SQLite's own 4,096 when omitted. */
  readonly pageBytes?: number
  /** `rollback` for long rows: what is appended is written once, and each commit waits for the medium. */
  readonly journal?: 'write-ahead' | 'rollback'
  /** Of a new file: pages that were freed can be given back to the disk, some at a time. */
  readonly givesBack?: boolean
  /** Before each migration of a file that holds something, and behind the last. */
  readonly onMigration?: (progress: Progress) => void
}

/**
 * Throws `storage-locked` when another connection has the file, `storage-newer` when its
 * format is later than ours (nothing is changed then), `storage-failed` when it is not ours.
 */
export function prepareDatabase(db: Sqlite, options: DatabaseOptions): void {
  const { migrations, cacheKiB = 32 * 1024, pageBytes = 4096, journal = 'write-ahead', onMigration } = options
  // One process a store: the lock is taken with the first read and kept until the connection closes.
  db.script('pragma locking_mode = exclusive')
  const version = pragma(db, 'user_version')
  const owner = pragma(db, 'application_id')
  const isEmpty = db.first('select 1 as one from sqlite_schema limit 1') === null
  if (owner !== applicationId && !(owner === 0 && version === 0 && isEmpty)) {
    throw new EffigyError('storage-failed', 'This file belongs to another program.')
  }
  if (version > migrations.length) throw storageError('storage-newer')
  db.script(`
    pragma page_size = ${pageBytes};
    pragma auto_vacuum = ${options.givesBack === true ? 'incremental' : 'none'};
    ${journals[journal]}
    pragma cache_size = -${cacheKiB};
    pragma temp_store = memory;
    pragma trusted_schema = off;
  `)
  if (version < migrations.length) {
    const waiting = migrations.slice(version)
    const tell = (done: number): void => {
      if (version > 0) onMigration?.({ done, total: waiting.length })
    }
    transaction(db, () => {
      db.script(`pragma application_id = ${applicationId}`)
      for (const [done, migration] of waiting.entries()) {
        tell(done)
        db.script(migration)
      }
      db.script(`pragma user_version = ${migrations.length}`)
    })
    tell(waiting.length)
  }
  // What a process before us left in the log may have missed its sync (see `durableTransaction`).
  checkpoint(db)
}

/** Both survive a loss of power whole; without the log it takes `full` for that. */
const journals = {
  'write-ahead': `
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma wal_autocheckpoint = 0;
    pragma journal_size_limit = ${64 * 1024 * 1024};`,
  rollback: `
    pragma journal_mode = persist;
    pragma synchronous = full;
    pragma journal_size_limit = ${4 * 1024 * 1024};`,
} as const

function pragma(db: Sqlite, name: string): number {
  const row = db.first<Record<string, number>>(`pragma ${name}`)
  return row?.[name] ?? 0
}

/**
 * The SQLite port of `@effigy/store` over sqlite-wasm on a disk in memory.
 *
 * @module
 */

import type { Sqlite } from '@effigy/store'
import { connectWasm } from '@effigy/store/wasm'
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
  const { capi } = vfs.sqlite3
  const mount = vfs.mount(disk, options.now)

  const failure = (errcode: number, cause: Error, isClosed: boolean): Error => {
    const errstr = capi.sqlite3_js_rc_str(errcode) ?? `SQLITE_${errcode}`
    if (isClosed) return new SqliteFailure('closed', errcode, errstr, cause)
    return options.failure(errcode, cause) ?? new SqliteFailure('ERR_SQLITE_ERROR', errcode, errstr, cause)
  }

  let isOpen = true
  try {
    const db = connectWasm(vfs.sqlite3, { filename: name, vfs: vfs.name, enter: mount.use, failure })
    return {
      ...db,
      [Symbol.dispose]() {
        if (!isOpen) return
        isOpen = false
        db[Symbol.dispose]()
        mount.release()
      },
    }
  } catch (cause) {
    mount.release()
    throw cause
  }
}

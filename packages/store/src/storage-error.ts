/**
 * What a SQLite result code means to the people above (spec S1).
 *
 *     SQLITE_FULL ─▶ EffigyError 'storage-full': "There is no space left …"
 *
 * @module
 */
import { EffigyError } from '@effigy/core'

/** The codes with which the medium fails. `closed`: used after disposal. */
export type StorageErrorCode =
  | 'storage-full'
  | 'storage-locked'
  | 'storage-damaged'
  | 'storage-failed'
  | 'storage-newer'
  | 'closed'

const messages: Readonly<Record<StorageErrorCode, string>> = {
  'storage-full': 'There is no space left for the store. Free some space and try again; nothing was changed.',
  'storage-locked': 'The store is open in another process. Close that one first.',
  'storage-damaged':
    'The store is damaged. Put it aside and start with an empty one: feeds come back from other peers.',
  'storage-failed':
    'The store cannot be read or written. Look at its directory, its permissions and the disk.',
  'storage-newer':
    'The store was written by a newer version. Update, and open it again; nothing was changed.',
  closed: 'The store is closed.',
}

/** With the sentence that belongs to the code. */
export function storageError(code: StorageErrorCode, cause?: unknown): EffigyError {
  return new EffigyError(code, messages[code], { cause })
}

/**
 * The error for a result code of SQLite, primary or extended; null when it tells of a
 * mistake of ours (a wrong statement, a broken constraint) and not of the medium.
 */
export function storageErrorOf(resultCode: number, cause: unknown): EffigyError | null {
  const code = codesByResult.get(resultCode & 0xff)
  return code === undefined ? null : storageError(code, cause)
}

const codesByResult: ReadonlyMap<number, StorageErrorCode> = new Map([
  [3, 'storage-failed'], // PERM
  [5, 'storage-locked'], // BUSY
  [6, 'storage-locked'], // LOCKED
  [8, 'storage-failed'], // READONLY
  [10, 'storage-failed'], // IOERR
  [11, 'storage-damaged'], // CORRUPT
  [13, 'storage-full'], // FULL
  [14, 'storage-failed'], // CANTOPEN
  [23, 'storage-failed'], // AUTH
  [26, 'storage-damaged'], // NOTADB
])

/**
 * What is known of a store outside of its files (spec S55): a browser may lose the one and keep the other.
 *
 *     first entries ─▶ mark (IndexedDB, "NAME/store")        no entries, and the mark says there were ─▶ gone
 *
 * @module
 */
import { storageError } from '../storage-error.ts'

export interface Mark {
  /** There were entries. */
  readonly hadEntries: boolean
  /** A copy is being read in: what is in the files is not whole. */
  readonly isImporting: boolean
}

export const noMark: Mark = { hadEntries: false, isImporting: false }

const tableName = 'marks'
const key = 'store'

export const markDatabaseName = (name: string): string => `${name}/store`

/** Throws `storage-failed`: what cannot be read may say that the files are not whole. */
export async function readMark(name: string): Promise<Mark> {
  try {
    const found: unknown = await withTable(name, 'readonly', (table) => table.get(key))
    return isMark(found) ? found : noMark
  } catch (cause) {
    throw storageError('storage-failed', cause)
  }
}

/** On the medium when it resolves. Throws what the browser throws. */
export async function writeMark(name: string, mark: Mark): Promise<void> {
  await withTable(name, 'readwrite', (table) => table.put(mark, key))
}

export function deleteMark(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(markDatabaseName(name))
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
  })
}

function isMark(value: unknown): value is Mark {
  const { hadEntries, isImporting } = (value ?? {}) as Partial<Mark>
  return typeof hadEntries === 'boolean' && typeof isImporting === 'boolean'
}

async function withTable<Value>(
  name: string,
  mode: IDBTransactionMode,
  work: (table: IDBObjectStore) => IDBRequest<Value>,
): Promise<Value> {
  const db = await openDatabase(name)
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(tableName, mode, { durability: 'strict' })
      const request = work(transaction.objectStore(tableName))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    db.close()
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(markDatabaseName(name), 1)
    request.onupgradeneeded = () => void request.result.createObjectStore(tableName)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

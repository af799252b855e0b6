/**
 * The one record of a vault in IndexedDB (spec K10): each change is one transaction, on the disk when it is told.
 *
 *     open ─▶ read · add (never over another) · change (read, edit, write at once) · clear
 *
 * @module
 */
import { EffigyError } from '@effigy/core'

/** Rejects with `EffigyError` 'vault' when the database cannot be reached or is of a newer version. */
export interface VaultTable extends Disposable {
  /** Null: nothing was stored yet. Undefined: something that this browser cannot read any more. */
  read(): Promise<unknown>
  /** False, and nothing is changed, when there is a record already. */
  add(record: unknown): Promise<boolean>
  /**
   * Writes what `edit` makes of what `read` gives, in one transaction, and gives that. What `edit` throws ends it, and is
   * passed on.
   */
  change<Edited>(edit: (record: unknown) => Edited): Promise<Edited>
  /** What stands beside the record: the one that waits for its place, and what is left of the one before (spec K16). */
  beside(place: 'next' | 'former'): BesideTable
  /** Puts what `edit` makes of the record and the one that waits into their places, in one transaction; no one waits then. `former` null: nothing is left of the one before. */
  succeed<Edited>(
    edit: (record: unknown, next: unknown) => { readonly record: Edited; readonly former: unknown },
  ): Promise<Edited>
  /** Of all that stands there. */
  clear(): Promise<void>
  /** Whether such a value comes back as it was given, so that `isWhole`. Nothing of it stays. */
  keeps(value: unknown, isWhole: (value: unknown) => Promise<boolean>): Promise<boolean>
}

export interface BesideTable {
  /** Null: nothing stands there. */
  read(): Promise<unknown>
  write(value: unknown): Promise<void>
  clear(): Promise<void>
}

const storeName = 'device'
const recordKey = 'vault'
const trialKey = 'trial'

/** Of the layout of tables; what is in a record has a version of its own. */
const databaseVersion = 1

/** `name`: of the database, which is made when it is not there. */
export async function openVaultTable(name: string, factory: IDBFactory = indexedDB): Promise<VaultTable> {
  let open: Promise<IDBDatabase> | null = null
  let isDisposed = false

  function opened(): Promise<IDBDatabase> {
    if (open !== null) return open
    const forget = (): void => {
      if (open === opening) open = null
    }
    const opening = openDatabase(forget)
    opening.catch(forget)
    open = opening
    return opening
  }

  async function openDatabase(forget: () => void): Promise<IDBDatabase> {
    let database: IDBDatabase
    try {
      const request = factory.open(name, databaseVersion)
      request.onupgradeneeded = () => request.result.createObjectStore(storeName)
      database = await settled(request)
    } catch (cause) {
      throw unreachable(cause)
    }
    // Another tab wants it away, or the browser has cleared it: it is opened anew when it is asked next.
    database.onversionchange = () => {
      database.close()
      forget()
    }
    database.onclose = forget
    return database
  }

  async function inTransaction<Value>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => Promise<Value>,
  ): Promise<Value> {
    if (isDisposed) throw new EffigyError('closed', 'The vault is closed.')
    const database = await opened()
    let transaction: IDBTransaction
    try {
      transaction = database.transaction(storeName, mode, { durability: 'strict' })
    } catch (cause) {
      throw unreachable(cause)
    }
    const over = finished(transaction)
    // Told below: an error of `work` comes first.
    over.catch(() => {})
    let value: Value
    try {
      value = await work(transaction.objectStore(storeName))
    } catch (cause) {
      abort(transaction)
      await over.catch(() => {})
      throw cause
    }
    await over
    return value
  }

  async function recordIn(store: IDBObjectStore): Promise<unknown> {
    // A key that the browser cannot give back may read as if nothing were there.
    const [key, record] = await Promise.all([settled(store.getKey(recordKey)), settled(store.get(recordKey))])
    return key === undefined ? null : (record ?? undefined)
  }

  const write = (store: IDBObjectStore, record: unknown, key: string): Promise<unknown> => {
    try {
      return settled(store.put(record, key))
    } catch (cause) {
      throw unreachable(cause)
    }
  }

  await opened()
  return {
    read: () => inTransaction('readonly', recordIn),
    add: (record) =>
      inTransaction('readwrite', async (store) => {
        if ((await settled(store.getKey(recordKey))) !== undefined) return false
        await write(store, record, recordKey)
        return true
      }),
    change: (edit) =>
      inTransaction('readwrite', async (store) => {
        const edited = edit(await recordIn(store))
        await write(store, edited, recordKey)
        return edited
      }),
    beside: (place) => ({
      read: () => inTransaction('readonly', async (store) => (await settled(store.get(place))) ?? null),
      write: (value) => inTransaction('readwrite', async (store) => void (await write(store, value, place))),
      clear: () => inTransaction('readwrite', async (store) => void (await settled(store.delete(place)))),
    }),
    succeed: (edit) =>
      inTransaction('readwrite', async (store) => {
        const { record, former } = edit(await recordIn(store), await settled<unknown>(store.get('next')))
        await write(store, record, recordKey)
        if (former === null) await settled(store.delete('former'))
        else await write(store, former, 'former')
        await settled(store.delete('next'))
        return record
      }),
    clear: () => inTransaction('readwrite', async (store) => void (await settled(store.clear()))),
    async keeps(value, isWhole) {
      try {
        await inTransaction('readwrite', (store) => write(store, value, trialKey))
        const back = await inTransaction('readonly', (store) => settled<unknown>(store.get(trialKey)))
        return await isWhole(back)
      } catch {
        return false
      } finally {
        await inTransaction('readwrite', (store) => settled(store.delete(trialKey))).catch(() => {})
      }
    },
    [Symbol.dispose]() {
      isDisposed = true
      open?.then(
        (database) => database.close(),
        () => {},
      )
      open = null
    },
  }
}

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(unreachable(request.error))
  })
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(unreachable(transaction.error))
  })
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It was over already.
  }
}

function unreachable(cause: unknown): EffigyError {
  if (cause instanceof EffigyError) return cause
  const isNewer = cause instanceof DOMException && cause.name === 'VersionError'
  const message = isNewer
    ? 'the vault was written by a newer version'
    : 'the vault cannot be reached in this browser'
  return new EffigyError('vault', message, { cause })
}

/**
 * The hub's records in a SQLite file of their own: what one machine needs.
 *
 *     put, delete ─▶ queue ─turn of the loop▶ one durable transaction ─▶ watchers, promises
 *     get, list   ─▶ the file
 *
 * Writes that come together share one wait for the disk.
 *
 * @module
 */
import { EffigyError, err, ok, type Result } from '@effigy/core'
import { durableTransaction, type Sqlite, storageError } from '@effigy/store'
import { type CopyOptions, copyDatabase, openSqlite } from '@effigy/store/node'
import type { Clock, Log } from '@effigy/sync'
import {
  type DeleteFailure,
  type HubBucket,
  type HubRecord,
  type HubStore,
  isBucketName,
  isHubKey,
  maxPage,
  maxUnwritten,
  maxValueBytes,
  type PutFailure,
} from './hub-store.ts'
import { createRecordTable, recordMigrations } from './record-table.ts'
import { createWatchers, type Told } from './watchers.ts'

export interface EmbeddedStoreOptions {
  /** Of the file, in a folder that is there; `:memory:` keeps nothing. */
  readonly path: string
  readonly clock: Clock
  readonly log: Log
}

export interface EmbeddedStore extends HubStore {
  /** Writes all records to a new file, while the hub runs; what was written before the call is in it. As `copyDatabase`. */
  copyTo(path: string, options: CopyOptions): Promise<void>
}

/** Ms between two looks for expired records. */
const sweepMs = 60_000
/** Erased in one turn of the loop. */
const sweepCount = 512
/** Pages kept in memory: a hub's records are few. */
const cacheKiB = 2048

/** What a write found or did, and what watchers hear of it once it is committed. */
interface Written<Value> {
  readonly value: Value
  readonly change: Told | null
}

interface Waiting {
  readonly bucket: string
  work(): Written<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Throws as `openSqlite` does, but 'records-damaged' for its damage. Dispose it: what waits is written first. */
export function openEmbeddedStore({ path, clock, log }: EmbeddedStoreOptions): EmbeddedStore {
  const db = openFile(path)
  const table = createRecordTable(db)
  const watchers = createWatchers((bucket, options) => table.list(bucket, options, clock.now()))
  let waiting: Waiting[] = []
  let isOpen = true
  let sweeping = clock.after(0, sweep)

  /** All that waits, in order; when the medium fails, none of it. */
  function flush(): void {
    const writes = waiting
    waiting = []
    if (writes.length === 0) return
    try {
      const done = durableTransaction(db, () => writes.map((write) => ({ write, written: write.work() })))
      for (const { write, written } of done) {
        if (written.change !== null) watchers.tell(write.bucket, written.change)
        write.resolve(written.value)
      }
    } catch (error) {
      for (const write of writes) write.reject(error)
    }
  }

  function write<Value>(bucket: string, work: () => Written<Value>): Promise<Value> {
    if (!isOpen) return Promise.reject(storageError('closed'))
    if (waiting.length >= maxUnwritten) {
      return Promise.reject(new EffigyError('busy', 'too many records wait to be written'))
    }
    if (waiting.length === 0) setImmediate(flush)
    return new Promise<unknown>((resolve, reject) => {
      waiting.push({ bucket, work, resolve, reject })
    }) as Promise<Value>
  }

  /** Of those that came after the first `sweepCount`, in a later turn. */
  function sweep(): void {
    let erased = 0
    try {
      const names = durableTransaction(db, () => table.eraseExpired(clock.now(), sweepCount))
      for (const { bucket, key } of names) watchers.tell(bucket, { type: 'deleted', key })
      erased = names.length
    } catch (error) {
      if (!(error instanceof EffigyError)) throw error
      log.warn('records.failed', { code: error.code })
    }
    sweeping = clock.after(erased < sweepCount ? sweepMs : 0, sweep)
  }

  /** Null where nothing is, or what is there is over. */
  function present(bucket: string, key: string): HubRecord | null {
    const record = table.get(bucket, key)
    return record === null || (record.expiresMs !== null && record.expiresMs <= clock.now()) ? null : record
  }

  function createBucket(bucket: string): HubBucket {
    return {
      async get(key) {
        checkKey(key)
        return present(bucket, key)
      },
      async put(key, value, { revision, expiresMs = null } = {}) {
        checkKey(key)
        if (!value.isWellFormed()) throw new RangeError('no text')
        const bytes = Buffer.byteLength(value)
        if (bytes > maxValueBytes) return err({ type: 'too-large', bytes })
        return write<Result<number, PutFailure>>(bucket, () => {
          const found = present(bucket, key)?.revision ?? 0
          if (revision !== undefined && revision !== found) return conflict(found)
          const record = { key, value, expiresMs }
          const put = table.put(bucket, record)
          return { value: ok(put), change: { type: 'put', record: { ...record, revision: put } } }
        })
      },
      async delete(key, { revision } = {}) {
        checkKey(key)
        return write<Result<boolean, DeleteFailure>>(bucket, () => {
          const found = present(bucket, key)?.revision ?? 0
          if (revision !== undefined && revision !== found) return conflict(found)
          if (found === 0) return { value: ok(false), change: null }
          table.delete(bucket, key)
          return { value: ok(true), change: { type: 'deleted', key } }
        })
      },
      async list(options) {
        const { limit } = options
        if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= maxPage)) {
          throw new RangeError(`a page has 1 to ${maxPage} records`)
        }
        return table.list(bucket, options, clock.now())
      },
      watch: ({ prefix = '' }, signal) => watchers.watch(bucket, prefix, signal),
    }
  }

  return {
    bucket(name) {
      if (!isBucketName(name)) throw new RangeError('no name of a bucket')
      return createBucket(name)
    },
    async copyTo(target, options) {
      flush()
      await copyDatabase(db, target, options)
    },
    async [Symbol.asyncDispose]() {
      if (!isOpen) return
      flush()
      isOpen = false
      sweeping[Symbol.dispose]()
      watchers.close()
      db[Symbol.dispose]()
    },
  }
}

function openFile(path: string): Sqlite {
  try {
    return openSqlite(path, { migrations: recordMigrations, cacheKiB })
  } catch (cause) {
    // Another file, another remedy than for the store of the peer.
    if (!(cause instanceof EffigyError && cause.code === 'storage-damaged')) throw cause
    throw new EffigyError('records-damaged', 'The records of the hub are damaged.', { cause })
  }
}

function conflict(revision: number): Written<Result<never, DeleteFailure>> {
  return { value: err({ type: 'conflict', revision }), change: null }
}

function checkKey(key: string): void {
  if (!isHubKey(key)) throw new RangeError('no key of a record')
}

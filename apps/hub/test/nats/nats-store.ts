/**
 * A `HubStore` over NATS KV: enough to show that the port fits it, and what would have to be done for a hub of many
 * machines (docs/decisions/0011-hub-ports.md).
 *
 *     bucket 'invites', key 'a/1' ─▶ KV '<prefix>-invites', key '612f31': "<expiresMs or nothing>\n<value>"
 *
 * What a shipped driver would do better: a list reads all keys of the bucket, and nobody erases what has expired.
 *
 * @module
 */
import { EffigyError, err, ok, type Result } from '@effigy/core'
import { JetStreamApiError } from '@nats-io/jetstream'
import { type KV, type KvEntry, Kvm } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import { createBell } from '../../src/ports/bell.ts'
import {
  type DeleteFailure,
  type HubBucket,
  type HubChange,
  type HubRecord,
  type HubStore,
  isBucketName,
  isHubKey,
  maxPage,
  maxUnseenChanges,
  maxValueBytes,
  type PutFailure,
} from '../../src/ports/hub-store.ts'

export interface NatsStoreOptions {
  readonly connection: NatsConnection
  /** What several hubs at one server do not share. */
  readonly prefix: string
  /** Wall time, ms. */
  now(): number
}

/** Somebody else wrote between our look and our write so often that something is wrong. */
const maxTries = 16
/** Numbers of NATS for "somebody else wrote". */
const wrongLastSequence: ReadonlySet<number> = new Set([10_071, 10_164])

/** Disposing waits for what is being written, and closes the connection. */
export function createNatsStore({ connection, prefix, now }: NatsStoreOptions): HubStore {
  const kvs = new Map<string, Promise<KV>>()
  const running = new Set<Promise<unknown>>()
  const closed = new AbortController()

  /** While it runs the connection stays open. */
  function during<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = (async () => {
      closed.signal.throwIfAborted()
      try {
        return await work()
      } catch (cause) {
        if (cause instanceof EffigyError || cause instanceof RangeError) throw cause
        throw new EffigyError('unavailable', 'NATS does not answer', { cause })
      }
    })()
    running.add(done)
    const over = (): void => void running.delete(done)
    done.then(over, over)
    return done
  }

  function open(bucket: string): Promise<KV> {
    const known = kvs.get(bucket)
    if (known !== undefined) return known
    const made = new Kvm(connection).create(`${prefix}-${bucket}`, { history: 1, allow_direct: false })
    kvs.set(bucket, made)
    return made
  }

  /** What is there; `last`: the revision of whatever was written to the key last, be it a deletion, or 0. */
  async function look(
    kv: KV,
    key: string,
  ): Promise<{ readonly record: HubRecord | null; readonly last: number }> {
    const entry = await kv.get(keyToNats(key))
    return { record: entry === null ? null : presentOf(entry, now()), last: entry?.revision ?? 0 }
  }

  /** `write` over what `look` saw, again and again until nobody was faster. */
  async function compareAndWrite<Value>(
    kv: KV,
    key: string,
    revision: number | undefined,
    write: (seen: { readonly record: HubRecord | null; readonly last: number }) => Promise<Value>,
  ): Promise<Result<Value, DeleteFailure>> {
    for (let tries = 0; tries < maxTries; tries++) {
      const seen = await look(kv, key)
      const found = seen.record?.revision ?? 0
      if (revision !== undefined && revision !== found) return err({ type: 'conflict', revision: found })
      try {
        return ok(await write(seen))
      } catch (cause) {
        if (!(cause instanceof JetStreamApiError && wrongLastSequence.has(cause.code))) throw cause
      }
    }
    throw new EffigyError('unavailable', 'others write the same record without end')
  }

  function createBucket(bucket: string): HubBucket {
    async function keys(prefixOfKeys: string, after: string): Promise<readonly string[]> {
      const found: string[] = []
      for await (const name of await (await open(bucket)).keys()) found.push(keyFromNats(name))
      return found.filter((key) => key > after && key.startsWith(prefixOfKeys)).sort()
    }

    async function* watch(prefixOfKeys: string, signal: AbortSignal): AsyncGenerator<HubChange> {
      const over = AbortSignal.any([signal, closed.signal])
      over.throwIfAborted()
      const kv = await open(bucket)
      const updates = await kv.watch({ include: 'updates' })
      const unseen: KvEntry[] = []
      const bell = createBell()
      let behind = false
      const collecting = (async () => {
        for await (const entry of updates) {
          if (unseen.length >= maxUnseenChanges) behind = true
          if (behind) break
          unseen.push(entry)
          bell.ring()
        }
        bell.ring()
      })()
      const told = new Map<string, number>()
      try {
        for (const key of await keys(prefixOfKeys, '')) {
          over.throwIfAborted()
          const { record, last } = await look(kv, key)
          told.set(key, last)
          if (record !== null) yield { type: 'put', record }
        }
        yield { type: 'caught-up' }
        for (;;) {
          over.throwIfAborted()
          if (behind) throw new EffigyError('behind', 'a watcher of records was too slow')
          const entry = unseen.shift()
          if (entry === undefined) {
            await bell.heard(over)
            continue
          }
          const key = keyFromNats(entry.key)
          if (!key.startsWith(prefixOfKeys) || entry.revision <= (told.get(key) ?? 0)) continue
          const record = entry.operation === 'PUT' ? recordOf(entry) : null
          yield record === null ? { type: 'deleted', key } : { type: 'put', record }
        }
      } finally {
        updates.stop()
        await collecting
      }
    }

    return {
      async get(key) {
        checkKey(key)
        return during(async () => (await look(await open(bucket), key)).record)
      },
      async put(key, value, { revision, expiresMs = null } = {}): Promise<Result<number, PutFailure>> {
        checkKey(key)
        if (!value.isWellFormed()) throw new RangeError('no text')
        const bytes = Buffer.byteLength(value)
        if (bytes > maxValueBytes) return err({ type: 'too-large', bytes })
        const name = keyToNats(key)
        const data = new TextEncoder().encode(`${expiresMs ?? ''}\n${value}`)
        return during(async () => {
          const kv = await open(bucket)
          if (revision === undefined) return ok(await kv.put(name, data))
          return compareAndWrite(kv, key, revision, ({ last }) => kv.put(name, data, { previousSeq: last }))
        })
      },
      async delete(key, { revision } = {}) {
        checkKey(key)
        return during(async () => {
          const kv = await open(bucket)
          return compareAndWrite(kv, key, revision, async ({ record, last }) => {
            if (record === null) return false
            await kv.delete(keyToNats(key), { previousSeq: last })
            return true
          })
        })
      },
      async list({ prefix: prefixOfKeys = '', after = '', limit }) {
        if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= maxPage)) {
          throw new RangeError(`a page has 1 to ${maxPage} records`)
        }
        return during(async () => {
          const kv = await open(bucket)
          const records: HubRecord[] = []
          for (const key of await keys(prefixOfKeys, after)) {
            const { record } = await look(kv, key)
            if (record === null) continue
            if (records.length === limit) return { records, next: records.at(-1)?.key ?? null }
            records.push(record)
          }
          return { records, next: null }
        })
      },
      watch: ({ prefix: prefixOfKeys = '' }, signal) => watch(prefixOfKeys, signal),
    }
  }

  return {
    bucket(name) {
      if (!isBucketName(name)) throw new RangeError('no name of a bucket')
      return createBucket(name)
    },
    async [Symbol.asyncDispose]() {
      if (closed.signal.aborted) return
      closed.abort(new EffigyError('closed', 'the records are closed'))
      await Promise.allSettled(running)
      await connection.close()
    },
  }
}

function recordOf(entry: KvEntry): HubRecord | null {
  if (entry.operation !== 'PUT') return null
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(entry.value)
  const end = text.indexOf('\n')
  const expires = text.slice(0, end)
  return {
    key: keyFromNats(entry.key),
    value: text.slice(end + 1),
    revision: entry.revision,
    expiresMs: expires === '' ? null : Number(expires),
  }
}

function presentOf(entry: KvEntry, nowMs: number): HubRecord | null {
  const record = recordOf(entry)
  return record === null || (record.expiresMs !== null && record.expiresMs <= nowMs) ? null : record
}

/** One word of hexadecimal digits: subjects give dots, stars and arrows a meaning. */
const keyToNats = (key: string): string => Buffer.from(key, 'latin1').toString('hex')
const keyFromNats = (name: string): string => Buffer.from(name, 'hex').toString('latin1')

function checkKey(key: string): void {
  if (!isHubKey(key)) throw new RangeError('no key of a record')
}

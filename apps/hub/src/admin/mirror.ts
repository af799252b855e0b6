/**
 * A bucket of records at hand, for what is asked too often, or too late, to wait for an answer: who is blocked, say.
 *
 *     bucket ─watch▶ Map ─get, entries▶ now        put, delete ─▶ bucket, then Map
 *
 * What other processes of the hub write comes by the watch.
 *
 * @module
 */
import { EffigyError, ok, type Result } from '@effigy/core'
import type { Log } from '@effigy/sync'
import type { HubBucket, HubRecord, PutFailure } from '../ports/hub-store.ts'
import { parseJson } from '../ports/record-json.ts'

export interface Mirror<Value> {
  get(key: string): Value | null
  entries(): Iterable<readonly [string, Value]>
  readonly size: number
  /** On the medium when it resolves. */
  put(key: string, value: Value, expiresMs?: number): Promise<Result<number, PutFailure>>
  /** False: there was none. */
  delete(key: string): Promise<boolean>
}

export interface MirrorOptions<Value> {
  readonly bucket: HubBucket
  /** Null: not of this version, or damaged; passed over. */
  readonly parse: (value: unknown, key: string) => Value | null
  readonly log: Log
  /** For logs. */
  readonly name: string
  /** Called after each change, whoever made it. */
  readonly onChange?: () => void
  readonly signal: AbortSignal
}

/** Resolves when all that is there has been read. Rejects as the bucket does. */
export async function openMirror<Value>(options: MirrorOptions<Value>): Promise<Mirror<Value>> {
  const { bucket, log, name, signal, onChange = () => {} } = options
  const values = new Map<string, { readonly value: Value; readonly revision: number }>()
  const ready = Promise.withResolvers<void>()

  function read({ key, value: text, revision }: HubRecord): void {
    // What was written here since is newer than what the watch still has to tell.
    if ((values.get(key)?.revision ?? 0) > revision) return
    const value = options.parse(parseJson(text), key)
    if (value === null) {
      log.warn('records.passed-over', { bucket: name })
      values.delete(key)
    } else values.set(key, { value, revision })
  }

  async function follow(): Promise<void> {
    // What was deleted while nobody listened is in no page.
    const before = new Set(values.keys())
    for await (const change of bucket.watch({}, signal)) {
      if (change.type === 'put') read(change.record)
      else if (change.type === 'deleted') values.delete(change.key)
      else {
        for (const key of before) values.delete(key)
        ready.resolve()
      }
      if (change.type === 'put') before.delete(change.record.key)
      if (change.type !== 'caught-up') onChange()
    }
  }

  async function followOn(): Promise<void> {
    for (;;) {
      try {
        return await follow()
      } catch (error) {
        ready.reject(error)
        const code = error instanceof EffigyError ? error.code : 'unexpected'
        if (signal.aborted || code === 'closed') return
        if (code !== 'behind') return log.warn('records.unwatched', { bucket: name, code })
      }
    }
  }

  void followOn()
  await ready.promise

  return {
    get: (key) => values.get(key)?.value ?? null,
    entries: () => Array.from(values, ([key, { value }]) => [key, value] as const),
    get size() {
      return values.size
    },
    async put(key, value, expiresMs) {
      const written = await bucket.put(
        key,
        JSON.stringify(value),
        expiresMs === undefined ? {} : { expiresMs },
      )
      if (!written.ok) return written
      values.set(key, { value, revision: written.value })
      onChange()
      return ok(written.value)
    },
    async delete(key) {
      const deleted = await bucket.delete(key)
      values.delete(key)
      onChange()
      return deleted.ok && deleted.value
    },
  }
}

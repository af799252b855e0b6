/**
 * Contents that the operator has taken down, and why (spec V93). The store knows which; here is the rest.
 *
 *     records `take-downs` ─start▶ store.takeDowns      a store that was put back from a copy takes them down again
 *
 * @module
 */
import { type Cid, parseCid } from '@effigy/core'
import type { TakeDowns } from '@effigy/store'
import type { Log } from '@effigy/sync'
import type { HubStore } from '../ports/hub-store.ts'
import { recordOf } from '../ports/record-json.ts'
import { openMirror } from './mirror.ts'

export interface TakeDown {
  readonly content: Cid
  /** The operator's note, for operators. */
  readonly reason: string | null
  /** Ms. */
  readonly at: number
}

export interface TakeDownList {
  readonly list: readonly TakeDown[]
  get(content: Cid): TakeDown | null
  /** False: there are too many. */
  add(takeDown: TakeDown): Promise<boolean>
  /** False: it was not taken down. */
  remove(content: Cid): Promise<boolean>
}

export interface TakeDownsDeps {
  readonly records: HubStore
  readonly store: TakeDowns
  readonly log: Log
  readonly signal: AbortSignal
}

/** All are kept at hand. */
export const maxTakeDowns = 100_000

export async function openTakeDowns({ records, store, log, signal }: TakeDownsDeps): Promise<TakeDownList> {
  const bucket = records.bucket('take-downs')
  const takeDowns = await openMirror<TakeDown>({ bucket, parse, name: 'take-downs', log, signal })
  for (const [, { content }] of takeDowns.entries()) if (!store.has(content)) store.add(content)
  return {
    get list() {
      return Array.from(takeDowns.entries(), ([, takeDown]) => takeDown)
    },
    get: takeDowns.get,
    async add(takeDown) {
      const { content } = takeDown
      if (takeDowns.get(content) === null && takeDowns.size >= maxTakeDowns) return false
      // First what is remembered: who is cut off in between takes it down at the next start.
      if (!(await takeDowns.put(content, takeDown)).ok) return false
      store.add(content)
      return true
    },
    async remove(content) {
      const wasThere = await takeDowns.delete(content)
      return store.remove(content) || wasThere
    },
  }
}

function parse(value: unknown, key: string): TakeDown | null {
  const { reason, at } = recordOf(value)
  const content = parseCid(key)
  if (content === null || !Number.isSafeInteger(at)) return null
  return { content, reason: typeof reason === 'string' ? reason : null, at: at as number }
}

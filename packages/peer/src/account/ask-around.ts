/**
 * Asks everybody who is connected what they know of feeds, and waits a while: of accounts that are looked for.
 *
 *     keys ─watched for a while─▶ whoever is connected tells states ─▶ settled │ not waited for any longer
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Store, WatchPolicy } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { policyOf } from '../relations.ts'

export interface FindPorts {
  readonly store: Pick<Store, 'synods' | 'feed' | 'watchFeed'>
  readonly clock: Pick<Clock, 'after'>
  /** Asks those who are connected about what is watched now. */
  readonly refresh: (identities: readonly Identity[]) => void
  /** Resolves when everybody who is connected has given all that they have. */
  readonly settled: (signal: AbortSignal) => Promise<unknown>
  readonly signal: AbortSignal
}

/** Whoever has not answered by then is not waited for, ms. */
const patienceMs = 15_000

/** The newest state says all; the ones below tell whether it is disputed. */
export const newestStates: WatchPolicy = { depth: { type: 'last', count: 16 }, blobs: { type: 'none' } }

/** States of these keys are asked for until it is disposed; those of an account are watched for its sake then (following.ts). */
export function watchStates(keys: readonly Identity[], store: FindPorts['store']): Disposable {
  const fresh = keys.filter((key) => store.feed(key)?.watched !== true)
  for (const key of fresh) store.watchFeed(key, newestStates)
  return {
    [Symbol.dispose]() {
      for (const key of fresh) {
        if (JSON.stringify(policyOf(store, key)) === JSON.stringify(newestStates)) store.watchFeed(key, null)
      }
    },
  }
}

/** What those who are connected know of these feeds is here, or they take too long. */
export async function askAround(
  identities: readonly Identity[],
  { clock, refresh, settled, signal }: Omit<FindPorts, 'store'>,
): Promise<void> {
  const patience = new AbortController()
  using _timer = clock.after(patienceMs, () => patience.abort())
  refresh(identities)
  try {
    await settled(AbortSignal.any([signal, patience.signal]))
  } catch (reason) {
    signal.throwIfAborted()
    if (!patience.signal.aborted) throw reason
  }
}

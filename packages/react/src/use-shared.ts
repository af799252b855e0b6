/**
 * From a source to what a component shows.
 *
 *     useShared(question, source) ─useSyncExternalStore▶ snapshot, the same for all who ask the same
 *
 * @module
 */
import { useMemo, useSyncExternalStore } from 'react'
import type { Answer } from './answer.ts'
import type { Shown, Source } from './cache.ts'
import type { HookPeer } from './hook-peer.ts'
import { useProvided } from './provider.tsx'

/**
 * `question`: plain data that names the source among all of the peer; it is compared as JSON, so it may be made anew by
 * each rendering. `sourceOf` depends on nothing else.
 */
export function useShared<Snapshot extends Shown>(
  question: readonly unknown[],
  sourceOf: (peer: HookPeer) => Source<Snapshot>,
): Snapshot {
  const { peer, cache } = useProvided()
  const key = JSON.stringify(question)
  // The key says all that the source depends on.
  const shared = useMemo(() => {
    const source = sourceOf(peer)
    return {
      subscribe: (listener: () => void) => cache.subscribe(key, source, listener),
      snapshot: () => cache.snapshot(key, source),
    }
  }, [peer, cache, key])
  return useSyncExternalStore(shared.subscribe, shared.snapshot, shared.snapshot)
}

/** Of what yields whole values, each in the place of the one before. */
export function answers<Value>(
  open: (signal: AbortSignal) => AsyncIterable<Value>,
  options: Pick<Source<Answer<Value>>, 'mayPause'> = {},
): Source<Answer<Value>> {
  return {
    ...options,
    initial: (wait) => ({ type: 'pending', value: null, error: null, wait }),
    async run(emit, signal) {
      for await (const value of open(signal)) emit({ type: 'ready', value, error: null })
    },
    failed: (error, { value }) => ({ type: 'failed', value, error }),
  }
}

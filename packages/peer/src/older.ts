/**
 * Older entries of a feed on demand (spec S14).
 *
 *     fetchOlder(identity, 50) ─reachDown▶ need ─▶ getfeed from the lowest that is here ─▶ done / total
 *
 * @module
 */
import { EffigyError, type Identity } from '@effigy/core'
import type { Progress, Store } from '@effigy/store'
import type { Pulse } from './live.ts'

export interface OlderPorts {
  readonly store: Pick<Store, 'feed' | 'need' | 'reachDown'>
  /** Fires when entries may have come. */
  readonly pulse: Pulse
  readonly refresh: (identities: readonly Identity[]) => void
}

/** Resolves with how many came: fewer than `count` at the beginning of the feed, or where it is broken. */
export async function fetchOlder(
  { store, pulse, refresh }: OlderPorts,
  identity: Identity,
  count: number,
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal; readonly onProgress?: (progress: Progress) => void },
): Promise<number> {
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError('from 1 entry on')
  const start = await lowestKnown({ store, pulse, refresh }, identity, signal)
  const goal = Math.max(1, start - count)
  const total = start - goal
  using _reach = store.reachDown(identity, goal)
  refresh([identity])
  let told = -1
  for (;;) {
    const seen = pulse.count
    const done = Math.min(total, Math.max(0, start - lowestOf(watched(store, identity))))
    if (done > told) onProgress?.({ done, total })
    told = Math.max(told, done)
    if (done === total || store.need(identity) === null) return done
    signal.throwIfAborted()
    await pulse.after(seen, signal)
  }
}

/** The lowest entry below which more is wanted; waits until a head of the feed is known. */
async function lowestKnown(
  { store, pulse, refresh }: OlderPorts,
  identity: Identity,
  signal: AbortSignal,
): Promise<number> {
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted()
    const seen = pulse.count
    const state = watched(store, identity)
    if (state.record !== null) return lowestOf(state)
    if (isFirst) refresh([identity])
    await pulse.after(seen, signal)
  }
}

type State = NonNullable<ReturnType<Store['feed']>>

function watched(store: OlderPorts['store'], identity: Identity): State {
  const state = store.feed(identity)
  if (state?.watched === true) return state
  throw new EffigyError('not-watched', 'Nothing of this feed is fetched. Follow or watch it first.')
}

const lowestOf = ({ runs, record }: State): number => runs.at(-1)?.first ?? (record?.head.length ?? 0) + 1

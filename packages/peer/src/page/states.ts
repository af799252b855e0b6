/**
 * How far the peer is, told to whoever looks: the newest alone to who looks rarely.
 *
 * @module
 */
import { whenAborted } from '@effigy/sync'
import type { PeerState } from '../remote/page-peer.ts'

export interface States {
  readonly now: PeerState
  tell(state: PeerState): void
  /** Now and each later one; ends with the signal, and behind `closed`. */
  all(signal: AbortSignal): AsyncIterable<PeerState>
}

export function createStates(first: PeerState): States {
  let now = first
  const sleepers = new Set<() => void>()

  async function* all(signal: AbortSignal): AsyncGenerator<PeerState, void> {
    let seen: PeerState | null = null
    while (!signal.aborted) {
      if (seen !== now) {
        seen = now
        yield now
        if (now.type === 'closed') return
        continue
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      sleepers.add(resolve)
      using _awake = whenAborted(signal, resolve)
      await promise
      sleepers.delete(resolve)
    }
  }

  return {
    get now() {
      return now
    },
    tell(state) {
      // Said again, as it is to whoever asks whether anybody is there: no news.
      if (JSON.stringify(state) === JSON.stringify(now)) return
      now = state
      for (const wake of sleepers) wake()
      sleepers.clear()
    },
    all,
  }
}

/**
 * Whether whoever has the peer still answers (spec O13): a tab that the system has stopped keeps its lock, and nobody may
 * take the store from it. The person is told, and can go to that tab or close it.
 *
 *     every 10 s without a word ─ask▶ … ─three times nothing▶ silent
 *
 * @module
 */
import type { Clock } from '@effigy/sync'

export interface LeaderWatch extends Disposable {
  /** Something came. */
  heard(): void
}

/** Ms. */
const beatMs = 10_000

/** Longer than the longest work between two messages. */
const maxMissedBeats = 3

export function watchLeader(clock: Clock, ask: () => void, silent: () => void): LeaderWatch {
  let missed = 0
  let timer = clock.after(beatMs, beat)

  function beat(): void {
    if (missed++ === maxMissedBeats) silent()
    else ask()
    timer = clock.after(beatMs, beat)
  }

  return {
    heard() {
      missed = 0
    },
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  }
}

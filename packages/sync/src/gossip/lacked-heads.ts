/**
 * Heads that we told on without having their entries (spec G7): whoever has them takes it that we need not be told,
 * so it is asked.
 *
 *     told on, not here ─ 10 s ─ still needed? ─▶ getheads ─▶ the other side may be a source … 20 s, 40 s, …
 *
 * Otherwise a single source that tells a head and gives nothing could keep a feed from us for ever.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { maxListedIds } from '../limits.ts'
import type { Effects } from '../replication/effects.ts'

export interface LackedHeadsPorts {
  readonly effects: Pick<Effects, 'after'>
  /** Whether something of the feed is still to be fetched. */
  readonly isNeeded: (identity: Identity) => boolean
  /** Asks the other side for its heads of these. */
  readonly ask: (identities: readonly Identity[]) => void
}

export interface LackedHeads {
  add(identity: Identity): void
}

/** Ms: far longer than a fetch that goes on takes; each time in vain doubles it. */
const firstPauseMs = 10_000
const longestPauseMs = 160_000

export function createLackedHeads({ effects, isNeeded, ask }: LackedHeadsPorts): LackedHeads {
  const lacked = new Set<Identity>()
  let pauseMs = firstPauseMs
  let isTimed = false

  function wait(): void {
    if (isTimed || lacked.size === 0) return
    isTimed = true
    effects.after(pauseMs, () => {
      isTimed = false
      for (const identity of lacked) if (!isNeeded(identity)) lacked.delete(identity)
      const asked = [...lacked].slice(0, maxListedIds)
      if (asked.length > 0) ask(asked)
      // Behind the others, so that all come up.
      for (const identity of asked) {
        lacked.delete(identity)
        lacked.add(identity)
      }
      pauseMs = Math.min(2 * pauseMs, longestPauseMs)
      wait()
    })
  }

  return {
    add(identity) {
      if (!lacked.has(identity)) pauseMs = firstPauseMs
      lacked.add(identity)
      wait()
    },
  }
}

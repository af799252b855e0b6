/**
 * Own candidates on their way to the other side: checked, a few at a time, never before their description (spec M13).
 *
 *     platform ─add▶ usable? allowed? among the first? ─▶ some ms for others to join ─▶ send
 *
 * @module
 */
import type { Clock } from '@effigy/sync'
import { isAllowed, maxCandidates, parseCandidate } from './candidate.ts'
import type { RtcCandidate, RtcPolicy } from './rtc-port.ts'
import { candidatesInSignal } from './signals.ts'

export interface CandidateOutbox extends Disposable {
  add(candidate: RtcCandidate): void
  /** The description with that `ufrag` has left; candidates of others have not to. */
  described(ufrag: string): void
}

/** Ms in which candidates gather for one signal. */
const gatherMs = 50

export function createCandidateOutbox(
  clock: Clock,
  allowed: { readonly policy: RtcPolicy; readonly takesLocal?: boolean | undefined },
  send: (ufrag: string, lines: readonly string[]) => void,
): CandidateOutbox {
  let current = ''
  let describedUfrag: string | null = null
  let lines: string[] = []
  let count = 0
  let timer: Disposable | null = null

  function flushLater(): void {
    if (describedUfrag !== current || lines.length === 0 || timer !== null) return
    timer = clock.after(gatherMs, () => {
      timer = null
      if (describedUfrag !== current) return
      send(current, lines.splice(0, candidatesInSignal))
      flushLater()
    })
  }

  return {
    add({ line, ufrag }) {
      if (current !== ufrag) {
        current = ufrag
        lines = []
        count = 0
      }
      const candidate = parseCandidate(line)
      if (candidate === null || !isAllowed(candidate, allowed) || count >= maxCandidates) return
      count++
      lines.push(candidate.line)
      flushLater()
    },
    described(ufrag) {
      describedUfrag = ufrag
      flushLater()
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      lines = []
    },
  }
}

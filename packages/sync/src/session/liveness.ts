/**
 * Notices the other side's silence and our own bytes that do not leave (T16).
 *
 *     silent for pingAfterMs ─▶ ping ─ silent for pongMs ─▶ 'timeout'      doubt ─▶ ping ─ doubtMs ─▶ 'timeout'
 *     bytes waiting, none left for stalledMs ─▶ 'stalled'
 *
 * @module
 */
import type { Clock } from '../clock.ts'
import type { SessionLimits } from '../limits.ts'

export interface Liveness extends Disposable {
  heard(nowMs: number): void
  /** `bytes` were handed to the link. */
  sent(bytes: number): void
  /** The other side may be gone: asks it now, and waits for `doubtMs` only. */
  doubt(): void
  /** Whether long silence is expected from now on. */
  rest(isResting: boolean): void
}

export interface LivenessPorts {
  readonly clock: Clock
  readonly limits: SessionLimits
  /** Whether the other side could be heard now: false while we do not read the link ourselves. */
  isListening(): boolean
  /** Of the link. */
  bufferedBytes(): number
  ping(): void
  fail(code: 'timeout' | 'stalled'): void
}

export function watchLiveness({
  clock,
  limits,
  isListening,
  bufferedBytes,
  ping,
  fail,
}: LivenessPorts): Liveness {
  let heardMs = clock.monotonic()
  let sentBytes = 0
  let silence: Disposable | null = null
  let stall: Disposable | null = null
  let isDoubted = false
  let isAsked = false
  let isResting = false
  let isOver = false

  const pingAfterMs = (): number => (isResting ? limits.restingPingAfterMs : limits.pingAfterMs)

  function awaitSilence(ms: number): void {
    if (ms === Number.POSITIVE_INFINITY) return
    silence = clock.after(ms, () => {
      const silentMs = clock.monotonic() - heardMs
      if (!isListening()) return awaitSilence(pingAfterMs())
      if (silentMs < pingAfterMs()) return awaitSilence(pingAfterMs() - silentMs)
      awaitAnswer(clock.monotonic())
      ping()
    })
  }

  function awaitAnswer(pingedMs: number, patienceMs = limits.pongMs): void {
    isAsked = true
    silence = clock.after(patienceMs, () => {
      isDoubted = false
      isAsked = false
      if (heardMs < pingedMs && isListening()) fail('timeout')
      else awaitSilence(pingAfterMs())
    })
  }

  function awaitProgress(): void {
    const leftBefore = sentBytes - bufferedBytes()
    stall = clock.after(limits.stalledMs, () => {
      stall = null
      const waiting = bufferedBytes()
      if (waiting === 0) return
      if (sentBytes - waiting > leftBefore) awaitProgress()
      else fail('stalled')
    })
  }

  awaitSilence(pingAfterMs())

  return {
    heard(nowMs) {
      heardMs = nowMs
    },
    sent(bytes) {
      sentBytes += bytes
      if (stall === null && bufferedBytes() > 0) awaitProgress()
    },
    doubt() {
      if (isDoubted || isOver) return
      isDoubted = true
      silence?.[Symbol.dispose]()
      awaitAnswer(clock.monotonic(), limits.doubtMs)
      ping()
    },
    rest(next) {
      if (next === isResting || isOver) return
      isResting = next
      // Who was asked already has to answer in any case.
      if (isAsked || silence === null) return
      silence[Symbol.dispose]()
      awaitSilence(Math.max(0, pingAfterMs() - (clock.monotonic() - heardMs)))
    },
    [Symbol.dispose]() {
      isOver = true
      silence?.[Symbol.dispose]()
      stall?.[Symbol.dispose]()
    },
  }
}

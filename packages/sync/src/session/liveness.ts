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

export function watchLiveness(ports: LivenessPorts): Liveness {
  return new SessionLiveness(ports)
}

/** A class, because each session has one. */
class SessionLiveness implements Liveness {
  readonly #ports: LivenessPorts
  #heardMs: number
  #sentBytes = 0
  #silence: Disposable | null = null
  #stall: Disposable | null = null
  #isDoubted = false
  #isAsked = false
  #isResting = false
  #isOver = false

  constructor(ports: LivenessPorts) {
    this.#ports = ports
    this.#heardMs = ports.clock.monotonic()
    this.#awaitSilence(ports.limits.pingAfterMs)
  }

  get #pingAfterMs(): number {
    const { limits } = this.#ports
    return this.#isResting ? limits.restingPingAfterMs : limits.pingAfterMs
  }

  #awaitSilence(ms: number): void {
    if (ms === Number.POSITIVE_INFINITY) return
    this.#silence = this.#ports.clock.after(ms, () => {
      const silentMs = this.#ports.clock.monotonic() - this.#heardMs
      const pingAfterMs = this.#pingAfterMs
      if (!this.#ports.isListening()) return this.#awaitSilence(pingAfterMs)
      if (silentMs < pingAfterMs) return this.#awaitSilence(pingAfterMs - silentMs)
      this.#awaitAnswer(this.#ports.clock.monotonic(), this.#ports.limits.pongMs)
      this.#ports.ping()
    })
  }

  #awaitAnswer(pingedMs: number, patienceMs: number): void {
    this.#isAsked = true
    this.#silence = this.#ports.clock.after(patienceMs, () => {
      this.#isDoubted = false
      this.#isAsked = false
      if (this.#heardMs < pingedMs && this.#ports.isListening()) this.#ports.fail('timeout')
      else this.#awaitSilence(this.#pingAfterMs)
    })
  }

  #awaitProgress(): void {
    const leftBefore = this.#sentBytes - this.#ports.bufferedBytes()
    this.#stall = this.#ports.clock.after(this.#ports.limits.stalledMs, () => {
      this.#stall = null
      const waiting = this.#ports.bufferedBytes()
      if (waiting === 0) return
      if (this.#sentBytes - waiting > leftBefore) this.#awaitProgress()
      else this.#ports.fail('stalled')
    })
  }

  heard(nowMs: number): void {
    this.#heardMs = nowMs
  }

  sent(bytes: number): void {
    this.#sentBytes += bytes
    if (this.#stall === null && this.#ports.bufferedBytes() > 0) this.#awaitProgress()
  }

  doubt(): void {
    if (this.#isDoubted || this.#isOver) return
    this.#isDoubted = true
    this.#silence?.[Symbol.dispose]()
    this.#awaitAnswer(this.#ports.clock.monotonic(), this.#ports.limits.doubtMs)
    this.#ports.ping()
  }

  rest(isResting: boolean): void {
    if (isResting === this.#isResting || this.#isOver) return
    this.#isResting = isResting
    // Who was asked already has to answer in any case.
    if (this.#isAsked || this.#silence === null) return
    this.#silence[Symbol.dispose]()
    this.#awaitSilence(Math.max(0, this.#pingAfterMs - (this.#ports.clock.monotonic() - this.#heardMs)))
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    this.#silence?.[Symbol.dispose]()
    this.#stall?.[Symbol.dispose]()
  }
}

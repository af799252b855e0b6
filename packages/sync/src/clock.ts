/**
 * The time port: nothing in this package asks the globals for the time.
 *
 * @module
 */

export interface Clock {
  /** Wall time, ms since 1970; may jump either way. For what people read, never for verdicts. */
  now(): number
  /** Ms since some start; never goes back. For time-outs and rates. */
  monotonic(): number
  /** Runs `run` once when `ms` (up to 24 days) have passed; disposing cancels. */
  after(ms: number, run: () => void): Disposable
}

/** The machine's own clock, for `main.ts` and workers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, run) => new SystemTimer(ms, run),
}

/** A class, because each session has several. */
class SystemTimer implements Disposable {
  readonly #timer: ReturnType<typeof setTimeout>

  constructor(ms: number, run: () => void) {
    this.#timer = setTimeout(run, ms)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}

/**
 * Long work in short slices, so that the rest of the program is never kept waiting.
 *
 * @module
 */
import type { Clock } from '../clock.ts'

export interface Slices {
  /** Resolves at once while the slice lasts, else after a turn of the event loop. */
  rest(): Promise<void> | void
}

/** Ms. A page has 16 for a frame. */
const sliceMs = 10

export function createSlices(clock: Pick<Clock, 'monotonic'>): Slices {
  return new Turns(clock)
}

/** A class, because each session has one. */
class Turns implements Slices {
  readonly #clock: Pick<Clock, 'monotonic'>
  #startMs: number

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
    this.#startMs = clock.monotonic()
  }

  rest(): Promise<void> | void {
    if (this.#clock.monotonic() - this.#startMs < sliceMs) return
    return nextTurn().then(() => {
      this.#startMs = this.#clock.monotonic()
    })
  }
}

/** Everything that is due in the event loop runs before this resolves. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => afterTurn(resolve))
}

/** Node has a function for it; elsewhere a message to ourselves is the fastest way, and is not throttled like timers. */
export const afterTurn: (run: () => void) => void =
  (globalThis as { setImmediate?: (run: () => void) => void }).setImmediate ??
  ((run) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      run()
    }
    port2.postMessage(null)
  })

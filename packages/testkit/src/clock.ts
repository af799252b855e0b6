/**
 * A clock that stands still until a test moves it.
 *
 *     advance(ms) ─▶ timer due ─▶ run ─▶ all microtasks ─▶ next timer due ─▶ …
 *
 * Time passes only inside `advance` and `runUntil`; the same calls give the same order
 * of events. Between two timers the real event loop turns once, so every promise that
 * hangs on nothing outside has settled before the next timer runs.
 *
 * @module
 */
import type { Clock } from '@effigy/sync'

export interface FakeClock extends Clock {
  /** Lets `ms` pass: runs what comes due, in order of time, then of setting. */
  advance(ms: number): Promise<void>
  /** Passes from timer to timer until `condition` holds (true), no timer is left, or `limitMs` are over. */
  runUntil(condition: () => boolean, limitMs: number): Promise<boolean>
  /** Moves the wall clock alone, either way. Runs no timer. */
  jump(ms: number): void
  /** How many timers are set. */
  pending(): number
  /** The clock of another machine: the same passing of time, a wall clock of its own that is off by `skewMs`. */
  view(skewMs: number): ClockView
}

export interface ClockView extends Clock {
  /** Moves this view's wall clock alone. */
  jump(ms: number): void
}

/** The shortest time but none, ms. */
const leastMs = 0.001

interface Timer {
  readonly dueMs: number
  readonly order: number
  readonly run: () => void
  /** It ran, or was cancelled. */
  isOver: boolean
}

export interface FakeClockOptions {
  /**
   * Timers that come due within so many ms run one after the other before the event loop turns: a tenth of the
   * price where thousands of machines have something due at any time. Default 0: a turn after each timer.
   */
  readonly tickMs?: number
  /**
   * Turns of the event loop before time passes on. What happens in several (work put off to the next turn, which puts
   * off more) is over only after as many; default 1.
   */
  readonly turns?: number
}

/**
 * Stands at `startMs` (since 1970) on the wall, at 0 in `monotonic`. `advance` and `runUntil` reject with what a timer throws; a timer of
 * NaN ms throws a RangeError.
 */
export function createFakeClock(
  startMs = 1_800_000_000_000,
  { tickMs = 0, turns = 1 }: FakeClockOptions = {},
): FakeClock {
  const timers = createTimers()
  let monotonicMs = 0
  let offsetMs = startMs
  let running = false

  const after = (ms: number, run: () => void): Disposable => {
    if (Number.isNaN(ms)) throw new RangeError('a timer needs a time')
    // Time passes, if only a little: who waits for a difference that is lost in rounding would wait for ever.
    const cancel = timers.add(monotonicMs + (ms > 0 ? Math.max(ms, leastMs) : 0), run)
    return { [Symbol.dispose]: cancel }
  }

  const rest = async (): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) await settle()
  }

  const pass = async (limitMs: number, condition: () => boolean): Promise<boolean> => {
    if (running) throw new Error('the fake clock is being advanced already')
    if (!(limitMs >= 0)) throw new RangeError(`time cannot pass by ${limitMs} ms`)
    running = true
    try {
      const endMs = monotonicMs + limitMs
      await rest()
      while (!condition()) {
        const timer = timers.takeDue(endMs)
        if (timer === null) return false
        const tickEndMs = Math.min(endMs, timer.dueMs + tickMs)
        for (
          let due: Timer | null = timer;
          due !== null;
          due = tickMs > 0 ? timers.takeDue(tickEndMs) : null
        ) {
          monotonicMs = Math.max(monotonicMs, due.dueMs)
          due.run()
        }
        await rest()
      }
      return true
    } finally {
      running = false
    }
  }

  return {
    // Whole, as `Date.now` is, however fine the timers are.
    now: () => Math.floor(offsetMs + monotonicMs),
    monotonic: () => monotonicMs,
    after,
    async advance(ms) {
      const endMs = monotonicMs + ms
      await pass(ms, () => false)
      monotonicMs = Math.max(monotonicMs, endMs)
    },
    runUntil: (condition, limitMs) => pass(limitMs, condition),
    jump: (ms) => {
      offsetMs += ms
    },
    pending: () => timers.size(),
    view: (skewMs) => {
      let viewOffsetMs = offsetMs + skewMs
      return {
        now: () => Math.floor(viewOffsetMs + monotonicMs),
        monotonic: () => monotonicMs,
        after,
        jump: (ms) => {
          viewOffsetMs += ms
        },
      }
    },
  }
}

/** One turn of the event loop: every microtask, and what those add, has run when this resolves. */
export function settle(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve))
}

const immediate = (globalThis as { readonly setImmediate?: (run: () => void) => unknown }).setImmediate

/** `setImmediate` where there is one (a microsecond), else a message to ourselves. */
const nextTurn: (run: () => void) => void =
  typeof immediate === 'function'
    ? immediate
    : (run) => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => {
          port1.close()
          run()
        }
        port2.postMessage(null)
      }

/** Timers that are due within so long are kept apart from the others, ms. */
const nearMs = 1_000

/**
 * Timers by (due, order of setting): simulations hold hundreds of thousands, and nearly all that run were set for
 * the next moment. So those stand in a small heap, and the others wait in a large one until their second comes.
 */
function createTimers() {
  const near = createHeap()
  const far = createHeap()
  const cancelled = new Set<Timer>()
  /** All that are due before it are near. */
  let horizonMs = 0
  let made = 0

  /** The first that is not cancelled, still in its place. */
  function first(): Timer | null {
    for (;;) {
      const timer = near.first()
      if (timer === undefined) {
        const next = far.first()
        if (next === undefined) return null
        horizonMs = next.dueMs + nearMs
        // The first in any case: so late that a second more makes no difference, it would never come.
        let due: Timer | undefined = next
        do {
          far.take()
          if (!cancelled.delete(due)) near.add(due)
          due = far.first()
        } while (due !== undefined && due.dueMs < horizonMs)
      } else if (cancelled.delete(timer)) {
        near.take()
      } else {
        return timer
      }
    }
  }

  return {
    size: () => near.size() + far.size() - cancelled.size,

    /** Gives the function that cancels. */
    add(dueMs: number, run: () => void): () => void {
      const timer: Timer = { dueMs, order: made++, run, isOver: false }
      if (dueMs < horizonMs) near.add(timer)
      else far.add(timer)
      return () => {
        if (!timer.isOver) cancelled.add(timer)
        timer.isOver = true
      }
    },

    /** The first timer due by `limitMs`, or null. */
    takeDue(limitMs: number): Timer | null {
      const timer = first()
      if (timer === null || timer.dueMs > limitMs) return null
      near.take()
      timer.isOver = true
      return timer
    },
  }
}

function createHeap() {
  const heap: Timer[] = []

  const before = (a: Timer, b: Timer): boolean =>
    a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)

  return {
    size: () => heap.length,
    first: () => heap[0],

    add(timer: Timer): void {
      let at = heap.push(timer) - 1
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (!before(timer, heap[parent]!)) break
        heap[at] = heap[parent]!
        at = parent
      }
      heap[at] = timer
    },

    /** Removes the first. */
    take(): void {
      const last = heap.pop()!
      if (heap.length === 0) return
      let at = 0
      for (;;) {
        let child = 2 * at + 1
        if (child >= heap.length) break
        if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
        if (!before(heap[child]!, last)) break
        heap[at] = heap[child]!
        at = child
      }
      heap[at] = last
    },
  }
}

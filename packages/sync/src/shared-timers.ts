/**
 * The machine's clock over one timer of the system, for a program with ten thousand sessions: a timer of the system is 190 bytes
 * in Node, of these each is 60.
 *
 *     after ─▶ heap, the next one first ─ one setTimeout ─▶ run
 *
 * Not for pages: a timer that is set inside another one again and again is slowed down there.
 *
 * @module
 */
import type { Clock } from './clock.ts'

/** The system's time, ms. `after` takes any delay: of none, of the past or of NaN, `run` is called soon, never during the call. */
export const sharedTimersClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, run) => timers.add(ms, run),
}

class SharedTimer implements Disposable {
  /** Whole ms since the start: a number with a fraction is 16 bytes more. */
  readonly dueMs: number
  /** Of all timers: of two that are due at once the one that was set first runs first. */
  readonly number: number
  /** Its place in the heap, or -1. */
  at = -1
  run: (() => void) | null

  constructor(dueMs: number, number: number, run: () => void) {
    this.dueMs = dueMs
    this.number = number
    this.run = run
  }

  [Symbol.dispose](): void {
    this.run = null
    if (this.at >= 0) timers.remove(this)
  }
}

/** What the system's timers take; one that is longer runs at once there. */
const mostMs: number = 2 ** 31 - 1

/** All timers of this program, the next one first, over a single one of the system. */
class SharedTimers {
  readonly #heap: SharedTimer[] = []
  #count = 0
  #set: { readonly dueMs: number; readonly handle: ReturnType<typeof setTimeout> } | null = null

  add(ms: number, run: () => void): SharedTimer {
    // One that is due at no number would be before none and after none, and stop all the others; one of the past that sets
    // itself anew would run for ever.
    const delayMs = Number.isNaN(ms) ? 0 : Math.max(0, ms)
    const timer = new SharedTimer(Math.ceil(performance.now() + delayMs), this.#count++, run)
    this.#up(this.#heap.push(timer) - 1, timer)
    this.#arm()
    return timer
  }

  remove(timer: SharedTimer): void {
    const { at } = timer
    const last = this.#heap.pop()
    timer.at = -1
    if (last !== undefined && last !== timer) {
      this.#up(at, last)
      this.#down(last.at, last)
    }
    this.#arm()
  }

  /** The system's timer is that of the next one, or an earlier one. */
  #arm(): void {
    const [next] = this.#heap
    if (next === undefined) {
      if (this.#set !== null) clearTimeout(this.#set.handle)
      this.#set = null
      return
    }
    if (this.#set !== null && this.#set.dueMs <= next.dueMs) return
    if (this.#set !== null) clearTimeout(this.#set.handle)
    const { dueMs } = next
    const delayMs = Math.min(Math.max(0, dueMs - performance.now()), mostMs)
    this.#set = { dueMs, handle: setTimeout(() => this.#fire(), delayMs) }
  }

  #fire(): void {
    this.#set = null
    const nowMs = performance.now()
    try {
      for (let next = this.#heap[0]; next !== undefined && next.dueMs <= nowMs; next = this.#heap[0]) {
        const { run } = next
        this.remove(next)
        next.run = null
        run?.()
      }
    } finally {
      // Also where one throws: the others are due all the same.
      this.#arm()
    }
  }

  #up(start: number, timer: SharedTimer): void {
    const heap = this.#heap
    let at = start
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above] as SharedTimer
      if (isBefore(parent, timer)) break
      heap[at] = parent
      parent.at = at
      at = above
    }
    heap[at] = timer
    timer.at = at
  }

  #down(start: number, timer: SharedTimer): void {
    const heap = this.#heap
    let at = start
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      const right = heap[below + 1]
      if (right !== undefined && isBefore(right, heap[below] as SharedTimer)) below++
      const child = heap[below] as SharedTimer
      if (isBefore(timer, child)) break
      heap[at] = child
      child.at = at
      at = below
    }
    heap[at] = timer
    timer.at = at
  }
}

function isBefore(one: SharedTimer, other: SharedTimer): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.number < other.number)
}

const timers = new SharedTimers()

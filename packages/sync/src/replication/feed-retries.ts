/**
 * Feeds that wait to be asked for again, and how patient we are with each.
 *
 *     not yet, retry in 500 ms ─▶ 500 ms, 1 s, 2 s, … 60 s, until something comes
 *
 * @module
 */
import type { Effects } from './effects.ts'

export interface FeedRetries<Key> extends Disposable {
  readonly size: number
  has(key: Key): boolean
  /** How often in a row nothing came. */
  tries(key: Key): number
  /** Nothing came once more. */
  failed(key: Key): void
  /** Something came. */
  succeeded(key: Key): void
  /** Again after `retryMs`, as the other side asks for, longer with each try. */
  wait(key: Key, retryMs: number): void
  /** Waits no longer, and forgets how often nothing came. */
  forget(key: Key): void
}

/** Bounds of what the other side says about when to ask again, ms. */
const minRetryMs = 100
const maxRetryMs = 60_000

/** M2: no answer makes us wait for ever, nor ask all the time. */
export function boundedRetryMs(retryMs: number): number {
  return Math.min(Math.max(retryMs, minRetryMs), maxRetryMs)
}

export function createFeedRetries<Key>(
  effects: Pick<Effects, 'after'>,
  again: (key: Key) => void,
): FeedRetries<Key> {
  return new TimedRetries(effects, again)
}

class TimedRetries<Key> implements FeedRetries<Key> {
  readonly #effects: Pick<Effects, 'after'>
  readonly #again: (key: Key) => void
  readonly #timers = new Map<Key, Disposable>()
  readonly #failures = new Map<Key, number>()

  constructor(effects: Pick<Effects, 'after'>, again: (key: Key) => void) {
    this.#effects = effects
    this.#again = again
  }

  get size(): number {
    return this.#timers.size
  }

  has(key: Key): boolean {
    return this.#timers.has(key)
  }

  tries(key: Key): number {
    return this.#failures.get(key) ?? 0
  }

  failed(key: Key): void {
    this.#failures.set(key, this.tries(key) + 1)
  }

  succeeded(key: Key): void {
    this.#failures.delete(key)
  }

  wait(key: Key, retryMs: number): void {
    const ms = boundedRetryMs(boundedRetryMs(retryMs) * 2 ** this.tries(key))
    this.failed(key)
    this.#timers.get(key)?.[Symbol.dispose]()
    const timer = this.#effects.after(ms, () => {
      this.#timers.delete(key)
      this.#again(key)
    })
    this.#timers.set(key, timer)
  }

  forget(key: Key): void {
    this.#failures.delete(key)
    this.#timers.get(key)?.[Symbol.dispose]()
    this.#timers.delete(key)
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers.values()) timer[Symbol.dispose]()
    this.#timers.clear()
  }
}

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

export function createFeedRetries<Key>(
  { after }: Pick<Effects, 'after'>,
  again: (key: Key) => void,
): FeedRetries<Key> {
  const timers = new Map<Key, Disposable>()
  const failures = new Map<Key, number>()
  const tries = (key: Key): number => failures.get(key) ?? 0

  const failed = (key: Key): void => {
    failures.set(key, tries(key) + 1)
  }

  return {
    get size() {
      return timers.size
    },
    has: (key) => timers.has(key),
    tries,
    failed,
    succeeded: (key) => void failures.delete(key),
    wait(key, retryMs) {
      const bounded = Math.min(Math.max(retryMs, minRetryMs), maxRetryMs)
      const ms = Math.min(bounded * 2 ** tries(key), maxRetryMs)
      failed(key)
      timers.get(key)?.[Symbol.dispose]()
      timers.set(
        key,
        after(ms, () => {
          timers.delete(key)
          again(key)
        }),
      )
    },
    forget(key) {
      failures.delete(key)
      timers.get(key)?.[Symbol.dispose]()
      timers.delete(key)
    },
    [Symbol.dispose]() {
      for (const timer of timers.values()) timer[Symbol.dispose]()
      timers.clear()
    },
  }
}

/**
 * Feeds that wait for their turn (spec R10).
 *
 *     add(feed, deficit) ─▶ next(): the deepest deficit, the least, who came first, the deepest, …
 *
 * Deepest first brings the most in the least time (`deepestFirst`, G2); of three turns one is for the small ones, which
 * are soon done, and one goes by arrival, so that nobody is passed over for ever.
 *
 * @module
 */
import { deepestFirst, type Pending } from '../gossip/order.ts'

export interface FeedQueue<Key> {
  readonly size: number
  has(key: Key): boolean
  /** `deficit`: entries that are missing, about. One that waits already keeps its place. */
  add(key: Key, deficit: number): void
  /** Takes the next one out. */
  next(): Key | null
  clear(): void
}

interface Waiting<Key> extends Pending {
  readonly key: Key
  readonly level: number
}

/** Of so many that are in order one more may come before they are put in order again. */
const addedPerOrder = 8

export function createFeedQueue<Key>(): FeedQueue<Key> {
  /** By arrival. */
  const waiting = new Map<Key, Waiting<Key>>()
  /** By depth, in powers of two: an order that costs nothing to keep; only those where somebody waits. */
  const levels = new Map<number, Set<Key>>()
  /** The deepest last; some of them may be gone. */
  let deepest: Waiting<Key>[] = []
  let added = 0
  let arrivals = 0
  let turns = 0

  const takeDeepest = (): Key | undefined => {
    if (added * addedPerOrder >= deepest.length) {
      deepest = deepestFirst(waiting.values()).reverse()
      added = 0
    }
    for (let last = deepest.pop(); last !== undefined; last = deepest.pop()) {
      if (waiting.get(last.key) === last) return last.key
    }
    return undefined
  }

  const choose = (): Key | undefined => {
    switch (turns++ % 3) {
      case 0:
        return takeDeepest()
      case 1:
        return levels
          .get(Math.min(...levels.keys()))
          ?.values()
          .next().value
      default:
        return waiting.keys().next().value
    }
  }

  function leave(key: Key): void {
    const level = waiting.get(key)?.level ?? 0
    const same = levels.get(level)
    same?.delete(key)
    if (same?.size === 0) levels.delete(level)
    waiting.delete(key)
  }

  return {
    get size() {
      return waiting.size
    },
    has: (key) => waiting.has(key),
    add(key, deficit) {
      if (waiting.has(key)) return
      const level = Math.floor(Math.log2(Math.max(1, deficit)))
      waiting.set(key, { key, level, deficit, newest: arrivals++ })
      const same = levels.get(level)
      if (same === undefined) levels.set(level, new Set([key]))
      else same.add(key)
      added++
    },
    next() {
      // Those that came since they were put in order are none of the deepest; then the first that came is as good.
      const key = choose() ?? waiting.keys().next().value
      if (key === undefined) return null
      leave(key)
      return key
    },
    clear() {
      waiting.clear()
      deepest = []
      levels.clear()
    },
  }
}

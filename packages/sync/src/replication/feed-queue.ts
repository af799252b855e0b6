/**
 * Feeds that wait for their turn (spec R10).
 *
 *     add(feed, deficit) ─▶ next(): the deepest deficit, then who came first, then the deepest, …
 *
 * Deepest first brings the most in the least time (scuttle-depth); every second turn goes by arrival, so that no
 * feed waits for the end of all larger ones.
 *
 * @module
 */

export interface FeedQueue<Key> {
  readonly size: number
  has(key: Key): boolean
  /** `deficit`: entries that are missing, about. One that waits already keeps its place. */
  add(key: Key, deficit: number): void
  /** Takes the next one out. */
  next(): Key | null
  clear(): void
}

export function createFeedQueue<Key>(): FeedQueue<Key> {
  /** By arrival, and how deep. */
  const waiting = new Map<Key, number>()
  /** By depth, in powers of two: an order that costs nothing to keep. */
  const levels: Set<Key>[] = Array.from({ length: 54 }, () => new Set())
  let isDeepest = true

  const deepest = (): Key | undefined => {
    const level = levels.findLast(({ size }) => size > 0)
    return level?.values().next().value
  }

  return {
    get size() {
      return waiting.size
    },
    has: (key) => waiting.has(key),
    add(key, deficit) {
      if (waiting.has(key)) return
      const level = Math.min(53, Math.floor(Math.log2(Math.max(1, deficit))))
      waiting.set(key, level)
      levels[level]?.add(key)
    },
    next() {
      const key = isDeepest ? deepest() : waiting.keys().next().value
      isDeepest = !isDeepest
      if (key === undefined) return null
      levels[waiting.get(key) ?? 0]?.delete(key)
      waiting.delete(key)
      return key
    },
    clear() {
      waiting.clear()
      for (const level of levels) level.clear()
    },
  }
}

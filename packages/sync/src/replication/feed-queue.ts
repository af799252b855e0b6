/**
 * Feeds that wait for their turn (spec R10).
 *
 *     add(feed, deficit) ─▶ next(): the deepest deficit, the least, who came first, the deepest, …
 *
 * Deepest first brings the most in the least time (scuttle-depth); of three turns one is for the small ones, which
 * are soon done, and one goes by arrival, so that nobody is passed over for ever.
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
  const levels: (Set<Key> | undefined)[] = []
  let turns = 0

  const choose = (): Key | undefined => {
    const isUsed = (level: Set<Key> | undefined): boolean => level !== undefined && level.size > 0
    switch (turns++ % 3) {
      case 0:
        return levels.findLast(isUsed)?.values().next().value
      case 1:
        return levels.find(isUsed)?.values().next().value
      default:
        return waiting.keys().next().value
    }
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
      const keys = levels[level]
      if (keys === undefined) levels[level] = new Set([key])
      else keys.add(key)
    },
    next() {
      const key = choose()
      if (key === undefined) return null
      levels[waiting.get(key) ?? 0]?.delete(key)
      waiting.delete(key)
      return key
    },
    clear() {
      waiting.clear()
      levels.length = 0
    },
  }
}

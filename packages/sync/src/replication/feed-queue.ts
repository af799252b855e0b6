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
  return new LevelQueue()
}

class LevelQueue<Key> implements FeedQueue<Key> {
  /** By arrival, and how deep. */
  readonly #waiting = new Map<Key, number>()
  /** By depth, in powers of two: an order that costs nothing to keep. */
  readonly #levels: (Set<Key> | undefined)[] = []
  #turns = 0

  get size(): number {
    return this.#waiting.size
  }

  has(key: Key): boolean {
    return this.#waiting.has(key)
  }

  add(key: Key, deficit: number): void {
    if (this.#waiting.has(key)) return
    const level = Math.min(53, Math.floor(Math.log2(Math.max(1, deficit))))
    this.#waiting.set(key, level)
    const keys = this.#levels[level]
    if (keys === undefined) this.#levels[level] = new Set([key])
    else keys.add(key)
  }

  next(): Key | null {
    const key = this.#waiting.size === 0 ? undefined : this.#choose()
    if (key === undefined) return null
    this.#levels[this.#waiting.get(key) ?? 0]?.delete(key)
    this.#waiting.delete(key)
    return key
  }

  clear(): void {
    this.#waiting.clear()
    this.#levels.length = 0
  }

  #choose(): Key | undefined {
    switch (this.#turns++ % 3) {
      case 0:
        return this.#levels.findLast(isUsed)?.values().next().value
      case 1:
        return this.#levels.find(isUsed)?.values().next().value
      default:
        return this.#waiting.keys().next().value
    }
  }
}

const isUsed = <Key>(level: Set<Key> | undefined): boolean => level !== undefined && level.size > 0

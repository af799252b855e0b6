/**
 * Who fetches what: sessions of one peer share it, so that nothing is fetched twice at once.
 *
 *     take(feed, session) ─▶ true … renew … release ─▶ others hear of it
 *                                        └ no progress for 10 s ─▶ those who wanted it too hear of it
 *
 * A claim without progress for `staleMs` may be taken over. Fetching twice is only waste,
 * never wrong.
 *
 * @module
 */
import type { Clock } from '../clock.ts'

export interface Claims<Key> {
  /** False while somebody else makes progress with it; who has nothing else to do may be less patient. */
  take(key: Key, owner: object, patienceMs?: number): boolean
  /** There was progress. */
  renew(key: Key, owner: object): void
  release(key: Key, owner: object): void
  /** Hears of every key that became free, or stale while somebody wanted it. */
  watch(listener: (key: Key) => void): Disposable
}

/** A source that gives nothing for so long is not waited for, when there is another. */
const staleMs = 10_000

export function createClaims<Key>({ monotonic, after }: Pick<Clock, 'monotonic' | 'after'>): Claims<Key> {
  const claims = new Map<Key, { readonly owner: object; atMs: number }>()
  /** Claimed by one, wanted by others too. */
  const contested = new Set<Key>()
  const listeners = new Set<(key: Key) => void>()
  let timer: Disposable | null = null

  function tell(key: Key): void {
    contested.delete(key)
    for (const listener of [...listeners]) listener(key)
  }

  /** Who was refused need not ask again by itself: a source may be silent for ever. */
  function awaitStale(): void {
    if (timer !== null || contested.size === 0 || listeners.size === 0) return
    const oldestMs = Math.min(...Array.from(contested, (key) => claims.get(key)?.atMs ?? 0))
    timer = after(Math.max(1, oldestMs + staleMs - monotonic()), () => {
      timer = null
      const nowMs = monotonic()
      for (const key of [...contested]) {
        const claim = claims.get(key)
        if (claim === undefined) contested.delete(key)
        else if (nowMs - claim.atMs >= staleMs) tell(key)
      }
      awaitStale()
    })
  }

  return {
    take(key, owner, patienceMs = staleMs) {
      const claim = claims.get(key)
      const nowMs = monotonic()
      if (claim !== undefined && claim.owner !== owner && nowMs - claim.atMs < patienceMs) {
        contested.add(key)
        awaitStale()
        return false
      }
      claims.set(key, { owner, atMs: nowMs })
      return true
    },
    renew(key, owner) {
      const claim = claims.get(key)
      if (claim?.owner === owner) claim.atMs = monotonic()
    },
    release(key, owner) {
      if (claims.get(key)?.owner !== owner) return
      claims.delete(key)
      tell(key)
    },
    watch(listener) {
      listeners.add(listener)
      return {
        [Symbol.dispose]() {
          listeners.delete(listener)
          if (listeners.size > 0) return
          timer?.[Symbol.dispose]()
          timer = null
          contested.clear()
        },
      }
    },
  }
}

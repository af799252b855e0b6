/**
 * Who fetches what: sessions of one peer share it, so that nothing is fetched twice at once.
 *
 *     take(feed, session) ─▶ true … renew … release ─▶ others hear of it
 *
 * A claim without progress for `staleMs` may be taken over. Fetching twice is only waste,
 * never wrong.
 *
 * @module
 */
import type { Clock } from '../clock.ts'

export interface Claims<Key> {
  /** False while somebody else makes progress with it. */
  take(key: Key, owner: object): boolean
  /** There was progress. */
  renew(key: Key, owner: object): void
  release(key: Key, owner: object): void
  /** Hears of every key that became free. */
  watch(listener: (key: Key) => void): Disposable
}

/** A source that gives nothing for so long is not waited for, when there is another. */
const staleMs = 10_000

export function createClaims<Key>({ monotonic }: Pick<Clock, 'monotonic'>): Claims<Key> {
  const claims = new Map<Key, { readonly owner: object; atMs: number }>()
  const listeners = new Set<(key: Key) => void>()
  return {
    take(key, owner) {
      const claim = claims.get(key)
      const nowMs = monotonic()
      if (claim !== undefined && claim.owner !== owner && nowMs - claim.atMs < staleMs) return false
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
      for (const listener of [...listeners]) listener(key)
    },
    watch(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
  }
}

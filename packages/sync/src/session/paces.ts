/**
 * How often each of many may do something: a pace a key, for as many keys as are remembered (T16).
 *
 *     key ─▶ its bucket, moved to the end ─▶ ms to wait        too many ─▶ whoever was quiet for longest begins anew
 *
 * @module
 */
import type { Clock } from '../clock.ts'
import { createPace, type Pace } from './pace.ts'

export interface PacesOptions {
  readonly perSecond: number
  /** At once. */
  readonly burst: number
  /** Keys that are remembered. */
  readonly kept: number
  readonly clock: Pick<Clock, 'monotonic'>
  /**
   * Whether what is refused counts too, so that who goes on too fast stays out. False when omitted: a flood does not shut
   * its key out long after its end, nor others who share it.
   */
  readonly countsRefused?: boolean
}

/** Counts one of `key`, or what costs as much as `amount` of them; gives the ms to wait, 0 for none. */
export type Paces = (key: string, amount?: number) => number

/** A pace a key: `burst` at once, then `perSecond`. Whoever is forgotten, because `kept` others came since, begins anew. */
export function createPaces({ perSecond, burst, kept, clock, countsRefused = false }: PacesOptions): Paces {
  const paces = new Map<string, Pace>()
  return (key, amount = 1) => {
    const pace = paces.get(key) ?? createPace(perSecond, burst)
    paces.delete(key)
    paces.set(key, pace)
    for (const oldest of paces.keys()) {
      if (paces.size <= kept) break
      paces.delete(oldest)
    }
    const waitMs = pace.take(clock.monotonic(), amount)
    if (waitMs > 0 && !countsRefused) pace.take(clock.monotonic(), -amount)
    return waitMs
  }
}

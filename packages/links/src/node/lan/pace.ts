/**
 * How often something may happen, for each name and without remembering names for ever.
 *
 *     atOnce tokens a name, perSecond of them come back
 *
 * @module
 */
import type { Clock } from '@effigy/sync'

export interface Pace {
  /** False: too often. */
  take(name: string): boolean
}

/** Names remembered; one more, and the one that was quiet for longest begins anew. */
const maxNames = 256

export function createPace(
  { perSecond, atOnce }: { readonly perSecond: number; readonly atOnce: number },
  clock: Pick<Clock, 'monotonic'>,
): Pace {
  const left = new Map<string, { readonly tokens: number; readonly atMs: number }>()
  return {
    take(name) {
      const atMs = clock.monotonic()
      const before = left.get(name) ?? { tokens: atOnce, atMs }
      const tokens = Math.min(atOnce, before.tokens + ((atMs - before.atMs) / 1000) * perSecond)
      left.delete(name)
      left.set(name, { tokens: tokens < 1 ? tokens : tokens - 1, atMs })
      const [oldest] = left.keys()
      if (left.size > maxNames && oldest !== undefined) left.delete(oldest)
      return tokens >= 1
    },
  }
}

/**
 * How often each member, or each address, may ask for something (T16).
 *
 * @module
 */
import type { Clock, ServiceRefusal } from '@effigy/sync'

/** Those who are remembered; the one who was quiet for longest is forgotten first, and begins anew. */
const maxRemembered = 10_000

/** Null: go on. What is refused counts for nothing: others behind the same address wait no longer for it. */
export type Paces = (who: string) => ServiceRefusal | null

export function createPaces(perSecond: number, burst: number, clock: Pick<Clock, 'monotonic'>): Paces {
  const buckets = new Map<string, { readonly tokens: number; readonly atMs: number }>()
  return (who) => {
    const atMs = clock.monotonic()
    const before = buckets.get(who) ?? { tokens: burst, atMs }
    const tokens = Math.min(burst, before.tokens + ((atMs - before.atMs) * perSecond) / 1000)
    const isTooFast = tokens < 1
    buckets.delete(who)
    buckets.set(who, { tokens: isTooFast ? tokens : tokens - 1, atMs })
    const oldest = buckets.size > maxRemembered ? buckets.keys().next().value : undefined
    if (oldest !== undefined) buckets.delete(oldest)
    return isTooFast ? { code: 'too-fast', retryMs: Math.ceil(((1 - tokens) * 1000) / perSecond) } : null
  }
}

/**
 * What each member may have carried to others through the hub (spec V74): an average, and a day's worth at once.
 *
 *     circuit ─bytes▶ bucket of who opened it ─▶ may it go on?
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Clock } from '@effigy/sync'

/** Members whose use is remembered; the one who was quiet for longest is forgotten first, and begins anew. */
const maxRemembered = 10_000

const dayMs: number = 24 * 60 * 60 * 1000

export type RelayQuota = (opener: Identity, bytes: number) => boolean

/** `bytesPerDay`: of one member; 0 carries nothing. */
export function createRelayQuota(bytesPerDay: number, clock: Pick<Clock, 'monotonic'>): RelayQuota {
  const used = new Map<Identity, { readonly bytes: number; readonly atMs: number }>()
  return (opener, bytes) => {
    const nowMs = clock.monotonic()
    const before = used.get(opener) ?? { bytes: 0, atMs: nowMs }
    const left = Math.max(0, before.bytes - ((nowMs - before.atMs) / dayMs) * bytesPerDay)
    const isWithin = left + bytes <= bytesPerDay
    used.delete(opener)
    used.set(opener, { bytes: isWithin ? left + bytes : left, atMs: nowMs })
    const oldest = used.size > maxRemembered ? used.keys().next().value : undefined
    if (oldest !== undefined) used.delete(oldest)
    return isWithin
  }
}

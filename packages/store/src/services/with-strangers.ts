/**
 * What of a drop box is offered at once (spec V22).
 *
 * @module
 */
import type { DropInfo } from './drop-store.ts'

/** At most `limit`, friends' first; a quarter is for all others as far as they need it: what friends leave for ever hides nobody's. */
export function withStrangers(drops: readonly DropInfo[], limit: number): readonly DropInfo[] {
  const [friends, strangers] = [true, false].map((isFriend) =>
    drops.filter((drop) => drop.isFriend === isFriend),
  )
  const kept = Math.min(strangers?.length ?? 0, Math.floor(limit / 4))
  return [...(friends ?? []).slice(0, limit - kept), ...(strangers ?? [])].slice(0, limit)
}

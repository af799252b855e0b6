/**
 * Where an entry stands among those of others (spec S20).
 *
 * @module
 */
import type { Identity, Payload } from '@effigy/core'

/**
 * How far ahead of its arrival an entry may say it is, ms. Clocks differ by seconds, and who writes faster
 * than one entry a millisecond runs ahead of any clock: their order must not depend on when they arrived.
 */
const aheadMs = 60_000

/**
 * The lesser of its comparable and a minute after it was first seen here, ms; what was brought along from elsewhere stands
 * where it was said there, if that was before: not so what answers others, or it would stand before all that they were
 * answered. Null: a payload that is not to be read.
 */
export function sortOf(
  { comparable, seen }: { readonly comparable: number; readonly seen: number },
  payload: Payload | null,
  author: Identity | null,
): number {
  const at = Math.min(comparable, seen + aheadMs)
  if (payload?.type !== 'public_note' && payload?.type !== 'comment') return at
  const isToOthers =
    payload.type === 'comment' &&
    [payload.target, payload.thread].some((name) => name !== null && name.identity !== author)
  return isToOthers ? at : Math.min(at, payload.origin?.at ?? at)
}

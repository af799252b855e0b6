/**
 * Where an entry stands among those of others (spec S20).
 *
 * @module
 */

/**
 * How far ahead of its arrival an entry may say it is, ms. Clocks differ by seconds, and who writes faster
 * than one entry a millisecond runs ahead of any clock: their order must not depend on when they arrived.
 */
const aheadMs = 60_000

/** The lesser of its comparable and a minute after it was first seen here, ms. */
export function sortOf({ comparable, seen }: { readonly comparable: number; readonly seen: number }): number {
  return Math.min(comparable, seen + aheadMs)
}

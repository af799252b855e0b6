/**
 * How fast a participant may submit updates, adapted without anybody in charge (spec G3).
 *
 *     message overflows its limit ─▶ rate × decrease      it does not ─▶ rate + increase
 *     two participants meet ─▶ their rates are shared between them by what each desires; the sum stays
 *
 * The scheme of section 4 of the paper (replica.ts). It gives the increase and decrease as alpha and beta; we
 * name them, because descriptions differ in which is which (docs/gossip.md).
 *
 * @module
 */

export interface Adaptation {
  /** Factor of an overflow, 0 < decrease < 1. */
  readonly decrease: number
  /** What is added else; in the unit of the rate. */
  readonly increase: number
  /** The rate never falls below: who is silent for ever hears of no room. */
  readonly least: number
  readonly most: number
}

/** Additive increase, multiplicative decrease. */
export function adapt(
  rate: number,
  isOverflowing: boolean,
  { decrease, increase, least, most }: Adaptation,
): number {
  const next = isOverflowing ? rate * decrease : rate + increase
  return Math.min(most, Math.max(least, next))
}

export interface Rates {
  /** What it would like. */
  readonly desired: number
  /** What it may. */
  readonly allowed: number
}

/**
 * What two participants may after they met: nobody is given more than it desires while the other could use it,
 * what both cannot use is halved between them, and the sum is what it was.
 */
export function shareRates(p: Rates, q: Rates): readonly [number, number] {
  const sum = p.allowed + q.allowed
  const spare = sum - p.desired - q.desired
  if (spare >= 0) return [p.desired + spare / 2, q.desired + spare / 2]
  const fair = sum / 2
  if (p.desired < fair) return [p.desired, sum - p.desired]
  if (q.desired < fair) return [sum - q.desired, q.desired]
  return [fair, fair]
}

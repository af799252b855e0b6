/**
 * How fast frames are taken: an average and a burst (T16).
 *
 * @module
 */

export interface Pace {
  /** Counts one frame at `nowMs`; gives the ms to wait before the next, 0 for none. */
  take(nowMs: number): number
}

/** A bucket of `burst` tokens that refills at `perSecond`. */
export function createPace(perSecond: number, burst: number): Pace {
  let tokens = burst
  let filledMs = Number.NEGATIVE_INFINITY
  return {
    take(nowMs) {
      tokens = Math.min(burst, tokens + ((nowMs - filledMs) * perSecond) / 1000) - 1
      filledMs = nowMs
      return tokens >= 0 ? 0 : Math.ceil((-tokens * 1000) / perSecond)
    },
  }
}

/**
 * The life of a code (spec L6): good for one session and two minutes, whatever wall clocks say.
 *
 *     fresh ─somebody with the secret─▶ taken      fresh ─time─▶ expired      any ─void()─▶ taken
 *
 * @module
 */

export type CodeVerdict = 'code-used' | 'code-expired'

export interface OneUse {
  /** Why it is no longer good; null while it is. */
  verdict(nowMs: number): CodeVerdict | null
  /** Somebody came who knows the secret: `taken`, or why not. */
  take(nowMs: number): 'taken' | CodeVerdict
  /** Nobody may use it from here on. */
  void(): void
}

/** Times are of the monotonic clock. */
export function createOneUse(madeMs: number, lifeMs: number): OneUse {
  let taken = false
  const verdict = (nowMs: number): CodeVerdict | null => {
    if (taken) return 'code-used'
    return nowMs - madeMs >= lifeMs ? 'code-expired' : null
  }
  return {
    verdict,
    take(nowMs) {
      const refusal = verdict(nowMs)
      taken ||= refusal === null
      return refusal ?? 'taken'
    },
    void() {
      taken = true
    },
  }
}

/**
 * Something that is wanted again and again, done a while after it was first wanted: not put off by more wishes.
 *
 *     ask ask ask ──ms after the first──▶ once        ask ──▶ once more
 *
 * @module
 */
export interface Pace {
  /** `work` runs within the time, unless it was asked for already: what was asked first runs then. */
  ask(work: () => void): void
  /** What was asked for does not happen. */
  stop(): void
}

export function createPace(ms: number): Pace {
  let timer: ReturnType<typeof setTimeout> | null = null
  return {
    ask(work) {
      timer ??= setTimeout(() => {
        timer = null
        work()
      }, ms)
    },
    stop() {
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}

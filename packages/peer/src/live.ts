/**
 * Answers that stay true: a question is asked again after each change that may matter.
 *
 *     store.watch ─▶ pulse ─▶ ask again ─▶ yield when the answer differs
 *
 * However many changes come while a reader is busy, it asks once: nothing queues.
 *
 * @module
 */

/** Counts changes; whoever knows a count can wait for a greater one, so none is missed. */
export interface Pulse {
  readonly count: number
  fire(): void
  /** Resolves when `count` is above `since`, or the signal is aborted. */
  after(since: number, signal: AbortSignal): Promise<void>
}

export function createPulse(): Pulse {
  let count = 0
  const sleepers = new Set<() => void>()
  return {
    get count() {
      return count
    },
    fire() {
      count++
      for (const wake of sleepers) wake()
      sleepers.clear()
    },
    async after(since, signal) {
      if (count > since || signal.aborted) return
      const { promise, resolve } = Promise.withResolvers<void>()
      sleepers.add(resolve)
      const leave = () => resolve()
      signal.addEventListener('abort', leave, { once: true })
      await promise
      signal.removeEventListener('abort', leave)
      sleepers.delete(resolve)
    },
  }
}

/** Yields `ask()` now and whenever it differs from the last time; returns when the signal is aborted. */
export async function* liveAnswers<Value>(
  ask: () => Value,
  pulse: Pulse,
  signal: AbortSignal,
): AsyncGenerator<Value> {
  let last: string | null = null
  while (!signal.aborted) {
    // Counted before the question: what changes during it is asked about again.
    const asked = pulse.count
    const value = ask()
    const text = JSON.stringify(value)
    if (text !== last) {
      last = text
      yield value
    }
    await pulse.after(asked, signal)
  }
}

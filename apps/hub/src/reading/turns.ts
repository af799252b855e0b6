/**
 * Work that holds much memory while it is under way: so much of it at once, the rest in the order that it came.
 *
 * @module
 */

export type InTurn = <Value>(work: () => Promise<Value>) => Promise<Value>

/** How many wait is bounded by whoever asks. */
export function createTurns(atOnce: number): InTurn {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= atOnce) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push(resolve)
      await promise
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The place goes on to who waits.
      if (next === undefined) running--
      else next()
    }
  }
}

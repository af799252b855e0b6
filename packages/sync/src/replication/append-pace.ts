/**
 * How much is appended in one transaction: as much as keeps everybody else waiting for about 20 ms.
 *
 *     bytes, ms of the last ones ─▶ bytes of the next      a phone takes less at a time than a server
 *
 * @module
 */
import type { Clock } from '../clock.ts'

export interface AppendPace {
  /** Rebuilt bytes that make a transaction. */
  bytes(): number
  /** Runs `work`, which appends so many bytes, and learns from how long it took. */
  measure<Value>(bytes: number, work: () => Value): Value
}

/** Ms. With a checkpoint of SQLite behind it, half of what a person notices. */
const targetMs = 20

/** Below that most of a transaction is pages written again: less at a time would take longer altogether, and longer in one. */
const leastBytes: number = 192 * 1024
/** Half of what a source may send before a credit: it goes on while we append. */
const mostBytes: number = 1024 * 1024
const firstBytes: number = 256 * 1024

export function createAppendPace({ monotonic }: Pick<Clock, 'monotonic'>): AppendPace {
  let bytes = firstBytes
  return {
    bytes: () => bytes,
    measure(done, work) {
      const startMs = monotonic()
      const value = work()
      const tookMs = monotonic() - startMs
      // Of a few entries most of the time is the commit.
      if (done < bytes / 2) return value
      const fitting = tookMs <= 0 ? mostBytes : (done * targetMs) / tookMs
      // One slow disk access says little.
      bytes = Math.min(mostBytes, Math.max(leastBytes, bytes + (fitting - bytes) / 4))
      return value
    },
  }
}

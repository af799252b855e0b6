/**
 * Everything that happened in a run, in order, and one hash over it: two runs of one seed are the same run.
 *
 * @module
 */
import { createHash } from 'node:crypto'

export interface TraceEvent {
  /** Of the run, ms. */
  readonly atMs: number
  readonly kind: string
  readonly who: string
  readonly what: string
}

export interface Trace {
  add(kind: string, who: string, what: string): void
  /** The newest ones. */
  readonly recent: readonly TraceEvent[]
  readonly count: number
  /** 64 hexadecimal digits over all of them. */
  hash(): string
}

/** Told with a broken invariant. */
const maxRecent = 400

/** `listener` hears each event. */
export function createTrace(nowMs: () => number, listener: (event: TraceEvent) => void = () => {}): Trace {
  const digest = createHash('sha256')
  const recent: TraceEvent[] = []
  let count = 0
  return {
    add(kind, who, what) {
      const event = { atMs: nowMs(), kind, who, what }
      digest.update(`${event.atMs.toFixed(3)} ${kind} ${who} ${what}\n`)
      count++
      recent.push(event)
      if (recent.length > 2 * maxRecent) recent.splice(0, maxRecent)
      listener(event)
    },
    get recent() {
      return recent.slice(-maxRecent)
    },
    get count() {
      return count
    },
    hash: () => digest.copy().digest('hex'),
  }
}

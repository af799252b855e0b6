/**
 * What waits to leave in all sessions of one peer together (T16): 500 that never read cost no more than 50.
 *
 *     sent ─▶ total ─┬─ the fuller, the less bulk each session may queue (`highWaterBytes`)
 *                    └─ over the budget: whoever has not been empty for the longest is cut
 *
 * The share of a quarter of what is free is the dynamic threshold of Choudhury and Hahne (1998): nobody is
 * counted, nobody is starved, and some room is always left for who comes next.
 *
 * @module
 */
import type { Clock } from '../clock.ts'

export interface OutboundBudget {
  /** Counts a session until the share is disposed. */
  open(session: OutboundSession): OutboundShare
}

export interface OutboundSession {
  /** Bytes that wait at the link now. */
  bufferedBytes(): number
  /** Ends it at once; disposes its share. */
  cut(): void
}

export interface OutboundShare extends Disposable {
  /** Something was handed to the link; `before`: bytes that waited there until then. */
  sent(before: number): void
  /** Bytes that may wait before the next bulk frame is made. */
  highWaterBytes(): number
}

/** One session alone gets no further ahead: some frames, half a second of a fast line. */
const maxHighWaterBytes: number = 1024 * 1024

/** Of what is free, to each. */
const share = 0.25

/** All are looked at after this part of the budget was sent: links do not tell when bytes have left. */
const lookEvery: number = 1 / 16

interface Counted {
  readonly session: OutboundSession
  bytes: number
  /** When it was empty before a frame came, for the last time. */
  sinceMs: number
}

/** `bytes`: what may wait in all sessions together, but for one frame each. */
export function createOutboundBudget(bytes: number, clock: Pick<Clock, 'monotonic'>): OutboundBudget {
  const sessions = new Set<Counted>()
  /** At least what waits: what has left since the last look is still in it. */
  let total = 0
  let sentSince = 0

  function look(): void {
    sentSince = 0
    total = 0
    for (const counted of sessions) {
      counted.bytes = counted.session.bufferedBytes()
      total += counted.bytes
    }
    while (total > bytes) {
      const slowest = findSlowest()
      if (slowest === null) return
      slowest.session.cut()
      remove(slowest)
    }
  }

  function findSlowest(): Counted | null {
    let slowest: Counted | null = null
    for (const counted of sessions) {
      if (counted.bytes > 0 && (slowest === null || counted.sinceMs < slowest.sinceMs)) slowest = counted
    }
    return slowest
  }

  function remove(counted: Counted): void {
    if (sessions.delete(counted)) total -= counted.bytes
  }

  return {
    open(session) {
      const counted: Counted = { session, bytes: 0, sinceMs: clock.monotonic() }
      sessions.add(counted)
      return {
        sent(before) {
          if (!sessions.has(counted)) return
          if (before === 0) counted.sinceMs = clock.monotonic()
          const waiting = session.bufferedBytes()
          total += waiting - counted.bytes
          counted.bytes = waiting
          sentSince += Math.max(0, waiting - before)
          if (sentSince > bytes * lookEvery) look()
        },
        highWaterBytes: () => Math.min(maxHighWaterBytes, Math.max(0, (bytes - total) * share)),
        [Symbol.dispose]: () => remove(counted),
      }
    },
  }
}

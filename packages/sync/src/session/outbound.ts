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

/** What a share asks of all of them together. */
interface Sums {
  sent(share: Share, before: number): void
  highWaterBytes(): number
  remove(share: Share): void
}

/** A class, because each session has one. */
class Share implements OutboundShare {
  readonly session: OutboundSession
  bytes = 0
  /** When it was empty before a frame came, for the last time. */
  sinceMs: number
  readonly #sums: Sums

  constructor(session: OutboundSession, sinceMs: number, sums: Sums) {
    this.session = session
    this.sinceMs = sinceMs
    this.#sums = sums
  }

  sent(before: number): void {
    this.#sums.sent(this, before)
  }

  highWaterBytes(): number {
    return this.#sums.highWaterBytes()
  }

  [Symbol.dispose](): void {
    this.#sums.remove(this)
  }
}

/** `bytes`: what may wait in all sessions together, but for one frame each. */
export function createOutboundBudget(bytes: number, clock: Pick<Clock, 'monotonic'>): OutboundBudget {
  const sessions = new Set<Share>()
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

  function findSlowest(): Share | null {
    let slowest: Share | null = null
    for (const counted of sessions) {
      if (counted.bytes > 0 && (slowest === null || counted.sinceMs < slowest.sinceMs)) slowest = counted
    }
    return slowest
  }

  function remove(counted: Share): void {
    if (sessions.delete(counted)) total -= counted.bytes
  }

  const sums: Sums = {
    sent(counted, before) {
      if (!sessions.has(counted)) return
      if (before === 0) counted.sinceMs = clock.monotonic()
      const waiting = counted.session.bufferedBytes()
      total += waiting - counted.bytes
      counted.bytes = waiting
      sentSince += Math.max(0, waiting - before)
      if (sentSince > bytes * lookEvery) look()
    },
    highWaterBytes: () => Math.min(maxHighWaterBytes, Math.max(0, (bytes - total) * share)),
    remove,
  }

  return {
    open(session) {
      const counted = new Share(session, clock.monotonic(), sums)
      sessions.add(counted)
      return counted
    },
  }
}

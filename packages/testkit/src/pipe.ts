/**
 * One direction of a connection in memory: bandwidth, window, latency, cuts.
 *
 *     send ─▶ waiting ─(bandwidth, window)▶ flying ─(latency)▶ arrive ─▶ consumed
 *
 * A frame leaves when the one before it is through and the receiver has room for it.
 * A cut wire holds everything where it is and says nothing.
 *
 * @module
 */
import type { Clock } from '@effigy/sync'

/** What may happen to one frame on the way. */
export type Fate =
  | 'lost'
  | {
      /** Delay of each copy that arrives, ms; none when the frame is dropped. */
      readonly delaysMs: readonly number[]
      /** Whether it may arrive before frames that were sent earlier. */
      readonly overtakes: boolean
    }

export interface Wire {
  readonly clock: Clock
  /** Null: no bound. */
  readonly bytesPerSecond: number | null
  /** How much may be flying or unread before the sender has to wait. */
  readonly windowBytes: number
  isCut(): boolean
  /** Asked once for each frame that leaves; 'lost' is the end of the connection. */
  fate(): Fate
  /** Of the close notice, ms. */
  delayMs(): number

  arrive(frame: Uint8Array, weight: number): void
  arriveClose(code: string): void
  drained(): void
  lost(): void
}

export interface Pipe {
  /** Queues a copy. */
  send(frame: Uint8Array): void
  /** Announces `code` behind everything sent. */
  finish(code: string): void
  /** The receiver has read frames of this `weight`: there is room again. */
  consumed(weight: number): void
  /** To be called when the wire is no longer cut: what was held arrives now. */
  resume(): void
  /** Drops whatever waits or flies; nothing arrives any more. */
  abandon(): void
  /** What has not left yet. */
  bufferedBytes(): number
}

type Item =
  | { readonly frame: Uint8Array; readonly weight: number }
  | { readonly frame: null; readonly code: string }

export function createPipe(wire: Wire): Pipe {
  const { clock } = wire
  const waiting: Item[] = []
  const held: Item[] = []
  let waitingBytes = 0
  let outstandingBytes = 0
  let newestArrivalMs = 0
  let transmitting = false
  let alive = true

  const arrive = (item: Item): void => {
    if (!alive) return
    if (wire.isCut()) held.push(item)
    else if (item.frame === null) wire.arriveClose(item.code)
    else wire.arrive(item.frame, item.weight)
  }

  const fly = (item: Item, delayMs: number, overtakes: boolean): void => {
    let atMs = clock.monotonic() + delayMs
    if (!overtakes) {
      atMs = Math.max(atMs, newestArrivalMs)
      newestArrivalMs = atMs
    }
    clock.after(atMs - clock.monotonic(), () => arrive(item))
  }

  const depart = (item: Item): void => {
    if (item.frame === null) {
      fly(item, wire.delayMs(), false)
      return
    }
    const fate = wire.fate()
    if (fate === 'lost') {
      wire.lost()
      return
    }
    if (fate.delaysMs.length === 0) outstandingBytes -= item.weight
    for (const [copy, delayMs] of fate.delaysMs.entries()) {
      // The window counts a frame once, however often it arrives.
      fly(copy === 0 ? item : { ...item, weight: 0 }, delayMs, fate.overtakes)
    }
  }

  const leave = (item: Item): void => {
    if (!alive) return
    waiting.shift()
    waitingBytes -= weightOf(item)
    depart(item)
    if (alive && waitingBytes === 0) wire.drained()
  }

  const pump = (): void => {
    while (alive && !transmitting && !wire.isCut()) {
      const next = waiting[0]
      if (next === undefined) return
      const weight = weightOf(next)
      // A frame larger than the window still passes when nothing else is out.
      if (outstandingBytes > 0 && outstandingBytes + weight > wire.windowBytes) return
      outstandingBytes += weight
      if (wire.bytesPerSecond === null) {
        leave(next)
        continue
      }
      transmitting = true
      clock.after((weight * 1000) / wire.bytesPerSecond, () => {
        transmitting = false
        leave(next)
        pump()
      })
    }
  }

  const put = (item: Item): void => {
    waiting.push(item)
    waitingBytes += weightOf(item)
    pump()
  }

  return {
    send: (frame) => put({ frame: frame.slice(), weight: frame.length }),
    finish: (code) => put({ frame: null, code }),
    consumed(weight) {
      outstandingBytes -= weight
      pump()
    },
    resume() {
      // At once: a new delay would let frames that are still flying overtake these.
      for (const item of held.splice(0)) arrive(item)
      pump()
    },
    abandon() {
      alive = false
      waiting.length = held.length = waitingBytes = 0
    },
    bufferedBytes: () => waitingBytes,
  }
}

const weightOf = (item: Item): number => (item.frame === null ? 0 : item.weight)

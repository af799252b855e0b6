/**
 * How fast the other side is taken: averages and bursts of what it costs us (T16).
 *
 *     frame ─frameWeight▶ 1 for opening it, more for a long header or a list of names ─▶ bucket ─▶ ms to rest
 *     bytes ───────────────────────────────────────────────────────────────────────▶ bucket ─▶ ms to rest
 *
 * @module
 */
import type { Message } from '../messages.ts'

export interface Pace {
  /** Counts `amount` at `nowMs`; gives the ms to wait before the next, 0 for none. */
  take(nowMs: number, amount: number): number
}

/** A bucket of `burst` tokens that refills at `perSecond`. */
export function createPace(perSecond: number, burst: number): Pace {
  return new Bucket(perSecond, burst)
}

/** A class: each session has several. */
class Bucket implements Pace {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #filledMs = Number.NEGATIVE_INFINITY

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
  }

  take(nowMs: number, amount: number): number {
    const perSecond = this.#perSecond
    const filled = this.#tokens + ((nowMs - this.#filledMs) * perSecond) / 1000
    const tokens = Math.min(this.#burst, filled) - amount
    this.#tokens = tokens
    this.#filledMs = nowMs
    return tokens >= 0 ? 0 : Math.ceil((-tokens * 1000) / perSecond)
  }
}

/** Bytes of header that cost about as much to parse as a frame costs to open, 10 to 20 µs. */
const headerBytesPerFrame = 1024

/** Names that cost about as much to read and look up as a few frames: 2 to 4 µs each. */
const namesPerFrame = 10

/** What a frame costs, in ordinary ones; `message` is null when its header could not be read. */
export function frameWeight(headerBytes: number, message: Message | null): number {
  const names = message === null ? 0 : namesIn(message)
  return 1 + Math.floor(headerBytes / headerBytesPerFrame) + Math.floor(names / namesPerFrame)
}

/** Names and heads that are looked up one by one; entries and blobs come only for windows that we granted. */
function namesIn(message: Message): number {
  switch (message.type) {
    case 'getheads':
    case 'lastknownheads':
    case 'watch':
    case 'carry':
    case 'heads':
    case 'news':
    case 'getentry':
    case 'iwant':
    case 'resumed':
    case 'getprints':
    case 'list':
      return message.count
    case 'resume':
      return message.added + message.removed
    case 'online':
      return message.show + message.hear
    case 'agree':
      return message.removed
    case 'ihave':
      return message.sizes.length
    default:
      return 0
  }
}

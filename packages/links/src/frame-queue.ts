/**
 * What has arrived at one end of a link and waits for its reader.
 *
 *     transport ─push▶ queue ─▶ receive (one reader), telling how much is still unread
 *
 * @module
 */
import type { Polled, Woken } from '@effigy/sync'

/** What a frame costs beside its bytes: a million empty ones are 6 MB on the wire and 190 MB here. */
const frameOverheadBytes = 256

export interface FrameQueue {
  /** Not yet read, `frameOverheadBytes` a frame included. */
  readonly bytes: number
  push(frame: Uint8Array): void
  /** The reader ends after what is there. */
  end(): void
  /** The reader ends now. */
  clear(): void
  receive(): AsyncIterable<Uint8Array>
}

/** `consumed` hears of each frame that the reader took. */
export function createFrameQueue(consumed: (frameBytes: number) => void): FrameQueue {
  return new Queue(consumed)
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined }

const noFrames: Uint8Array[] = []

/**
 * A class, because each link has one, and its own reader: a generator's promises cost a short frame as much as reading it.
 */
class Queue implements FrameQueue, Polled<Uint8Array>, AsyncIterableIterator<Uint8Array, undefined> {
  readonly #consumed: (frameBytes: number) => void
  #frames = noFrames
  #bytes = 0
  #over = false
  /** Of the reader who waits, while the queue is empty: for the next frame, or to be told that there is one. */
  #give: ((next: IteratorResult<Uint8Array, undefined>) => void) | null = null
  #reader: Woken | null = null

  constructor(consumed: (frameBytes: number) => void) {
    this.#consumed = consumed
  }

  get bytes(): number {
    return this.#bytes
  }

  push(frame: Uint8Array): void {
    if (this.#over) return
    const give = this.#give
    if (give !== null) {
      this.#give = null
      this.#consumed(frame.length)
      give({ done: false, value: frame })
      return
    }
    if (this.#frames === noFrames) this.#frames = []
    this.#frames.push(frame)
    this.#bytes += frame.length + frameOverheadBytes
    this.#wake()
  }

  end(): void {
    this.#over = true
    this.#give?.(done)
    this.#give = null
    this.#wake()
  }

  clear(): void {
    this.#frames = noFrames
    this.#bytes = 0
    this.end()
  }

  receive(): AsyncIterable<Uint8Array> {
    return this
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const next = this.poll()
    if (next !== null) return Promise.resolve(next)
    return new Promise((resolve) => {
      this.#give = resolve
    })
  }

  poll(): IteratorResult<Uint8Array, undefined> | null {
    const frame = this.#frames.shift()
    if (frame === undefined) return this.#over ? done : null
    this.#bytes -= frame.length + frameOverheadBytes
    this.#consumed(frame.length)
    return { done: false, value: frame }
  }

  wakes(reader: Woken): void {
    this.#reader = reader
  }

  /** In a turn of its own: whoever pushes is not to meet what the reader does with it. */
  #wake(): void {
    const reader = this.#reader
    if (reader === null) return
    this.#reader = null
    queueMicrotask(() => reader.goOn())
  }
}

/**
 * What has arrived at one end of a link and waits for its reader.
 *
 *     transport ─push▶ queue ─▶ receive (one reader), telling how much is still unread
 *
 * @module
 */

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
class Queue implements FrameQueue, AsyncIterableIterator<Uint8Array, undefined> {
  readonly #consumed: (frameBytes: number) => void
  #frames = noFrames
  #bytes = 0
  #over = false
  /** Of the reader who waits, while the queue is empty. */
  #give: ((next: IteratorResult<Uint8Array, undefined>) => void) | null = null

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
  }

  end(): void {
    this.#over = true
    this.#give?.(done)
    this.#give = null
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
    const frame = this.#frames.shift()
    if (frame !== undefined) {
      this.#bytes -= frame.length + frameOverheadBytes
      this.#consumed(frame.length)
      return Promise.resolve({ done: false, value: frame })
    }
    if (this.#over) return Promise.resolve(done)
    return new Promise((resolve) => {
      this.#give = resolve
    })
  }
}

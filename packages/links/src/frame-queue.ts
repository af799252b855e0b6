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
  const frames: Uint8Array[] = []
  let bytes = 0
  let over = false
  /** Of the reader who waits, while the queue is empty. */
  let give: ((next: IteratorResult<Uint8Array, undefined>) => void) | null = null

  const done: IteratorReturnResult<undefined> = { done: true, value: undefined }

  /** By hand: a generator's promises cost a short frame as much as reading it. */
  const reader: AsyncIterableIterator<Uint8Array, undefined> = {
    [Symbol.asyncIterator]: () => reader,
    next() {
      const frame = frames.shift()
      if (frame !== undefined) {
        bytes -= frame.length + frameOverheadBytes
        consumed(frame.length)
        return Promise.resolve({ done: false, value: frame })
      }
      if (over) return Promise.resolve(done)
      return new Promise((resolve) => {
        give = resolve
      })
    },
  }

  function end(): void {
    over = true
    give?.(done)
    give = null
  }

  return {
    get bytes() {
      return bytes
    },
    push(frame) {
      if (over) return
      if (give !== null) {
        const resolve = give
        give = null
        consumed(frame.length)
        resolve({ done: false, value: frame })
        return
      }
      frames.push(frame)
      bytes += frame.length + frameOverheadBytes
    },
    end,
    clear() {
      frames.length = 0
      bytes = 0
      end()
    },
    receive: () => reader,
  }
}

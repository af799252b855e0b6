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
  let wake = () => {}

  async function* receive(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const frame = frames.shift()
      if (frame !== undefined) {
        bytes -= frame.length + frameOverheadBytes
        consumed(frame.length)
        yield frame
      } else if (over) {
        return
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  }

  function end(): void {
    over = true
    wake()
  }

  return {
    get bytes() {
      return bytes
    },
    push(frame) {
      if (over) return
      frames.push(frame)
      bytes += frame.length + frameOverheadBytes
      wake()
    },
    end,
    clear() {
      frames.length = 0
      bytes = 0
      end()
    },
    receive,
  }
}

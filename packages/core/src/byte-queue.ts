/**
 * Taking exact lengths from a stream whose pieces have any length.
 *
 *     pieces ─▶ queue ─take(n)▶ n bytes, or fewer at the end
 *
 * @module
 */

/** Owns the source's iterator: `close` ends it. Rethrows what the source throws. */
export interface ByteQueue {
  /** The next `length` bytes, fewer only at the end of the source. Holds no more than that and one piece. */
  take(length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Reads nothing before the first `take`; its owner closes it. */
export function createByteQueue(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): ByteQueue {
  const pieces = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  let piece: Uint8Array = new Uint8Array(0)
  let at = 0
  let isDone = false

  async function next(): Promise<boolean> {
    while (at === piece.length && !isDone) {
      const result = await pieces.next()
      if (result.done === true) isDone = true
      else {
        piece = result.value
        at = 0
      }
    }
    return at < piece.length
  }

  return {
    async take(length) {
      if (piece.length - at >= length) {
        at += length
        return piece.slice(at - length, at)
      }
      const taken = new Uint8Array(length)
      let filled = 0
      while (filled < length && (await next())) {
        const part = piece.subarray(at, at + length - filled)
        taken.set(part, filled)
        at += part.length
        filled += part.length
      }
      return taken.subarray(0, filled)
    },
    async close() {
      isDone = true
      await pieces.return?.()
    },
  }
}

/**
 * A file that passes by once: looked ahead into, taken, or let through in pieces (spec I30).
 *
 *     source ─▶ peek(n) │ take(n) │ pass(n) ─▶ pieces
 *
 * @module
 */
import { createByteQueue } from '../byte-queue.ts'
import { concatBytes } from '../bytes.ts'

export interface MediaReader {
  /** Bytes taken and passed so far. */
  position(): number
  /** The next `length` bytes without taking them; fewer only at the end. */
  peek(length: number): Promise<Uint8Array>
  /** The next `length` bytes, to be written to as one likes; fewer only at the end. */
  take(length: number): Promise<Uint8Array>
  /** The next `length` bytes in pieces; returns whether there were as many. */
  pass(length: number): AsyncGenerator<Uint8Array, boolean, void>
  /** Zeros in place of the next `length` bytes; returns whether there were as many, and what `look` has to say. */
  blank(length: number, look?: (piece: Uint8Array) => void): AsyncGenerator<Uint8Array, boolean, void>
  /** Leaves the next `length` bytes out; returns whether there were as many. */
  skip(length: number, look?: (piece: Uint8Array) => void): Promise<boolean>
  close(): Promise<void>
}

/** Bytes of one piece. */
const pieceBytes = 256 * 1024

export function createMediaReader(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): MediaReader {
  const queue = createByteQueue(source)
  let ahead: Uint8Array = new Uint8Array(0)
  let position = 0

  /** What is said to be long may not be: room is made as it comes. */
  async function take(length: number): Promise<Uint8Array> {
    if (length <= pieceBytes) return takePiece(length)
    const pieces: Uint8Array[] = []
    for await (const piece of pass(length)) pieces.push(piece)
    return concatBytes(...pieces)
  }

  async function takePiece(length: number): Promise<Uint8Array> {
    let taken: Uint8Array
    if (ahead.length === 0) taken = await queue.take(length)
    else if (length <= ahead.length) {
      taken = ahead.slice(0, length)
      ahead = ahead.subarray(length)
    } else {
      const held = ahead
      ahead = new Uint8Array(0)
      taken = concatBytes(held, await queue.take(length - held.length))
    }
    position += taken.length
    return taken
  }

  async function* pass(length: number): AsyncGenerator<Uint8Array, boolean, void> {
    for (let left = length; left > 0; ) {
      const piece = await takePiece(Math.min(left, pieceBytes))
      if (piece.length === 0) return false
      yield piece
      left -= piece.length
    }
    return true
  }

  return {
    position: () => position,
    async peek(length) {
      if (ahead.length < length) ahead = concatBytes(ahead, await queue.take(length - ahead.length))
      return ahead.subarray(0, length)
    },
    take,
    pass,
    async *blank(length, look) {
      const pieces = pass(length)
      for (;;) {
        const next = await pieces.next()
        if (next.done === true) return next.value
        look?.(next.value)
        yield new Uint8Array(next.value.length)
      }
    },
    async skip(length, look) {
      const pieces = pass(length)
      for (;;) {
        const next = await pieces.next()
        if (next.done === true) return next.value
        look?.(next.value)
      }
    },
    close: () => queue.close(),
  }
}

/** Whether all bytes are zero. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

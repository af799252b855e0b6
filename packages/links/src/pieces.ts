/**
 * Frames over a transport with short messages, such as a WebRTC data channel (spec M7).
 *
 *     frame ─splitFrame▶ 1 ‖ piece, 1 ‖ piece, 0 ‖ last piece ─FrameJoiner▶ frame
 *
 * @module
 */
import { freeBytes, maxLinkMessageBytes } from '@effigy/sync'

const more = 1
const last = 0

export interface FrameJoiner {
  /** The frame that `message` completes, null when more must come, or that the other side broke M7: close the link. */
  push(message: Uint8Array): Uint8Array | null | 'bad-message'
}

/** Messages of at most `maxMessageBytes` (from 2), in order. */
export function splitFrame(frame: Uint8Array, maxMessageBytes: number): Uint8Array[] {
  if (!(maxMessageBytes >= 2)) throw new RangeError('a message has room for one byte of the frame at least')
  const messages: Uint8Array[] = []
  let at = 0
  do {
    const piece = frame.subarray(at, at + maxMessageBytes - 1)
    at += piece.length
    const message = new Uint8Array(piece.length + 1)
    message[0] = at < frame.length ? more : last
    message.set(piece, 1)
    messages.push(message)
  } while (at < frame.length)
  return messages
}

/** Joins into one buffer that grows: a million pieces of one byte cost no more than the frame they make. */
export function createFrameJoiner(maxFrameBytes: number = maxLinkMessageBytes): FrameJoiner {
  let buffer = new Uint8Array(0)
  let length = 0

  function append(piece: Uint8Array): void {
    const needed = length + piece.length
    if (needed > buffer.length) {
      const grown = new Uint8Array(Math.min(maxFrameBytes, Math.max(needed, buffer.length * 2)))
      grown.set(buffer.subarray(0, length))
      freeBytes(buffer)
      buffer = grown
    }
    buffer.set(piece, length)
    length = needed
  }

  return {
    push(message) {
      const [flag] = message
      const piece = message.subarray(1)
      if (flag !== more && flag !== last) return 'bad-message'
      if (length + piece.length > maxFrameBytes || (flag === more && piece.length === 0)) return 'bad-message'
      if (flag === last && length === 0) return piece
      append(piece)
      if (flag === more) return null
      const frame = buffer.subarray(0, length)
      buffer = new Uint8Array(0)
      length = 0
      return frame
    },
  }
}

/**
 * Short messages as one piece of a WebSocket's stream (RFC 6455, 5.2): what is sent in one turn leaves in one write.
 *
 *     messages of one turn ─▶ header ‖ message, header ‖ message, … ─▶ one write to the socket below
 *
 * A message that is handed to `ws` costs two writes to the stream and what they hold until it has left: more than sealing it.
 *
 * @module
 */
import { randomFillSync } from 'node:crypto'

/** Bytes. A length of two bytes says it. */
export const longestShortMessage: number = 16 * 1024

const finalBinary = 0x82
const maskBit = 0x80
const maskBytes = 4
/** Above it the length follows in two bytes. */
const mostInOneByte = 125

/** `isMasked`: as a client sends. Each message has at most `longestShortMessage` bytes. */
export function webSocketFrames(messages: readonly Uint8Array[], isMasked: boolean): Uint8Array {
  let length = 0
  for (const message of messages)
    length += headerLength(message) + (isMasked ? maskBytes : 0) + message.length
  const frames = new Uint8Array(length)
  const masks = isMasked ? randomFillSync(new Uint8Array(messages.length * maskBytes)) : null
  let at = 0
  for (const [index, message] of messages.entries()) {
    at = writeHeader(frames, at, message.length, masks === null ? 0 : maskBit)
    if (masks !== null) {
      const mask = masks.subarray(index * maskBytes, (index + 1) * maskBytes)
      frames.set(mask, at)
      at += maskBytes
      writeMasked(frames, at, message, mask)
    } else {
      frames.set(message, at)
    }
    at += message.length
  }
  return frames
}

function headerLength({ length }: Uint8Array): number {
  return length > mostInOneByte ? 4 : 2
}

function writeHeader(frames: Uint8Array, start: number, length: number, masked: number): number {
  frames[start] = finalBinary
  if (length <= mostInOneByte) {
    frames[start + 1] = masked | length
    return start + 2
  }
  frames[start + 1] = masked | 126
  frames[start + 2] = length >> 8
  frames[start + 3] = length & 0xff
  return start + 4
}

function writeMasked(frames: Uint8Array, start: number, message: Uint8Array, mask: Uint8Array): void {
  const { length } = message
  for (let at = 0; at < length; at++) frames[start + at] = (message[at] as number) ^ (mask[at & 3] as number)
}

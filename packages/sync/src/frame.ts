/**
 * Frames (spec M1): one transport message is a JSON header, a newline, and bytes.
 *
 *     Frame ─encodeFrame▶ {"type":…}⏎<bytes> ─decodeFrame▶ Frame (bytes: a view)
 *
 * @module
 */
import {
  err,
  type JsonObject,
  ok,
  parseStrictJson,
  parseUtf8,
  type Result,
  shortBytes,
  utf8,
} from '@effigy/core'
import { maxFrameBytes, maxHeaderBytes } from './limits.ts'
import type { HandshakeMessage, Message } from './messages.ts'

export interface FrameHeader extends JsonObject {
  /** The first field of the header. */
  readonly type: string
}

export interface Frame {
  readonly header: FrameHeader
  /** What follows the newline; a view of the received message. */
  readonly bytes: Uint8Array
}

export interface FrameFault {
  readonly code: 'too-large' | 'bad-frame'
}

/** The byte part, whole or as parts that are copied once into the frame. */
export type FrameBytes = Uint8Array | readonly Uint8Array[]

const newline = 0x0a

/** Throws a RangeError when the frame is over the limits of M1: writers know what they write. `maxBytes` is less inside a relay. */
export function encodeFrame(
  header: Message | HandshakeMessage | FrameHeader,
  bytes: FrameBytes = [],
  maxBytes: number = maxFrameBytes,
): Uint8Array {
  const text = JSON.stringify(header)
  const parts = bytes instanceof Uint8Array ? [bytes] : bytes
  const headerLength = utf8Length(text)
  let length = headerLength + 1
  for (const part of parts) length += part.length
  if (headerLength > maxHeaderBytes || length > maxBytes) throw new RangeError(`too large: ${header.type}`)
  const frame = shortBytes(length)
  encoder.encodeInto(text, frame)
  frame[headerLength] = newline
  let at = headerLength + 1
  for (const part of parts) {
    frame.set(part, at)
    at += part.length
  }
  return frame
}

const encoder = new TextEncoder()

/** Bytes of well-formed text: nearly all headers have as many as characters. */
function utf8Length(text: string): number {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return utf8(text).length
  return text.length
}

/** `maxBytes` is less before both sides are authenticated. Never throws. */
export function decodeFrame(
  message: Uint8Array,
  maxBytes: number = maxFrameBytes,
): Result<Frame, FrameFault> {
  if (message.length > maxBytes) return err({ code: 'too-large' })
  // Strict JSON has no raw newline, so the first one ends the header.
  const end = message.subarray(0, maxHeaderBytes + 1).indexOf(newline)
  if (end < 0) return err({ code: message.length > maxHeaderBytes ? 'too-large' : 'bad-frame' })
  const text = parseUtf8(message.subarray(0, end))
  if (text === null) return err({ code: 'bad-frame' })
  const header = parseStrictJson(text)
  if (!header.ok || !isFrameHeader(header.value)) return err({ code: 'bad-frame' })
  return ok({ header: header.value, bytes: message.subarray(end + 1) })
}

function isFrameHeader(value: unknown): value is FrameHeader {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value)[0] === 'type' && typeof (value as { type: unknown }).type === 'string'
}

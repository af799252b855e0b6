/**
 * Messages on a data channel that are no piece of a frame (spec M10, M11).
 *
 *     0 │ 1  a piece (pieces.ts)     2 ‖ code  the end     3 ‖ 8 bytes  how much may come in all
 *
 * @module
 */

const end = 2
const room = 3

export type ChannelMessage =
  | { readonly type: 'piece' }
  | { readonly type: 'end'; readonly code: string }
  | { readonly type: 'room'; readonly total: number }
  | { readonly type: 'bad' }

const codePattern = /^[a-z][a-z0-9-]{0,63}$/

export function endMessage(code: string): Uint8Array {
  const text = new TextEncoder().encode(codePattern.test(code) ? code : 'closed')
  const message = new Uint8Array(1 + text.length)
  message[0] = end
  message.set(text, 1)
  return message
}

/** `total` is whole, up to 2^53 − 1. */
export function roomMessage(total: number): Uint8Array {
  const message = new Uint8Array(9)
  message[0] = room
  new DataView(message.buffer).setBigUint64(1, BigInt(total))
  return message
}

/** A piece is the joiner's to judge. */
export function readChannelMessage(message: Uint8Array): ChannelMessage {
  if (message[0] === room) {
    if (message.length !== 9) return { type: 'bad' }
    const total = new DataView(message.buffer, message.byteOffset, 9).getBigUint64(1)
    return total > BigInt(Number.MAX_SAFE_INTEGER) ? { type: 'bad' } : { type: 'room', total: Number(total) }
  }
  if (message[0] === end) {
    if (message.length > 65) return { type: 'bad' }
    const code = String.fromCharCode(...message.subarray(1))
    return codePattern.test(code) ? { type: 'end', code } : { type: 'bad' }
  }
  return { type: 'piece' }
}

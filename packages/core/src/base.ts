/**
 * base32 and base64url, each in its one canonical spelling (spec N1); base58 has a module of its own.
 *
 * Both stand on the hot path of every sync, so they are table driven.
 *
 * @module
 */
const base32Alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const base32 = radix(base32Alphabet, 5)
const base64 = radix(base64Alphabet, 6)

/** Lower case, without padding; `parseBase32` reads it. */
export function encodeBase32(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil((bytes.length * 8) / 5))
  writeBase32(bytes, text, 0)
  return asciiText(text)
}

/** Without padding; `parseBase64url` reads it. */
export function encodeBase64url(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3))
  writeBase64url(bytes, text, 0)
  return asciiText(text)
}

/** As ASCII from `at` on; gives where it ends. `target` has room for it. */
export function writeBase64url(bytes: Uint8Array, target: Uint8Array, at: number): number {
  const { codes } = base64
  const whole = bytes.length - (bytes.length % 3)
  let end = at
  for (let index = 0; index < whole; index += 3) {
    const group =
      ((bytes[index] as number) << 16) | ((bytes[index + 1] as number) << 8) | (bytes[index + 2] as number)
    target[end++] = codes[group >> 18] as number
    target[end++] = codes[(group >> 12) & 63] as number
    target[end++] = codes[(group >> 6) & 63] as number
    target[end++] = codes[group & 63] as number
  }
  return base64.writeRest(bytes, whole, target, end)
}

/** As ASCII from `at` on; gives where it ends. `target` has room for it. */
export function writeBase32(bytes: Uint8Array, target: Uint8Array, at: number): number {
  const { codes } = base32
  const whole = bytes.length - (bytes.length % 5)
  let end = at
  for (let index = 0; index < whole; index += 5) {
    const middle = bytes[index + 2] as number
    const high = ((bytes[index] as number) << 12) | ((bytes[index + 1] as number) << 4) | (middle >> 4)
    const low = ((middle & 15) << 16) | ((bytes[index + 3] as number) << 8) | (bytes[index + 4] as number)
    target[end++] = codes[high >> 15] as number
    target[end++] = codes[(high >> 10) & 31] as number
    target[end++] = codes[(high >> 5) & 31] as number
    target[end++] = codes[high & 31] as number
    target[end++] = codes[low >> 15] as number
    target[end++] = codes[(low >> 10) & 31] as number
    target[end++] = codes[(low >> 5) & 31] as number
    target[end++] = codes[low & 31] as number
  }
  return base32.writeRest(bytes, whole, target, end)
}

/** The bytes, or null when `text` is not what `encodeBase32` would write. */
export const parseBase32: (text: string) => Uint8Array | null = base32.parse
/** The bytes, or null when `text` is not what `encodeBase64url` would write. */
export const parseBase64url: (text: string) => Uint8Array | null = base64.parse

/** An encoding of `bits` bits a character, most significant first, without padding. */
function radix(alphabet: string, bits: number) {
  const mask = (1 << bits) - 1
  const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0))
  const values = new Uint8Array(128).fill(255)
  for (const [value, code] of codes.entries()) values[code] = value

  /** From `from` on, which is a whole group of characters; gives where it ends. */
  function writeRest(bytes: Uint8Array, from: number, target: Uint8Array, at: number): number {
    let buffer = 0
    let held = 0
    let end = at
    for (let index = from; index < bytes.length; index++) {
      buffer = (buffer << 8) | (bytes[index] as number)
      held += 8
      while (held >= bits) {
        held -= bits
        target[end++] = codes[(buffer >> held) & mask] as number
      }
      buffer &= (1 << held) - 1
    }
    if (held > 0) target[end++] = codes[(buffer << (bits - held)) & mask] as number
    return end
  }

  function parse(text: string): Uint8Array | null {
    const bytes = new Uint8Array((text.length * bits) >> 3)
    let buffer = 0
    let held = 0
    let at = 0
    for (let index = 0; index < text.length; index++) {
      const value = values[text.charCodeAt(index)] ?? 255
      if (value === 255) return null
      buffer = (buffer << bits) | value
      held += bits
      if (held >= 8) {
        held -= 8
        bytes[at++] = buffer >> held
        buffer &= (1 << held) - 1
      }
    }
    // Canonical: no spare character, and the spare bits are zero.
    return held < bits && buffer === 0 ? bytes : null
  }

  return { codes, writeRest, parse }
}

const asciiDecoder = new TextDecoder('utf-8')

/** The text of ASCII codes. */
export function asciiText(codes: Uint8Array): string {
  // For a few characters the decoder takes longer to start.
  return codes.length <= 16
    ? String.fromCharCode.apply(null, codes as unknown as number[])
    : asciiDecoder.decode(codes)
}

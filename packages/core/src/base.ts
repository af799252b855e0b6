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

export const encodeBase32: (bytes: Uint8Array) => string = base32.encode
export const encodeBase64url: (bytes: Uint8Array) => string = base64.encode

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

  function encode(bytes: Uint8Array): string {
    const text = new Uint8Array(Math.ceil((bytes.length * 8) / bits))
    let buffer = 0
    let held = 0
    let at = 0
    for (let index = 0; index < bytes.length; index++) {
      buffer = (buffer << 8) | (bytes[index] as number)
      held += 8
      while (held >= bits) {
        held -= bits
        text[at++] = codes[(buffer >> held) & mask] as number
      }
      buffer &= (1 << held) - 1
    }
    if (held > 0) text[at] = codes[(buffer << (bits - held)) & mask] as number
    return asciiText(text)
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

  return { encode, parse }
}

const asciiDecoder = new TextDecoder('utf-8')

function asciiText(codes: Uint8Array): string {
  // fromCharCode is fastest for short texts but is limited by the stack for long ones.
  return codes.length <= 128
    ? String.fromCharCode.apply(null, codes as unknown as number[])
    : asciiDecoder.decode(codes)
}

/**
 * Reading numbers and names out of image bytes (spec section I). Nothing here throws: what lies beyond the end
 * reads as zero, and callers compare lengths before they believe a value.
 *
 * @module
 */

export function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

export function uint32(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) * 0x1_00_00 + uint16(bytes, at + 2)
}

export function uint16LittleEndian(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
}

export function uint24LittleEndian(bytes: Uint8Array, at: number): number {
  return uint16LittleEndian(bytes, at) | ((bytes[at + 2] ?? 0) << 16)
}

export function uint32LittleEndian(bytes: Uint8Array, at: number): number {
  return uint16LittleEndian(bytes, at) + uint16LittleEndian(bytes, at + 2) * 0x1_00_00
}

/** One character a byte, up to the end of `bytes`. */
export function latin1(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

/** Whether the bytes of `text` (one byte a character) stand at `at`. */
export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > bytes.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** The bytes of a text whose characters are all below 256. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/**
 * PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files"):
 * lengths that tell the size class of a text and little more, for at most 12 %.
 *
 *     text ⏎ 0 0 0 … ─up to paddedLength
 *
 * @module
 */

/** Everything shorter looks alike. */
export const minPaddedLength = 256

/** The length to pad `length` (below 2^31) bytes to; never less than `minPaddedLength`. */
export function paddedLength(length: number): number {
  if (length <= minPaddedLength) return minPaddedLength
  const exponent = 31 - Math.clz32(length)
  const exponentBits = 32 - Math.clz32(exponent)
  const unit = 2 ** (exponent - exponentBits)
  return Math.ceil(length / unit) * unit
}

const newline = 0x0a

/** `text`, a newline and zeros (K6, X3). `text` has no newline: the reader takes the first one for its end. */
export function padText(text: Uint8Array): Uint8Array {
  const plaintext = new Uint8Array(paddedLength(text.length + 1))
  plaintext.set(text)
  plaintext[text.length] = newline
  return plaintext
}

/** What `padText` padded; null when it is not exactly what that gives. */
export function unpadText(plaintext: Uint8Array): Uint8Array | null {
  const end = plaintext.indexOf(newline)
  if (end < 0 || plaintext.length !== paddedLength(end + 1)) return null
  return isZero(plaintext, end + 1) ? plaintext.subarray(0, end) : null
}

/** Whether nothing but zeros follows from `from` on. */
function isZero(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== 0) return false
  return true
}

/**
 * PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files"):
 * lengths that tell the size class of a text and little more, for at most 12 %.
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

/**
 * The platform's randomness, in portions that it accepts.
 *
 * @module
 */

/** What one call of `getRandomValues` gives at most. */
const maxPortion = 65_536

export function platformRandomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += maxPortion) {
    crypto.getRandomValues(bytes.subarray(at, at + maxPortion))
  }
  return bytes
}

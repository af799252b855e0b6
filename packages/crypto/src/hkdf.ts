/**
 * The bounds of HKDF (spec K4), the same for every backend: OpenSSL has one of its own for `info`, noble none.
 *
 * @module
 */
import type { Crypto } from './crypto.ts'

/** Bytes. Labels and identities are far shorter. */
export const maxHkdfInfoBytes = 1024

/** Bytes: 255 blocks of SHA-256 (RFC 5869). */
export const maxHkdfBytes: number = 255 * 32

/** `derive` for what all backends can do; a RangeError for anything else. */
export function boundedHkdf(derive: Crypto['hkdfSha256']): Crypto['hkdfSha256'] {
  return (inputKey, salt, info, length) => {
    if (info.length > maxHkdfInfoBytes) throw new RangeError(`info has at most ${maxHkdfInfoBytes} bytes`)
    if (!(Number.isInteger(length) && length >= 1 && length <= maxHkdfBytes)) {
      throw new RangeError(`between 1 and ${maxHkdfBytes} bytes are derived`)
    }
    return derive(inputKey, salt, info, length)
  }
}

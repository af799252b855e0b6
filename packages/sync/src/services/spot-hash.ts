/**
 * The answer to a spot check (spec V33).
 *
 *     nonce ‖ range ─▶ SHA-256
 *
 * @module
 */
import { concatBytes, type Sha256 } from '@effigy/core'

export const spotNonceBytes = 16

/** V33. What both sides compute of a spot check. */
export function spotHash(nonce: Uint8Array, range: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(concatBytes(nonce, range))
}

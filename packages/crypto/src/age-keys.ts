/**
 * X25519 keys as age's own tools spell them.
 *
 *     32 bytes ─bech32▶ AGE-SECRET-KEY-1…, age1…
 *
 * @module
 */
import { bech32 } from '@scure/base'

/** For `age -d -i FILE`. A secret: 32 bytes. */
export function writeAgeSecret(secret: Uint8Array): string {
  return bech32.encodeFromBytes('AGE-SECRET-KEY-', secret).toUpperCase()
}

/** For `age -r`. 32 bytes. */
export function writeAgeRecipient(publicKey: Uint8Array): string {
  return bech32.encodeFromBytes('age', publicKey)
}

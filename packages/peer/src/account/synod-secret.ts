/**
 * A synod key as the vault keeps it.
 *
 * @module
 */
import { encodeBase64url } from '@effigy/core'
import type { SynodSecret } from '@effigy/crypto'

export function secretOf(seed: Uint8Array, n: number): SynodSecret {
  return { key: encodeBase64url(seed), n }
}

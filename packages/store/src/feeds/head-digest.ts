/**
 * What stands for a head where two sides compare what they know (spec C4).
 *
 * @module
 */
import { cidDigest, concatBytes, type Head, identityKey, type Sha256, utf8 } from '@effigy/core'

export const headDigestBytes = 16

const prefix: Uint8Array = utf8('effigy/heads/1\n')

/** The first 16 bytes of SHA-256(prefix ‖ identity 32 ‖ epoch, 4 bytes big-endian ‖ head digest 32). */
export function headDigest(
  { identity, epoch, head }: Pick<Head, 'identity' | 'epoch' | 'head'>,
  sha256: Sha256,
): Uint8Array {
  return headDigestOf(identityKey(identity), epoch, cidDigest(head), sha256)
}

/** The same of the parts as tables hold them. */
export function headDigestOf(key: Uint8Array, epoch: number, head: Uint8Array, sha256: Sha256): Uint8Array {
  const counted = new Uint8Array(4)
  new DataView(counted.buffer).setUint32(0, epoch)
  return sha256(concatBytes(prefix, key, counted, head)).slice(0, headDigestBytes)
}

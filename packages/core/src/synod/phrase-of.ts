/**
 * Whose words somebody typed (spec D4, Y11). Apart from moving.ts: it needs no words itself, only what they stand for.
 *
 * @module
 */
import { accountNames, deriveMoveKey, nextOf } from '../account/keys.ts'
import { encodeBase64url } from '../base.ts'
import type { Sha256 } from '../ports.ts'
import type { Authority } from './authority.ts'

/** Whether the key in power committed to the phrase of this seed: at key 0 by the root, later by the move that led there. */
export function isPhraseOf(
  { root, moves }: Pick<Authority, 'root' | 'moves'>,
  seed: Uint8Array,
  sha256: Sha256,
): boolean {
  const last = moves.at(-1)
  if (last === undefined) return accountNames(seed, 0, sha256).root === root
  return encodeBase64url(nextOf(deriveMoveKey(seed, moves.length).publicKey, sha256)) === last.next
}

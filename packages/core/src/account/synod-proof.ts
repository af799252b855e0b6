/**
 * What a stranger checks of a synod state, with nothing else at hand (spec P14).
 *
 *     root ◀─ key 0, next 0, recovery 0 ─move▶ key 1 ─move▶ … ─▶ the key that signed this state
 *                                                            └─▶ members, each by a signature of its own
 *
 * `isRootedSynod` judges the hashes, `synodChecks` gives the signatures to verify. What an earlier state must
 * show of the revoked, and which of several states counts, is another question.
 *
 * @module
 */
import { encodeBase64url, parseBase64url } from '../base.ts'
import { utf8 } from '../bytes.ts'
import { type Identity, identityKey } from '../names.ts'
import type { Move, Synod, SynodMember } from '../payloads/schemas/synod.ts'
import type { Sha256, SignatureCheck } from '../ports.ts'
import { signingMessage } from '../signing.ts'
import { type JsonObject, writeStrictJson } from '../strict-json.ts'
import { nextOf, type Root, rootOf } from './keys.ts'

type Rooted = Pick<Synod, 'root' | 'next' | 'recovery' | 'origin' | 'moves'>

/** Whether the state's root is that of key 0, and each move's key was committed to, up to `of`, whose feed holds it. */
export function isRootedSynod(state: Rooted, of: Identity, sha256: Sha256): boolean {
  const { root, next, origin, moves } = state
  const [first] = moves
  if ((moves.at(-1)?.to ?? of) !== of) return false
  const key0 = identityKey(first?.from ?? of)
  const next0 = first === undefined ? bytesOf(next) : nextOf(bytesOf(first.key), sha256)
  if (rootOf(key0, next0, bytesOf(origin), sha256) !== root) return false
  return moves.every((move, index) => {
    const before = moves[index - 1]
    return before === undefined || encodeBase64url(nextOf(bytesOf(move.key), sha256)) === before.next
  })
}

/** All signatures inside a state: each must be valid, else the state proves nothing. */
export function synodChecks({
  root,
  identities,
  moves,
}: Pick<Synod, 'root' | 'identities' | 'moves'>): readonly SignatureCheck[] {
  return [
    ...moves.flatMap((move) => moveChecks(move)),
    ...identities.map((member) => memberCheck(root, member)),
  ]
}

/** What a member signs by purpose `member`. */
export function memberClaim(root: Root, [identity, box, , serial]: SynodMember): JsonObject {
  return { root, identity, box, serial }
}

/** What the move key and the new synod key sign by purpose `move`. */
export function moveClaim({ root, from, to, final, next, recovery }: Omit<Move, MoveProof>): JsonObject {
  return { root, from, to, final, next, recovery }
}

type MoveProof = 'key' | 'signature' | 'consent'

function memberCheck(root: Root, member: SynodMember): SignatureCheck {
  const [identity, , , , signature] = member
  return {
    publicKey: identityKey(identity),
    message: signingMessage('member', utf8(writeStrictJson(memberClaim(root, member)))),
    signature: bytesOf(signature),
  }
}

/** Of a move alone: by the move key, and by the key it leads to. */
export function moveChecks(move: Move): readonly SignatureCheck[] {
  const message = signingMessage('move', utf8(writeStrictJson(moveClaim(move))))
  return [
    { publicKey: bytesOf(move.key), message, signature: bytesOf(move.signature) },
    { publicKey: identityKey(move.to), message, signature: bytesOf(move.consent) },
  ]
}

/** The schema has read it: an empty array never comes, and would make no hash and no signature right. */
function bytesOf(text: string): Uint8Array {
  return parseBase64url(text) ?? new Uint8Array(0)
}

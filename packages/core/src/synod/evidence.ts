/**
 * What a verdict about an account is made of: states in verified entries, and moves (spec Y1).
 *
 *     verified entry ─claimState▶ claim and its signature checks ─all valid▶ ProvenState ─▶ judgeAuthority
 *
 * @module
 */
import type { Root } from '../account/keys.ts'
import { isRootedSynod, moveChecks, moveClaim, synodChecks } from '../account/synod-proof.ts'
import { utf8 } from '../bytes.ts'
import type { SignedEntry } from '../entry.ts'
import type { Identity, RawCid } from '../names.ts'
import { readPayload } from '../payloads/payload.ts'
import type { Move, Synod } from '../payloads/schemas/synod.ts'
import type { Sha256, SignatureCheck } from '../ports.ts'
import { signingMessage } from '../signing.ts'
import { writeStrictJson } from '../strict-json.ts'

/** A state in a verified entry, proven as P14 says: whoever makes one promises that (`claimState`). */
export interface ProvenState {
  /** The synod key whose feed holds it. */
  readonly identity: Identity
  /** Of the head record under which it is held, 1 for one that came loose; another than 1 says nothing (Y1). */
  readonly epoch: number
  /** Position in that feed, from 1. */
  readonly length: number
  readonly cid: RawCid
  readonly parent: RawCid | null
  readonly state: Synod
}

/** A state that is proven as soon as every check is valid. */
export interface StateClaim {
  readonly proven: ProvenState
  readonly checks: readonly SignatureCheck[]
}

/** A move that is proven as soon as every check is valid. */
export interface MoveClaim {
  readonly move: Move
  readonly checks: readonly SignatureCheck[]
}

/**
 * Reads a state from an entry whose own signature is verified, and which was not sealed; null when it holds none, when the entry names a
 * synod itself, or when the state does not hang on its root. `epoch`: of the head record it came under, 1 if none.
 */
export function claimState(signed: SignedEntry, epoch: number, sha256: Sha256): StateClaim | null {
  const { entry, cid } = signed
  if (entry.synod !== null || !entry.payload.startsWith('{')) return null
  const payload = readPayload(entry.payload)
  if (!payload.ok || payload.value.type !== 'synod') return null
  const state = payload.value as Synod
  if (!isRootedSynod(state, entry.identity, sha256)) return null
  const { identity, length, parent } = entry
  return { proven: { identity, epoch, length, cid, parent, state }, checks: synodChecks(state) }
}

/** The signatures of a move that came alone; whether its key was committed to is judged with the states. */
export function claimMove(move: Move): MoveClaim {
  return { move, checks: moveChecks(move) }
}

/** What tells one move from another: the text that both keys signed. */
export function moveText(move: Move): string {
  return writeStrictJson(moveClaim(move))
}

/** Y3: SHA-256 over the signed bytes, purpose included. */
export function moveHash(text: string, sha256: Sha256): Uint8Array {
  return sha256(signingMessage('move', utf8(text)))
}

/** Root and place alone: states of other accounts are nothing to this verdict. */
export function isOfRoot(root: Root): (proven: ProvenState) => boolean {
  return ({ state }) => state.root === root
}

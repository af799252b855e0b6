/**
 * Moving an account to its next key with the phrase: a lost or stolen main device, a restore, a takeover undone
 * (spec Y11).
 *
 *     phrase ─▶ move key n (used once, kept nowhere) ─signs▶ move ◀signs─ synod key n + 1 ─▶ first state of it
 *
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { accountNames, type DerivedKey, deriveMoveKey, deriveSynodKey } from '../account/keys.ts'
import type { Phrase } from '../account/phrase.ts'
import { phraseSeed } from '../account/phrase-seed.ts'
import { moveClaim } from '../account/synod-proof.ts'
import { encodeBase64url } from '../base.ts'
import { utf8 } from '../bytes.ts'
import type { Identity } from '../names.ts'
import { maxSynodMoves } from '../payloads/limits.ts'
import type { Final, Move, Revoked, Synod, SynodMember } from '../payloads/schemas/synod.ts'
import type { Sha256 } from '../ports.ts'
import { err, ok, type Result } from '../result.ts'
import { signingMessage } from '../signing.ts'
import { writeStrictJson } from '../strict-json.ts'
import type { Authority } from './authority.ts'
import { isPhraseOf } from './phrase-of.ts'
import { emptyProfile, type StateFault, type SynodProfile, stateOf } from './state.ts'
import { fitState } from './state-size.ts'

export interface MoveDraft {
  /** The phrase whose move key the key in power committed to. */
  readonly phrase: Phrase
  /** Other words for the time after; left out: the same. */
  readonly newPhrase?: Phrase
  /** The end of the feed that is moved away from; null: nothing of it counts. Its epoch is 1. */
  readonly final: Final | null
  /** The complete truth from now on, the new main device first; by `signMember` for the account's root. */
  readonly members: readonly SynodMember[]
  /** The whole list. Left out: that of the state that counts, less the members. */
  readonly revoked?: readonly Revoked[]
  /** Left out, or in part: as in the state that counts. */
  readonly profile?: Partial<SynodProfile>
  /** ms. */
  readonly at: number
}

export interface MovedAccount {
  /** The first state of the new key, at length 1 of its feed. */
  readonly state: Synod
  /** Also the last of `state.moves`: told to trackers with heads of the key before. */
  readonly move: Move
  readonly identity: Identity
  /** The new synod key: for the vault of the main device. */
  readonly synodKey: DerivedKey
}

export type MoveFault =
  | StateFault
  /** Not the words of this account, or not those it has now. */
  | { readonly code: 'wrong-phrase' }
  | { readonly code: 'too-many-moves' }
  /** A synod's feed has no epoch but 1. */
  | { readonly code: 'final-epoch' }

/**
 * The move to the next key and the first state there. It needs no undisputed state, nor any of the key in power:
 * this is how an account comes back from a thief. Slow on purpose (2,048 rounds a phrase).
 */
export async function moveAccount(
  authority: Authority,
  draft: MoveDraft,
  sha256: Sha256,
): Promise<Result<MovedAccount, MoveFault>> {
  const { final, members, at } = draft
  const n = authority.moves.length
  if (n >= maxSynodMoves) return err({ code: 'too-many-moves' })
  if (final !== null && final[0] !== 1) return err({ code: 'final-epoch' })
  const seed = await phraseSeed(draft.phrase)
  if (!isPhraseOf(authority, seed, sha256)) return err({ code: 'wrong-phrase' })
  const newSeed = draft.newPhrase === undefined ? seed : await phraseSeed(draft.newPhrase)

  const names = { ...accountNames(newSeed, n + 1, sha256), root: authority.root }
  const synodKey = deriveSynodKey(newSeed, n + 1)
  const move = signMove(
    {
      root: authority.root,
      from: authority.identity,
      to: names.identity,
      final,
      next: encodeBase64url(names.next),
      recovery: encodeBase64url(names.recovery),
    },
    deriveMoveKey(seed, n),
    synodKey,
  )
  const before = authority.current?.state
  const listed = new Set(members.map(([identity]) => identity))
  const revoked = draft.revoked ?? (before?.revoked ?? []).filter(([identity]) => !listed.has(identity))
  const lists = { identities: members, revoked, moves: [...authority.moves, move], origin: authority.origin }
  const state = fitState(stateOf(names, lists, { ...emptyProfile, ...before, ...draft.profile }, at), false)
  return state.ok ? ok({ state: state.value, move, identity: names.identity, synodKey }) : state
}

function signMove(
  fields: Omit<Move, 'key' | 'signature' | 'consent'>,
  moveKey: DerivedKey,
  synodKey: DerivedKey,
): Move {
  const message = signingMessage('move', utf8(writeStrictJson(moveClaim(fields))))
  return {
    ...fields,
    key: encodeBase64url(moveKey.publicKey),
    signature: encodeBase64url(ed25519.sign(message, moveKey.secret)),
    consent: encodeBase64url(ed25519.sign(message, synodKey.secret)),
  }
}

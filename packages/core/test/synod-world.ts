/**
 * Accounts for the tests of synods: keys from a phrase's seed, moves and states with real signatures, placed in feeds.
 *
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  type DerivedKey,
  deriveMoveKey,
  deriveRecoveryKey,
  deriveSynodKey,
  nextOf,
  type Root,
  rootOf,
} from '../src/account/keys.ts'
import { memberClaim, moveClaim } from '../src/account/synod-proof.ts'
import { encodeBase64url } from '../src/base.ts'
import { utf8 } from '../src/bytes.ts'
import { type Identity, identityOfKey, type RawCid, rawCidOfDigest } from '../src/names.ts'
import type { Final, Move, Revoked, Synod, SynodMember } from '../src/payloads/schemas/synod.ts'
import { type SigningPurpose, signingMessage } from '../src/signing.ts'
import { type JsonObject, writeStrictJson } from '../src/strict-json.ts'
import type { ProvenState } from '../src/synod/index.ts'
import { sha256 } from './world.ts'

/** Key n of an account, from the seed of one phrase. */
export interface WorldKey {
  readonly n: number
  readonly synod: DerivedKey
  readonly move: DerivedKey
  readonly identity: Identity
  readonly next: string
  readonly recovery: string
}

export interface StateDraft {
  readonly members?: readonly SynodMember[]
  readonly revoked?: readonly Revoked[]
  readonly name?: string
  readonly epoch?: number
}

export interface World {
  readonly root: Root
  key(n: number, words?: number): WorldKey
  move(from: WorldKey, to: WorldKey, final: Final | null): Move
  /** A device whose secret is 32 times `byte`. */
  member(byte: number, serial?: number): SynodMember
  /** The next state of a key's feed, above `below`. */
  state(key: WorldKey, below: ProvenState | null, moves: readonly Move[], draft?: StateDraft): ProvenState
}

export const signed = (
  purpose: SigningPurpose,
  value: JsonObject,
  { secret }: Pick<DerivedKey, 'secret'>,
): string => encodeBase64url(ed25519.sign(signingMessage(purpose, utf8(writeStrictJson(value))), secret))

export const finalOf = ({ epoch, length, cid }: ProvenState): Final => [epoch, length, cid]

export const deviceIdentity = (byte: number): Identity =>
  identityOfKey(ed25519.getPublicKey(new Uint8Array(32).fill(byte)))

export function cidOf(text: string): RawCid {
  return rawCidOfDigest(sha256(utf8(text)))
}

/** The account whose first phrase has a seed of 64 times `words`; other `words` are other phrases. */
export function createWorld(words = 7): World {
  const keys = new Map<string, WorldKey>()
  const members = new Map<string, SynodMember>()
  const moves = new Map<string, Move>()
  const key = (n: number, of = words): WorldKey =>
    remember(keys, `${n} ${of}`, () => {
      const seed = new Uint8Array(64).fill(of)
      const move = deriveMoveKey(seed, n)
      const synod = deriveSynodKey(seed, n)
      return {
        n,
        synod,
        move,
        identity: identityOfKey(synod.publicKey),
        next: encodeBase64url(nextOf(move.publicKey, sha256)),
        recovery: encodeBase64url(deriveRecoveryKey(seed).publicKey),
      }
    })
  const recovery = deriveRecoveryKey(new Uint8Array(64).fill(words)).publicKey
  const root = rootOf(key(0).synod.publicKey, nextOf(key(0).move.publicKey, sha256), recovery, sha256)

  return {
    root,
    key,
    move: (from, to, final) =>
      remember(
        moves,
        JSON.stringify([from.identity, encodeBase64url(from.move.publicKey), to.identity, final]),
        () => {
          const fields = {
            root,
            from: from.identity,
            to: to.identity,
            final,
            next: to.next,
            recovery: to.recovery,
          }
          const claim = moveClaim(fields)
          return {
            ...fields,
            key: encodeBase64url(from.move.publicKey),
            signature: signed('move', claim, from.move),
            consent: signed('move', claim, to.synod),
          }
        },
      ),
    member: (byte, serial = byte) =>
      remember(members, `${byte} ${serial}`, () => {
        const identity = deviceIdentity(byte)
        const box = encodeBase64url(new Uint8Array(32).fill(byte + 100))
        const claim = memberClaim(root, [identity, box, '', serial, ''])
        const signature = signed('member', claim, { secret: new Uint8Array(32).fill(byte) })
        return [identity, box, `device ${byte}`, serial, signature]
      }),
    state(of, below, said, { members: identities = [], revoked = [], name = 'Alice', epoch = 1 } = {}) {
      const state: Synod = {
        type: 'synod',
        at: 1_763_690_000_000,
        root,
        identities,
        revoked,
        next: of.next,
        recovery: of.recovery,
        origin: key(0).recovery,
        moves: said,
        name,
        about: '',
        avatar: null,
        hubs: [],
        dropboxes: [],
      }
      const parent = below?.cid ?? null
      const length = (below?.length ?? 0) + 1
      // Stands for the entry's: the verdict asks only whether two are the same.
      const cid = cidOf(JSON.stringify([of.identity, epoch, parent, state]))
      return { identity: of.identity, epoch, length, cid, parent, state }
    },
  }
}

function remember<Value>(known: Map<string, Value>, name: string, make: () => Value): Value {
  const value = known.get(name) ?? make()
  known.set(name, value)
  return value
}

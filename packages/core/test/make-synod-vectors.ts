/**
 * Writes `spec/vectors/synod.json`: states of one account at key 0, after moves, and after moves to another phrase.
 * Run by hand when a rule is added: `node packages/core/test/make-synod-vectors.ts`.
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  type DerivedKey,
  deriveMoveKey,
  deriveRecoveryKey,
  deriveSynodKey,
  nextOf,
  rootOf,
} from '../src/account/keys.ts'
import { parsePhrase } from '../src/account/phrase.ts'
import { phraseSeed } from '../src/account/phrase-seed.ts'
import { memberClaim, moveClaim } from '../src/account/synod-proof.ts'
import { encodeBase64url } from '../src/base.ts'
import { utf8 } from '../src/bytes.ts'
import { type Identity, identityOfKey, rawCidOfDigest } from '../src/names.ts'
import type { Move, Synod, SynodMember } from '../src/payloads/schemas/synod.ts'
import { type SigningPurpose, signingMessage } from '../src/signing.ts'
import { type JsonObject, writeStrictJson } from '../src/strict-json.ts'
import { sha256 } from './world.ts'

const phrases = [
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  'legal winner thank year wave sausage worth useful legal winner thank yellow',
] as const
const [seed, otherSeed] = (await Promise.all(
  phrases.map((text) => {
    const phrase = parsePhrase(text)
    if (!phrase.ok) throw new Error(phrase.error.code)
    return phraseSeed(phrase.value)
  }),
)) as [Uint8Array, Uint8Array]

const signed = (purpose: SigningPurpose, value: JsonObject, { secret }: Pick<DerivedKey, 'secret'>) =>
  encodeBase64url(ed25519.sign(signingMessage(purpose, utf8(writeStrictJson(value))), secret))

/** Key n of the account: from `of`'s phrase. */
const keysOf = (of: Uint8Array, n: number) => {
  const move = deriveMoveKey(of, n)
  const synod = deriveSynodKey(of, n)
  return {
    synod,
    move,
    identity: identityOfKey(synod.publicKey),
    next: encodeBase64url(nextOf(move.publicKey, sha256)),
    recovery: encodeBase64url(deriveRecoveryKey(of).publicKey),
  }
}
type Keys = ReturnType<typeof keysOf>

const key0 = keysOf(seed, 0)
const origin = key0.recovery
const root = rootOf(
  key0.synod.publicKey,
  nextOf(key0.move.publicKey, sha256),
  deriveRecoveryKey(seed).publicKey,
  sha256,
)
const otherRoot = rootOf(
  keysOf(otherSeed, 0).synod.publicKey,
  nextOf(key0.move.publicKey, sha256),
  deriveRecoveryKey(otherSeed).publicKey,
  sha256,
)
const final = [1, 12, rawCidOfDigest(sha256(utf8('the last state')))] as const

function moveTo(from: Keys, to: Keys, change: Partial<Move> = {}): Move {
  const fields = { root, from: from.identity, to: to.identity, final, next: to.next, recovery: to.recovery }
  const claim = moveClaim({ ...fields, ...change })
  return {
    ...fields,
    key: encodeBase64url(from.move.publicKey),
    signature: signed('move', claim, from.move),
    consent: signed('move', claim, to.synod),
    ...change,
  }
}

function member(byte: number, serial: number, of = root): SynodMember {
  const secret = new Uint8Array(32).fill(byte)
  const identity = identityOfKey(ed25519.getPublicKey(secret))
  const box = encodeBase64url(new Uint8Array(32).fill(byte + 100))
  const claim = memberClaim(of, [identity, box, '', serial, ''])
  return [identity, box, `device ${byte}`, serial, signed('member', claim, { secret })]
}

const members = [member(1, 1), member(2, 2)]

function stateOf(keys: Keys, moves: readonly Move[], change: Partial<Synod> = {}): Synod {
  return {
    type: 'synod',
    at: 1_763_690_000_000,
    root,
    identities: members,
    revoked: [],
    next: keys.next,
    recovery: keys.recovery,
    origin,
    moves,
    name: 'Alice',
    about: '',
    avatar: null,
    hubs: [],
    dropboxes: [],
    ...change,
  }
}

const [key1, key2, key3] = [keysOf(seed, 1), keysOf(seed, 2), keysOf(seed, 3)]
/** The account after it went over to new words with its second move. */
const [other2, other3] = [keysOf(otherSeed, 2), keysOf(otherSeed, 3)]
const three = [moveTo(key0, key1), moveTo(key1, key2), moveTo(key2, key3)]
const rephrased = [moveTo(key0, key1), moveTo(key1, other2), moveTo(other2, other3)]
const thief = keysOf(otherSeed, 7)

interface Row {
  readonly name: string
  readonly of: Identity
  readonly text: string
  /** Root, commitments and the feed's key. */
  readonly rooted: boolean
  /** Whether all signatures inside are valid. */
  readonly signed: boolean
}
const rows: Row[] = []
const row = (name: string, keys: Keys, state: Synod, verdict: { rooted?: boolean; signed?: boolean } = {}) =>
  rows.push({
    name,
    of: keys.identity,
    text: JSON.stringify(state),
    rooted: verdict.rooted ?? true,
    signed: verdict.signed ?? true,
  })

row('at key 0', key0, stateOf(key0, []))
row('at key 0, without members', key0, stateOf(key0, [], { identities: [] }))
row('after a move', key1, stateOf(key1, [moveTo(key0, key1)]))
row('after a move with final null', key1, stateOf(key1, [moveTo(key0, key1, { final: null })]))
row('after three moves', key3, stateOf(key3, three))
row('after a move to other words: another recovery key', other2, stateOf(other2, rephrased.slice(0, 2)))
row('… and one more', other3, stateOf(other3, rephrased))
row('the recovery key of today as origin', other3, stateOf(other3, rephrased, { origin: other3.recovery }), {
  rooted: false,
})
row('another root', key0, stateOf(key0, [], { root: otherRoot }), { rooted: false, signed: false })
row('another next at key 0', key0, stateOf(key0, [], { next: key1.next }), { rooted: false })
row(
  'another recovery at key 0',
  key0,
  stateOf(key0, [], { recovery: other2.recovery, origin: other2.recovery }),
  { rooted: false },
)
row('in the feed of another key', key1, stateOf(key0, []), { rooted: false })
row('in the feed of the key before', key0, stateOf(key1, [moveTo(key0, key1)]), { rooted: false })
row('a thief of key 0 moves by a move key of his own', thief, stateOf(thief, [theft()]), { rooted: false })
row(
  'a thief of key 1 moves by a move key of his own',
  thief,
  stateOf(thief, [moveTo(key0, key1), theft(key1)]),
  { rooted: false },
)
row('a move key shown, but not its signature', key1, stateOf(key1, [broken('signature')]), { signed: false })
row('a move without the consent of the new key', key1, stateOf(key1, [broken('consent')]), { signed: false })
row('a final changed after signing', key1, stateOf(key1, [{ ...moveTo(key0, key1), final: null }]), {
  signed: false,
})
row('a member of another account', key0, stateOf(key0, [], { identities: [member(1, 1, otherRoot)] }), {
  signed: false,
})
row('a member with another serial', key0, stateOf(key0, [], { identities: [changed(3, 9)] }), {
  signed: false,
})
row('a label is the account’s to give', key0, stateOf(key0, [], { identities: [changed(2, 'new')] }))

/** A move by a key that nobody committed to. */
function theft(from: Keys = key0): Move {
  return moveTo({ ...from, move: thief.move }, thief)
}

function broken(field: 'signature' | 'consent'): Move {
  return { ...moveTo(key0, key1), [field]: moveTo(key1, key2)[field] }
}

function changed(part: 2 | 3, value: string | number): SynodMember {
  return member(1, 1).with(part, value) as unknown as SynodMember
}

const path = new URL('../../../spec/vectors/synod.json', import.meta.url)
writeFileSync(path, `${JSON.stringify({ rule: 'P14', phrases, states: rows }, null, 1)}\n`)

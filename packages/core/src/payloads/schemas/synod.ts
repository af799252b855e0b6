/**
 * `synod`: the whole current state of an account, in each entry of its synod's feed (spec P14).
 *
 * Here is the shape and what one state must say of itself; signatures, hashes and
 * what a state may change are the synod's own rules.
 *
 * @module
 */
import * as z from 'zod/mini'
import type { Root } from '../../account/keys.ts'
import type { Identity, RawCid } from '../../names.ts'
import { type Hub, hubsField } from '../accounts.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import {
  bytesField,
  distinctField,
  identityField,
  lineField,
  listField,
  longTextField,
  rawCidField,
  rootField,
  type Schema,
  wholeField,
} from '../fields.ts'
import { avatarField, type ImageFile } from '../files.ts'
import {
  maxGeneration,
  maxLabelBytes,
  maxNameBytes,
  maxSynodAboutBytes,
  maxSynodIdentities,
  maxSynodMoves,
} from '../limits.ts'

/** `[identity, box, label, serial, signature]`: the device's own signature over `effigy/member/1\n` {root, identity, box, serial}. */
export type SynodMember = readonly [Identity, string, string, number, string]

/** `[epoch, length, head]`: the chain that ends there is that identity's only one. */
export type Final = readonly [number, number, RawCid]

/** With null nothing of that identity counts. */
export type Revoked = readonly [Identity, Final | null]

/** `effigy/move/1\n` {root, from, to, final, next, recovery}, embedded with its two signatures. */
export interface Move {
  readonly root: Root
  /** The synod's key before, and after. */
  readonly from: Identity
  readonly to: Identity
  /** The end of the feed of `from`. */
  readonly final: Final | null
  /** Of the key `to`; 32 bytes each, base64url. */
  readonly next: string
  readonly recovery: string
  /** The public move key that `next` of `from` committed to; not signed, 32 bytes. */
  readonly key: string
  /** By the move key. */
  readonly signature: string
  /** By `to`, over the same. */
  readonly consent: string
}

export interface Synod extends PayloadBase {
  readonly type: 'synod'
  readonly root: Root
  readonly identities: readonly SynodMember[]
  readonly revoked: readonly Revoked[]
  readonly next: string
  readonly recovery: string
  /** `recovery` of key 0, the same in every state: with key 0 and its `next` it makes the root (`synodRoot`). */
  readonly origin: string
  /** From key 0 to the key of this feed; empty at key 0. */
  readonly moves: readonly Move[]
  readonly name: string
  readonly about: string
  readonly avatar: ImageFile | null
  readonly hubs: readonly Hub[]
  /** Hubs that keep drops for this account. */
  readonly dropboxes: readonly Hub[]
}

const keyField = bytesField(32)
const signatureField = bytesField(64)
const counted = wholeField(1)

export const finalField: Schema<Final> = z.tuple([wholeField(1, maxGeneration), counted, rawCidField])

const memberField: Schema<SynodMember> = z.tuple([
  identityField,
  keyField,
  lineField(0, maxLabelBytes),
  counted,
  signatureField,
])

const revokedField: Schema<Revoked> = z.tuple([identityField, z.nullable(finalField)])

export const moveField: Schema<Move> = z.looseObject({
  root: rootField,
  from: identityField,
  to: identityField,
  final: z.nullable(finalField),
  next: keyField,
  recovery: keyField,
  key: keyField,
  signature: signatureField,
  consent: signatureField,
})

const shape = z.looseObject({
  type: z.literal('synod'),
  ...baseFields,
  root: rootField,
  identities: distinctField(memberField, ([identity]) => identity, maxSynodIdentities),
  revoked: distinctField(revokedField, ([identity]) => identity, maxSynodIdentities),
  next: keyField,
  recovery: keyField,
  origin: keyField,
  moves: listField(moveField, maxSynodMoves),
  name: lineField(0, maxNameBytes),
  about: longTextField(maxSynodAboutBytes),
  avatar: avatarField,
  hubs: hubsField,
  dropboxes: hubsField,
})

export const synodSchema: Schema<Synod> = shape.check(
  z.refine(({ identities, revoked }) => {
    const gone = new Set(revoked.map(([identity]) => identity))
    return !identities.some(([identity]) => gone.has(identity))
  }),
  z.refine(({ recovery, origin, moves }) => moves.length > 0 || origin === recovery),
  z.refine(({ root, next, recovery, moves }) => {
    const last = moves.at(-1)
    const linked = moves.every(
      (move, index) => move.root === root && (moves[index + 1]?.from ?? move.to) === move.to,
    )
    const keys = new Set(moves.flatMap(({ from, to }, index) => (index === 0 ? [from, to] : [to])))
    const noneTwice = moves.length === 0 || keys.size === moves.length + 1
    return linked && noneTwice && (last === undefined || (last.next === next && last.recovery === recovery))
  }),
)

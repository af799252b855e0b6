/**
 * Every payload type of the protocol, with its schema and what may be done with it (spec P3).
 *
 * @module
 */
import type { Schema } from './fields.ts'
import { type Block, blockSchema } from './schemas/block.ts'
import { type Collection, collectionSchema } from './schemas/collection.ts'
import { type Comment, commentSchema } from './schemas/comment.ts'
import { type DeviceState, deviceStateSchema } from './schemas/device-state.ts'
import { type Erase, eraseSchema } from './schemas/erase.ts'
import { type Follow, followSchema } from './schemas/follow.ts'
import { type Group, groupSchema } from './schemas/group.ts'
import { type Identification, identificationSchema } from './schemas/identification.ts'
import { type Image, imageSchema } from './schemas/image.ts'
import { type Media, mediaSchema } from './schemas/media.ts'
import { type MissedCall, missedCallSchema } from './schemas/missed-call.ts'
import { type Mute, muteSchema } from './schemas/mute.ts'
import { type PrivateNote, privateNoteSchema } from './schemas/private-note.ts'
import { type PublicNote, publicNoteSchema } from './schemas/public-note.ts'
import { type ReadKey, readKeySchema } from './schemas/read-key.ts'
import { type RecoveryShare, recoveryShareSchema } from './schemas/recovery-share.ts'
import { type Report, reportSchema } from './schemas/report.ts'
import { type Synod, synodSchema } from './schemas/synod.ts'
import { type Tag, tagSchema } from './schemas/tag.ts'
import type { UnknownPayload } from './schemas/unknown.ts'
import { type Void, voidSchema } from './schemas/void.ts'

export type KnownPayload =
  | Block
  | Collection
  | Comment
  | DeviceState
  | Erase
  | Follow
  | Group
  | Identification
  | Image
  | Media
  | MissedCall
  | Mute
  | PrivateNote
  | PublicNote
  | ReadKey
  | RecoveryShare
  | Report
  | Synod
  | Tag
  | Void

export type KnownType = KnownPayload['type']

export type Payload = KnownPayload | UnknownPayload

/** The mapped type makes a type without a schema, or with another's, a type error. */
const schemas: { readonly [Type in KnownType]: Schema<Extract<KnownPayload, { readonly type: Type }>> } = {
  block: blockSchema,
  collection: collectionSchema,
  comment: commentSchema,
  device_state: deviceStateSchema,
  erase: eraseSchema,
  follow: followSchema,
  group: groupSchema,
  identification: identificationSchema,
  image: imageSchema,
  media: mediaSchema,
  missed_call: missedCallSchema,
  mute: muteSchema,
  private_note: privateNoteSchema,
  public_note: publicNoteSchema,
  read_key: readKeySchema,
  recovery_share: recoveryShareSchema,
  report: reportSchema,
  synod: synodSchema,
  tag: tagSchema,
  void: voidSchema,
}

export const knownSchemas: ReadonlyMap<string, Schema<KnownPayload>> = new Map(Object.entries(schemas))

export const knownTypes: readonly KnownType[] = Object.keys(schemas) as KnownType[]

const detachable: ReadonlySet<string> = new Set<KnownType>([
  'public_note',
  'private_note',
  'comment',
  'image',
  'media',
  'collection',
])

const secret: ReadonlySet<string> = new Set<KnownType>([
  'private_note',
  'mute',
  'read_key',
  'recovery_share',
  'device_state',
  'missed_call',
])

const lasting: ReadonlySet<string> = new Set<KnownType>([
  'erase',
  'follow',
  'block',
  'mute',
  'group',
  'read_key',
  'synod',
])

/** Whether a payload of this type may stand in a detached block (P2): whatever decides trust, keys or membership is inline. */
export function mayDetach(type: string, encrypted: boolean): boolean {
  return detachable.has(type) || type.startsWith('x-') || (encrypted && type === 'device_state')
}

/** Whether a payload of this type counts only when it was encrypted (P2): written in the clear it would be a leak or a trap. */
export function mustEncrypt(type: string): boolean {
  return secret.has(type)
}

/** Whether an `erase` may hide a payload of this type (P9). */
export function mayErase(type: string): boolean {
  return !lasting.has(type)
}

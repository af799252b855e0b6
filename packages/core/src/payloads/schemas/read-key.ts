/**
 * `read_key`: hands out a key that opens messages or a sealed feed; always encrypted (spec P16).
 *
 * @module
 */
import * as z from 'zod/mini'
import type { Identity } from '../../names.ts'
import { type Account, accountField } from '../accounts.ts'
import { baseFields, type ContentName, type PayloadBase } from '../base-fields.ts'
import { bytesField, distinctField, identityField, listField, type Schema, wholeField } from '../fields.ts'
import { maxConversationPeople, maxFormerKeys, maxGeneration, maxReaders } from '../limits.ts'
import { conversationField, knowsField } from './group.ts'

/** Opens the `box:` payloads of a conversation or group. */
export interface ContentReadKey {
  readonly kind: 'content'
  /** 16 bytes, base64url. */
  readonly conversation: string
  /** From 1. */
  readonly generation: number
  /** 32 bytes, base64url. */
  readonly key: string
  /** `[generation, key]` of those before; empty where history is off. */
  readonly former: readonly (readonly [number, string])[]
  /** The group operations that the author knew; empty in a conversation that is no group. */
  readonly knows: readonly ContentName[]
  /** In a group: of each box key that the text was sealed to 8 bytes of its SHA-256, base64url, so that all see who else reads. */
  readonly prints?: readonly string[]
  /** In a conversation of some people: who they are, but for the author. */
  readonly to?: readonly Account[]
}

/** Opens the sealed entries of a feed in one epoch. */
export interface FeedReadKey {
  readonly kind: 'feed'
  readonly feed: Identity
  readonly epoch: number
  readonly key: string
}

export type ReadKey = PayloadBase & { readonly type: 'read_key' } & (ContentReadKey | FeedReadKey)

const keyField = bytesField(32)
const printField = bytesField(8)
const generationField = wholeField(1, maxGeneration)
const common = { type: z.literal('read_key'), ...baseFields, key: keyField }

export const readKeySchema: Schema<ReadKey> = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('content'),
    ...common,
    conversation: conversationField,
    generation: generationField,
    former: listField(z.tuple([generationField, keyField]), maxFormerKeys),
    knows: knowsField,
    prints: z.exactOptional(distinctField(printField, (print) => print, maxReaders)),
    to: z.exactOptional(listField(accountField, maxConversationPeople)),
  }),
  z.looseObject({ kind: z.literal('feed'), ...common, feed: identityField, epoch: generationField }),
])

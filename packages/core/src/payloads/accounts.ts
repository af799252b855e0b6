/**
 * How payloads name people (spec P5): the identity to dial, and the root that stays.
 *
 * @module
 */
import * as z from 'zod/mini'
import type { Root } from '../account/keys.ts'
import type { Identity } from '../names.ts'
import { hubUrlField, identityField, lineField, listField, rootField, type Schema } from './fields.ts'
import { maxHubs, maxMentions, maxNameBytes } from './limits.ts'

/** A person: the synod's key and root, or a lone device with root null. */
export interface Account {
  readonly identity: Identity
  readonly root: Root | null
}

/** Somebody named in a text: the first `@name` there that has this name. */
export interface Mention extends Account {
  readonly name: string
}

/** `[the hub's identity, where to dial it]`. */
export type Hub = readonly [Identity, string]

const accountFields = { identity: identityField, root: z.nullable(rootField) }

export const accountField: Schema<Account> = z.looseObject(accountFields)

export const hubsField: Schema<Hub[]> = listField(z.tuple([identityField, hubUrlField]), maxHubs)

export const mentionsField: Schema<Mention[]> = listField(
  z.looseObject({ ...accountFields, name: lineField(1, maxNameBytes) }),
  maxMentions,
)

/** One key for everything said about a person: the root where it is known, else the identity. */
export function accountKey({ identity, root }: Account): string {
  return root ?? identity
}

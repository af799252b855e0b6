/**
 * `group`: one operation on a group; who belongs follows from all of them (spec P15).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Account, accountField } from '../accounts.ts'
import { baseFields, type ContentName, contentNameField, type PayloadBase } from '../base-fields.ts'
import {
  bytesField,
  distinctField,
  flagField,
  identityField,
  lineField,
  longTextField,
  rootField,
  type Schema,
} from '../fields.ts'
import { avatarField, type ImageFile } from '../files.ts'
import { maxAboutBytes, maxKnown, maxNameBytes, maxReaders } from '../limits.ts'

export interface GroupMember extends Account {
  /** Admins add, remove, change roles and settings. */
  readonly role: 'admin' | 'member'
}

export interface GroupSettings {
  readonly name: string
  readonly about: string
  readonly avatar: ImageFile | null
  /** Whether a new read key carries the former ones, so that who joins reads what was. */
  readonly history: boolean
}

export type GroupOperation =
  | ({ readonly operation: 'create'; readonly members: readonly GroupMember[] } & GroupSettings)
  | { readonly operation: 'add' | 'role'; readonly members: readonly GroupMember[] }
  | { readonly operation: 'remove'; readonly targets: readonly Account[] }
  | ({ readonly operation: 'settings' } & GroupSettings)
  | { readonly operation: 'leave' }

export type Group = PayloadBase & {
  readonly type: 'group'
  /** 16 random bytes, base64url: the conversation. */
  readonly group: string
  /** The newest operations that the author knew, one a branch; empty for `create` alone. */
  readonly knows: readonly ContentName[]
} & GroupOperation

export const conversationField = bytesField(16)

export const knowsField: Schema<ContentName[]> = distinctField(
  contentNameField,
  ({ identity, content }) => `${identity} ${content}`,
  maxKnown,
)

const memberField: Schema<GroupMember> = z.looseObject({
  identity: identityField,
  root: z.nullable(rootField),
  role: z.enum(['admin', 'member']),
})

/** Identity and root both tell people apart: one account may not stand twice under two of its keys. */
const distinctAccounts = (accounts: readonly Account[]) =>
  new Set(accounts.map(({ identity, root }) => root ?? identity)).size === accounts.length

const common = { type: z.literal('group'), ...baseFields, group: conversationField, knows: knowsField }
const settings = {
  name: lineField(1, maxNameBytes),
  about: longTextField(maxAboutBytes),
  avatar: avatarField,
  history: flagField,
}
const members = z
  .array(memberField)
  .check(z.minLength(1), z.maxLength(maxReaders), z.refine(distinctAccounts))
const targets = z
  .array(accountField)
  .check(z.minLength(1), z.maxLength(maxReaders), z.refine(distinctAccounts))

export const groupSchema: Schema<Group> = z
  .discriminatedUnion('operation', [
    z.looseObject({ operation: z.literal('create'), ...common, members, ...settings }),
    z.looseObject({ operation: z.enum(['add', 'role']), ...common, members }),
    z.looseObject({ operation: z.literal('remove'), ...common, targets }),
    z.looseObject({ operation: z.literal('settings'), ...common, ...settings }),
    z.looseObject({ operation: z.literal('leave'), ...common }),
  ])
  .check(z.refine(({ operation, knows }) => (operation === 'create') === (knows.length === 0)))

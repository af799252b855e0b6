/**
 * `private_note`: something said to some, or to oneself; always encrypted (spec P10).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Account, accountField } from '../accounts.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { listField, type Schema } from '../fields.ts'
import { maxReaders } from '../limits.ts'
import { type Reference, referenceField } from '../references.ts'
import { type NoteContent, noteFields } from './note-fields.ts'

export interface PrivateNote extends PayloadBase, NoteContent {
  readonly type: 'private_note'
  /** Whom the author wrote it to, so that readers know who else reads; left out inside a conversation, empty to oneself. */
  readonly to?: readonly Account[]
  /** The message that this one answers. */
  readonly target?: Reference
}

export const privateNoteSchema: Schema<PrivateNote> = z.looseObject({
  type: z.literal('private_note'),
  ...baseFields,
  ...noteFields,
  to: z.exactOptional(listField(accountField, maxReaders)),
  target: z.exactOptional(referenceField),
})

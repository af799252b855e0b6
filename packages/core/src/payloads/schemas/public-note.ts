/**
 * `public_note`: something said to everybody (spec P10).
 *
 * @module
 */
import * as z from 'zod/mini'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import type { Schema } from '../fields.ts'
import { type NoteContent, noteFields } from './note-fields.ts'

export interface PublicNote extends PayloadBase, NoteContent {
  readonly type: 'public_note'
}

export const publicNoteSchema: Schema<PublicNote> = z.looseObject({
  type: z.literal('public_note'),
  ...baseFields,
  ...noteFields,
})

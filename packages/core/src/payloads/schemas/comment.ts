/**
 * `comment`: an answer to any payload (spec P10).
 *
 * @module
 */
import * as z from 'zod/mini'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import type { Schema } from '../fields.ts'
import { type Reference, referenceField } from '../references.ts'
import { type NoteContent, noteFields } from './note-fields.ts'

export interface Comment extends PayloadBase, NoteContent {
  readonly type: 'comment'
  /** What it answers. */
  readonly target: Reference
  /** What the whole conversation hangs from; null when that is the target itself. */
  readonly thread: Reference | null
}

export const commentSchema: Schema<Comment> = z.looseObject({
  type: z.literal('comment'),
  ...baseFields,
  ...noteFields,
  target: referenceField,
  thread: z.nullable(referenceField),
})

/**
 * What public notes, private notes and comments have in common (spec P10).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Mention, mentionsField } from '../accounts.ts'
import { type Attachment, attachmentsField } from '../attachments.ts'
import { languageField, lineField, listField, longTextField } from '../fields.ts'
import { maxTagBytes, maxTags, maxTextBytes, maxWarningBytes } from '../limits.ts'

export interface NoteContent {
  /** Markdown, a subset; may be empty when something is attached. */
  readonly text: string
  /** As typed, without `#`. */
  readonly tags?: readonly string[]
  readonly mentions?: readonly Mention[]
  readonly attachments?: readonly Attachment[]
  /** BCP 47. */
  readonly language?: string
  /** Content warning: what to say before showing the rest. */
  readonly cw?: string
}

export const tagsField = listField(lineField(1, maxTagBytes), maxTags)

export const noteFields = {
  text: longTextField(maxTextBytes),
  tags: z.exactOptional(tagsField),
  mentions: z.exactOptional(mentionsField),
  attachments: z.exactOptional(attachmentsField),
  language: z.exactOptional(languageField),
  cw: z.exactOptional(lineField(1, maxWarningBytes)),
}

/**
 * What public notes, private notes and comments have in common (spec P10).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Mention, mentionsField } from '../accounts.ts'
import { type Attachment, attachmentsField } from '../attachments.ts'
import { atField, languageField, lineField, listField, longTextField, type Schema } from '../fields.ts'
import { maxOriginBytes, maxTagBytes, maxTags, maxTextBytes, maxWarningBytes } from '../limits.ts'

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
  /** It was brought along from elsewhere. */
  readonly origin?: Origin
}

/** Where and when something was said first, by its author's word. */
export interface Origin {
  /** ms since 1970. */
  readonly at: number
  /** Its address there. */
  readonly url: string
}

const originField: Schema<Origin> = z.looseObject({ at: atField, url: lineField(1, maxOriginBytes) })

export const tagsField = listField(lineField(1, maxTagBytes), maxTags)

export const noteFields = {
  text: longTextField(maxTextBytes),
  tags: z.exactOptional(tagsField),
  mentions: z.exactOptional(mentionsField),
  attachments: z.exactOptional(attachmentsField),
  language: z.exactOptional(languageField),
  cw: z.exactOptional(lineField(1, maxWarningBytes)),
  origin: z.exactOptional(originField),
}

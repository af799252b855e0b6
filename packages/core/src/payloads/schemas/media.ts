/**
 * `media`: a video, a sound or a document for itself (spec P6).
 *
 * @module
 */
import * as z from 'zod/mini'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import type { Schema } from '../fields.ts'
import { type MediaFile, mediaFields } from '../files.ts'
import { tagsField } from './note-fields.ts'

export interface Media extends PayloadBase, MediaFile {
  readonly type: 'media'
  readonly tags?: readonly string[]
}

export const mediaSchema: Schema<Media> = z.looseObject({
  type: z.literal('media'),
  ...baseFields,
  ...mediaFields,
  tags: z.exactOptional(tagsField),
})

/**
 * `image`: a picture for itself (spec P6).
 *
 * @module
 */
import * as z from 'zod/mini'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import type { Schema } from '../fields.ts'
import { type ImageFile, imageFields } from '../files.ts'
import { tagsField } from './note-fields.ts'

export interface Image extends PayloadBase, ImageFile {
  readonly type: 'image'
  readonly tags?: readonly string[]
}

export const imageSchema: Schema<Image> = z.looseObject({
  type: z.literal('image'),
  ...baseFields,
  ...imageFields,
  tags: z.exactOptional(tagsField),
})

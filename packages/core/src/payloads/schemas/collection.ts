/**
 * `collection`: a directory of files (spec P6).
 *
 * @module
 */
import * as z from 'zod/mini'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import type { Schema } from '../fields.ts'
import { type CollectionFile, collectionFields } from '../files.ts'
import { tagsField } from './note-fields.ts'

export interface Collection extends PayloadBase, CollectionFile {
  readonly type: 'collection'
  readonly tags?: readonly string[]
}

export const collectionSchema: Schema<Collection> = z.looseObject({
  type: z.literal('collection'),
  ...baseFields,
  ...collectionFields,
  tags: z.exactOptional(tagsField),
})

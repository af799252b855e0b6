/**
 * `tag`: labels on any payload; a reaction is one (spec P11).
 *
 * @module
 */
import * as z from 'zod/mini'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { distinctField, lineField, type Schema } from '../fields.ts'
import { maxTagBytes, maxTags } from '../limits.ts'
import { type Reference, referenceField } from '../references.ts'

export interface Tag extends PayloadBase {
  readonly type: 'tag'
  readonly target: Reference
  /** All labels of this account on the target; empty takes them back. */
  readonly labels: readonly string[]
}

export const tagSchema: Schema<Tag> = z.looseObject({
  type: z.literal('tag'),
  ...baseFields,
  target: referenceField,
  labels: distinctField(lineField(1, maxTagBytes), (label) => label, maxTags),
})

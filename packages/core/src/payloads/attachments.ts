/**
 * What is attached to a note or comment: files and quotes (spec P6).
 *
 * An attachment of a kind that we do not know is kept and shown as such: it never
 * makes the note unreadable. A known kind must be right.
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Schema, typeNameField } from './fields.ts'
import {
  type CollectionFile,
  collectionFields,
  type ImageFile,
  imageFields,
  type MediaFile,
  mediaFields,
} from './files.ts'
import { maxAttachments } from './limits.ts'
import { type Reference, referenceFields } from './references.ts'
import type { UnknownType } from './schemas/unknown.ts'

export type Attachment =
  | (ImageFile & { readonly type: 'image' })
  | (MediaFile & { readonly type: 'media' })
  | (CollectionFile & { readonly type: 'collection' })
  /** Another payload, shown inside this one. */
  | (Reference & { readonly type: 'reference' })
  /** A kind unknown here, whatever its name: see `UnknownType`. */
  | { readonly type: UnknownType }

const schemas: ReadonlyMap<string, Schema<unknown>> = new Map<string, Schema<unknown>>([
  ['image', z.looseObject(imageFields)],
  ['media', z.looseObject(mediaFields)],
  ['collection', z.looseObject(collectionFields)],
  ['reference', z.looseObject(referenceFields)],
])

const kindField = z.looseObject({ type: typeNameField })

const attachmentField: Schema<Attachment> = z.custom<Attachment>((value) => {
  const kind = kindField.safeParse(value)
  return kind.success && (schemas.get(kind.data.type)?.safeParse(value).success ?? true)
})

export const attachmentsField: Schema<Attachment[]> = z
  .array(attachmentField)
  .check(z.maxLength(maxAttachments))

/**
 * What every payload may carry (spec P3), and how contents are named.
 *
 * @module
 */
import * as z from 'zod/mini'
import type { Identity, RawCid } from '../names.ts'
import { atField, identityField, listField, rawCidField, type Schema, saltField } from './fields.ts'
import { maxWas } from './limits.ts'

/** A payload text by its author and its hash. */
export interface ContentName {
  readonly identity: Identity
  readonly content: RawCid
}

export interface PayloadBase {
  readonly type: string
  /** ms since 1970, the author's claim. */
  readonly at: number
  /** 16 random bytes, base64url; must be there when the payload is detached in the clear. */
  readonly salt?: string
  /** What this payload is an edited form of, oldest first. */
  readonly was?: readonly ContentName[]
}

export const contentNameField: Schema<ContentName> = z.looseObject({
  identity: identityField,
  content: rawCidField,
})

/** Everything of `PayloadBase` but `type`. */
export const baseFields = {
  at: atField,
  salt: z.exactOptional(saltField),
  was: z.exactOptional(listField(contentNameField, maxWas, 1)),
}

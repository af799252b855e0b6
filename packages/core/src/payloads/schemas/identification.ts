/**
 * `identification`: who this is, from any of the account's devices; the newest counts whole (spec P13).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Hub, hubsField } from '../accounts.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { bytesField, lineField, longTextField, type Schema } from '../fields.ts'
import { avatarField, type ImageFile } from '../files.ts'
import { maxAboutBytes, maxNameBytes } from '../limits.ts'

export interface Identification extends PayloadBase {
  readonly type: 'identification'
  /** May be empty: a name is not asked for. */
  readonly name: string
  readonly about: string
  readonly avatar: ImageFile | null
  readonly hubs: readonly Hub[]
  /** X25519 key of the device that wrote this, 32 bytes, base64url: sealed drops and read keys go to it. */
  readonly box: string
}

export const identificationSchema: Schema<Identification> = z.looseObject({
  type: z.literal('identification'),
  ...baseFields,
  name: lineField(0, maxNameBytes),
  about: longTextField(maxAboutBytes),
  avatar: avatarField,
  hubs: hubsField,
  box: bytesField(32),
})

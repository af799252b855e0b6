/**
 * `identification`: who this is, from any of the account's devices; the newest counts whole (spec P13).
 *
 * @module
 */
import * as z from 'zod/mini'
import { parseAlias, writeAlias } from '../../services/alias.ts'
import { type Hub, hubsField } from '../accounts.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { bytesField, distinctField, lineField, longTextField, type Schema } from '../fields.ts'
import { avatarField, type ImageFile } from '../files.ts'
import { maxAboutBytes, maxAliases, maxNameBytes } from '../limits.ts'

export interface Identification extends PayloadBase {
  readonly type: 'identification'
  /** May be empty: a name is not asked for. */
  readonly name: string
  readonly about: string
  readonly avatar: ImageFile | null
  readonly hubs: readonly Hub[]
  /** X25519 key of the device that wrote this, 32 bytes, base64url: sealed drops and read keys go to it. */
  readonly box: string
  /** Names that hubs gave to this account and that it goes by, `alice@hub.example` (W21). */
  readonly aliases?: readonly string[]
}

const aliasField: Schema<string> = z.custom<string>((value) => {
  const alias = typeof value === 'string' ? parseAlias(value) : null
  return alias !== null && writeAlias(alias) === value
})

export const identificationSchema: Schema<Identification> = z.looseObject({
  type: z.literal('identification'),
  ...baseFields,
  name: lineField(0, maxNameBytes),
  about: longTextField(maxAboutBytes),
  avatar: avatarField,
  hubs: hubsField,
  box: bytesField(32),
  aliases: z.exactOptional(distinctField(aliasField, (alias) => alias, maxAliases, 1)),
})

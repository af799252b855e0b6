/**
 * `mute`: whom this account does not want to see; always encrypted (spec P12).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Account, accountField } from '../accounts.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { flagField, type Schema } from '../fields.ts'

export interface Mute extends PayloadBase {
  readonly type: 'mute'
  readonly target: Account
  /** False takes it back. */
  readonly value: boolean
}

export const muteSchema: Schema<Mute> = z.looseObject({
  type: z.literal('mute'),
  ...baseFields,
  target: accountField,
  value: flagField,
})

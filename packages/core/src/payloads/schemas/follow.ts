/**
 * `follow`: whose feeds this account wants (spec P12).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Account, accountField } from '../accounts.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { flagField, type Schema } from '../fields.ts'

export interface Follow extends PayloadBase {
  readonly type: 'follow'
  readonly target: Account
  /** False takes it back. */
  readonly value: boolean
}

export const followSchema: Schema<Follow> = z.looseObject({
  type: z.literal('follow'),
  ...baseFields,
  target: accountField,
  value: flagField,
})

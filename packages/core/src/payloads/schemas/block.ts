/**
 * `block`: who may not reach this account; encrypted to oneself unless chosen otherwise (spec P12).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Account, accountField } from '../accounts.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { flagField, type Schema } from '../fields.ts'

export interface Block extends PayloadBase {
  readonly type: 'block'
  readonly target: Account
  /** False takes it back. */
  readonly value: boolean
}

export const blockSchema: Schema<Block> = z.looseObject({
  type: z.literal('block'),
  ...baseFields,
  target: accountField,
  value: flagField,
})

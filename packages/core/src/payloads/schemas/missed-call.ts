/**
 * `missed_call`: "I called you", from the caller's device; always encrypted (spec P19).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Account, accountField } from '../accounts.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { bytesField, flagField, type Schema } from '../fields.ts'

export interface MissedCall extends PayloadBase {
  readonly type: 'missed_call'
  /** Who was called. */
  readonly target: Account
  /** 16 random bytes, base64url: the call, the same on all devices. */
  readonly call: string
  readonly video: boolean
}

export const missedCallSchema: Schema<MissedCall> = z.looseObject({
  type: z.literal('missed_call'),
  ...baseFields,
  target: accountField,
  call: bytesField(16),
  video: flagField,
})

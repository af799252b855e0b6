/**
 * `recovery_share`: one custodian's part of a phrase; always encrypted (spec P17).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Account, accountField } from '../accounts.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { bytesField, bytesUpToField, type Schema, wholeField } from '../fields.ts'
import { maxCustodians, maxShareBytes } from '../limits.ts'

export interface RecoveryShare extends PayloadBase {
  readonly type: 'recovery_share'
  /** Whose phrase it is a part of. */
  readonly account: Account
  /** 16 random bytes, base64url: shares of one splitting have the same; a later splitting replaces it. */
  readonly set: string
  /** How many shares give the phrase back, of how many. */
  readonly threshold: number
  readonly count: number
  /** The share, base64url. */
  readonly share: string
}

export const recoveryShareSchema: Schema<RecoveryShare> = z
  .looseObject({
    type: z.literal('recovery_share'),
    ...baseFields,
    account: accountField,
    set: bytesField(16),
    threshold: wholeField(2, maxCustodians),
    count: wholeField(2, maxCustodians),
    share: bytesUpToField(maxShareBytes),
  })
  .check(z.refine(({ threshold, count }) => threshold <= count))

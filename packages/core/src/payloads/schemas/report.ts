/**
 * `report`: tells a hub's operator, or one's followers, of a person or a payload (spec P20).
 *
 * @module
 */
import * as z from 'zod/mini'
import { type Account, accountField } from '../accounts.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { longTextField, patternField, type Schema } from '../fields.ts'
import { maxAboutBytes } from '../limits.ts'
import { type Reference, referenceField } from '../references.ts'

export interface Report extends PayloadBase {
  readonly type: 'report'
  readonly target: Account
  /** The payload that is meant; null when it is the person. */
  readonly reference: Reference | null
  /** A word such as `spam`, `abuse`, `illegal`, `impersonation`, `other`; hubs may know more. */
  readonly reason: string
  readonly text: string
}

export const reportSchema: Schema<Report> = z.looseObject({
  type: z.literal('report'),
  ...baseFields,
  target: accountField,
  reference: z.nullable(referenceField),
  reason: patternField(/^[a-z][a-z0-9-]*$/, 32),
  text: longTextField(maxAboutBytes),
})

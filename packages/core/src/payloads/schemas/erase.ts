/**
 * `erase`: hides contents of one's own devices, and lets them be dropped later (spec P9).
 *
 * @module
 */
import * as z from 'zod/mini'
import type { Identity } from '../../names.ts'
import { baseFields, type ContentName, contentNameField, type PayloadBase } from '../base-fields.ts'
import { identityField, listField, type Schema, wholeField } from '../fields.ts'
import { maxEraseTargets, maxGeneration } from '../limits.ts'

/** "I know of the rebase to this epoch": what it left out may be dropped sooner. */
export interface EpochName {
  readonly identity: Identity
  readonly epoch: number
}

export type EraseTarget = ContentName | EpochName

export interface Erase extends PayloadBase {
  readonly type: 'erase'
  readonly targets: readonly EraseTarget[]
}

const epochNameField = z.looseObject({ identity: identityField, epoch: wholeField(2, maxGeneration) })

const targetField: Schema<EraseTarget> = z.custom<EraseTarget>((value) => {
  if (typeof value !== 'object' || value === null || ('content' in value && 'epoch' in value)) return false
  return contentNameField.safeParse(value).success || epochNameField.safeParse(value).success
})

export const eraseSchema: Schema<Erase> = z.looseObject({
  type: z.literal('erase'),
  ...baseFields,
  targets: listField(targetField, maxEraseTargets, 1),
})

/**
 * `void`: says nothing; the one entry of an emptied feed (spec F10).
 *
 * @module
 */
import * as z from 'zod/mini'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import type { Schema } from '../fields.ts'

export interface Void extends PayloadBase {
  readonly type: 'void'
}

export const voidSchema: Schema<Void> = z.looseObject({ type: z.literal('void'), ...baseFields })

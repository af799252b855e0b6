/**
 * Types that this version, or this app, does not know: kept, replicated, not acted on (spec P3).
 *
 * @module
 */
import * as z from 'zod/mini'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { type Schema, typeNameField } from '../fields.ts'

/**
 * The type of what we do not know: an app's own, or one of a later version. The
 * latter need not begin with `x-`; the template only keeps `payload.type === 'follow'`
 * from ever being true of it for the compiler, as it is at run time.
 */
export type UnknownType = `x-${string}`

export interface UnknownPayload extends PayloadBase {
  readonly type: UnknownType
}

const shape: Schema<PayloadBase> = z.looseObject({ type: typeNameField, ...baseFields })

export const unknownSchema = shape as Schema<UnknownPayload>

/**
 * `device_state`: what own devices tell each other: read markers, petnames, drafts; always encrypted (spec P18).
 *
 * @module
 */
import * as z from 'zod/mini'
import type { Json } from '../../strict-json.ts'
import { baseFields, type PayloadBase } from '../base-fields.ts'
import { distinctField, jsonField, lineField, type Schema } from '../fields.ts'
import { maxStateChanges, maxStateKeyBytes } from '../limits.ts'

/** `[key, value]`; null removes the key. Keys are `topic` or `topic/name`, as `petname/ROOT`. */
export type StateChange = readonly [string, Json]

export interface DeviceState extends PayloadBase {
  readonly type: 'device_state'
  /** Changed keys only; of each key the newest value over all own devices counts. */
  readonly changes: readonly StateChange[]
}

const changeField: Schema<StateChange> = z.tuple([lineField(1, maxStateKeyBytes), jsonField])

export const deviceStateSchema: Schema<DeviceState> = z.looseObject({
  type: z.literal('device_state'),
  ...baseFields,
  changes: distinctField(changeField, ([key]) => key, maxStateChanges, 1),
})

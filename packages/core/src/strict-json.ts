/**
 * The strict JSON reader (spec J): one text for one value, nothing surprising inside.
 *
 *     text ─size─▶ JSON.parse ─walk─▶ JSON.stringify ─same text?─▶ Json
 *
 * @module
 */
import { err, ok, type Result } from './result.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** Containers inside containers; the outermost counts one (J4). */
export const maxJsonDepth = 16

export interface JsonFault {
  readonly code: 'json-syntax' | 'json-canonical' | 'json-number' | 'json-key' | 'json-depth' | 'json-text'
}

/**
 * Reads a JSON text that is exactly what `JSON.stringify` would write of its value.
 * The caller has bounded its length. Duplicate keys, white space and other
 * spellings of one value fail the comparison (J1); the rest is `faultOf`.
 */
export function parseStrictJson(text: string): Result<Json, JsonFault> {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    return err({ code: 'json-syntax' })
  }
  const fault = faultOf(value, maxJsonDepth)
  if (fault !== null) return err({ code: fault })
  return JSON.stringify(value) === text ? ok(value) : err({ code: 'json-canonical' })
}

/** The one text of a value; throws a TypeError when the strict reader would refuse it. */
export function writeStrictJson(value: Json): string {
  const fault = faultOf(value, maxJsonDepth)
  if (fault !== null) throw new TypeError(`cannot be written as strict JSON: ${fault}`)
  return JSON.stringify(value)
}

/** Depth first and bounded, so that a nest of brackets ends the walk and not the stack. */
function faultOf(value: Json, depthLeft: number): JsonFault['code'] | null {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? null : 'json-text'
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? null : 'json-number'
    case 'boolean':
      return null
    case 'object':
      break
    default:
      return 'json-syntax'
  }
  if (value === null) return null
  if (depthLeft === 0) return 'json-depth'
  if (isList(value)) {
    for (const item of value) {
      const fault = faultOf(item, depthLeft - 1)
      if (fault !== null) return fault
    }
    return null
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || isIntegerLike(key) || !key.isWellFormed()) return 'json-key'
    const fault = faultOf(value[key] as Json, depthLeft - 1)
    if (fault !== null) return fault
  }
  return null
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value)
}

/** Engines sort keys like array indices before all others, so such keys have no stable place (J3). */
function isIntegerLike(key: string): boolean {
  const first = key.charCodeAt(0)
  return first >= 0x30 && first <= 0x39 && /^(0|[1-9][0-9]*)$/.test(key)
}

/**
 * Tells a plain note without asking its schema: most payloads of most feeds are one, and each is read in every
 * first sync (spec P4, P10).
 *
 *     {type, at, text} or {type, at, text, salt} ─▶ true      anything else ─▶ false: the schema judges
 *
 * @module
 */
import { parseBase64url } from '../base.ts'
import type { JsonObject } from '../strict-json.ts'
import { fitsBytes } from './bounded-text.ts'
import { maxAt, maxTextBytes, saltBytes } from './limits.ts'

const saltLength = Math.ceil((saltBytes * 4) / 3)

/** True only for what `publicNoteSchema` accepts. `value` came out of the strict reader. */
export function isPlainNote(value: JsonObject): boolean {
  let fields = 0
  for (const key in value) {
    const field = value[key]
    switch (key) {
      case 'type':
        if (field !== 'public_note') return false
        break
      case 'at':
        if (typeof field !== 'number' || !(field >= 0 && field <= maxAt)) return false
        break
      case 'text':
        if (typeof field !== 'string' || !fitsBytes(field, maxTextBytes)) return false
        break
      case 'salt':
        if (typeof field !== 'string' || field.length !== saltLength || parseBase64url(field) === null)
          return false
        continue
      default:
        return false
    }
    fields++
  }
  return fields === 3
}

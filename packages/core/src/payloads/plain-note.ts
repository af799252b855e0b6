/**
 * Tells a plain note without asking its schema, and reads one in its usual spelling without a JSON parser: most payloads of
 * most feeds are one, and each is read in every first sync (spec P4, P10).
 *
 *     {type, at, text} or {type, at, text, salt} ─▶ true      anything else ─▶ false: the schema judges
 *
 * @module
 */
import { parseBase64url } from '../base.ts'
import type { JsonObject } from '../strict-json.ts'
import { fitsBytes } from './bounded-text.ts'
import { maxAt, maxTextBytes, saltBytes } from './limits.ts'
import type { PublicNote } from './schemas/public-note.ts'

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

const beforeAt = '{"type":"public_note","at":'
const beforeText = ',"text":"'
const beforeSalt = '","salt":"'
const end = '"}'

/** What JSON writes as anything but itself: all but the printable signs from the space on, without `"` and `\`. */
const escaped = /[^ !#-[\]-\uffff]/

/**
 * The note in a text that the strict reader would accept and that is a plain one, where its fields stand in our own order
 * and nothing of it is escaped. Null: let the strict reader judge.
 */
export function readPlainNote(json: string): PublicNote | null {
  if (!json.startsWith(beforeAt)) return null
  const atEnd = json.indexOf(beforeText, beforeAt.length)
  const at = readTime(json.slice(beforeAt.length, atEnd))
  if (atEnd < 0 || at === null) return null
  const textAt = atEnd + beforeText.length
  const textEnd = json.indexOf('"', textAt)
  const text = json.slice(textAt, textEnd)
  if (textEnd < 0 || escaped.test(text) || !text.isWellFormed() || !fitsBytes(text, maxTextBytes)) return null
  const left = json.slice(textEnd)
  if (left === end) return { type: 'public_note', at, text }
  if (left.length !== beforeSalt.length + saltLength + end.length) return null
  if (!left.startsWith(beforeSalt) || !left.endsWith(end)) return null
  const salt = left.slice(beforeSalt.length, -end.length)
  return parseBase64url(salt) === null ? null : { type: 'public_note', at, text, salt }
}

const time = /^(?:0|[1-9][0-9]{0,15})$/

/** Ms as JSON writes them. */
function readTime(digits: string): number | null {
  const at = time.test(digits) ? Number(digits) : Number.NaN
  return at <= maxAt ? at : null
}

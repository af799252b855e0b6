/**
 * One line of a message, around the first word that was searched for; of what stands behind a warning, the warning.
 *
 *     text, query ─▶ '… the soup after it' with `soup` marked
 *
 * @module
 */
import type { Payload } from '@effigy/core'
import { type MarkedPart, markedParts } from '../../components/note/marked-parts.ts'
import { oneLine, shorten } from '../../components/note/one-line.ts'

/** UTF-16 units: a word that stands further in than that has what is far before it left out. */
const mostBefore = 40
const before = 20

/** Empty: it has no text. */
export function excerptOf(payload: Payload, query: string): readonly MarkedPart[] {
  const line = oneLine(payload)
  const parts = markedParts(line, query)
  const at = parts.findIndex(({ isMarked }) => isMarked)
  const place = parts.slice(0, Math.max(at, 0)).reduce((length, { text }) => length + text.length, 0)
  if (place <= mostBefore) return line === '' ? [] : markedParts(shorten(line), query)
  const space = line.indexOf(' ', place - before)
  const start = space === -1 || space >= place ? place : space + 1
  return markedParts(`…${shorten(line.slice(start))}`, query)
}

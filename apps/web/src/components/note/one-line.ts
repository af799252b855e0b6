/**
 * What a note says, in one line and without the signs that form it; of what stands behind a warning, the warning.
 *
 *     { text: 'See *you*\n\nat eight' } ─▶ 'See you at eight'
 *
 * @module
 */
import { plainText } from '../plain-text.ts'
import { warningOf } from './warning-of.ts'

/** UTF-16 units: longer than any text that can be written here. */
const mostRead = 64 * 1024

/** Characters of what is shown in one line. */
const maxLength = 160

/** Empty: it has no text. `most` UTF-16 units of it are looked at. */
export function oneLine(payload: object, most: number = mostRead): string {
  const said = 'text' in payload && typeof payload.text === 'string' ? payload.text : ''
  return inOneLine(warningOf(payload) ?? plainText(said.slice(0, most))).slice(0, most)
}

export function inOneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim()
}

/** By whole characters, as people see them. */
export function shorten(line: string): string {
  if (line.length <= maxLength) return line
  const letters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment)
  return letters.length <= maxLength ? line : `${letters.slice(0, maxLength - 1).join('')}…`
}

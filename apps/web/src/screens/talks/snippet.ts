/**
 * The beginning of a message, in one line; of what stands behind a warning, the warning.
 *
 *     Item ─▶ { text: 'See you at eight' } │ { sign: 'picture' │ 'file' │ 'gone' │ 'missing' }
 *
 * @module
 */
import type { Attachment } from '@effigy/core'
import type { Item } from '@effigy/store'
import { warningOf } from '../../components/note/warning-of.ts'

export type Snippet =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'sign'; readonly sign: 'picture' | 'file' | 'gone' | 'missing' }

/** Characters. */
const maxLength = 160

export function snippetOf({ state }: Pick<Item, 'state'>): Snippet {
  if (state.type === 'missing' || state.type === 'encrypted') return { type: 'sign', sign: 'missing' }
  if (state.type !== 'shown') return { type: 'sign', sign: 'gone' }
  const { payload } = state
  const said = 'text' in payload && typeof payload.text === 'string' ? payload.text : ''
  const text = warningOf(payload) ?? said
  const line = text
    .slice(0, maxLength * 16)
    .replace(/\s+/gu, ' ')
    .trim()
  if (line !== '') return { type: 'text', text: shorten(line) }
  const attachments: readonly Attachment[] =
    'attachments' in payload && Array.isArray(payload.attachments) ? payload.attachments : []
  return { type: 'sign', sign: attachments.some(({ type }) => type === 'image') ? 'picture' : 'file' }
}

/** By whole characters, as people see them. */
export function shorten(line: string): string {
  if (line.length <= maxLength) return line
  const letters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment)
  return letters.length <= maxLength ? line : `${letters.slice(0, maxLength - 1).join('')}…`
}

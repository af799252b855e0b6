/**
 * The beginning of a message, in one line; of what stands behind a warning, the warning.
 *
 *     Item ─▶ { text: 'See you at eight' } │ { sign: 'picture' │ 'file' │ 'gone' │ 'missing' }
 *
 * @module
 */
import type { Attachment } from '@effigy/core'
import type { Item } from '@effigy/store'
import { oneLine, shorten } from '../../components/note/one-line.ts'

export type Snippet =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'sign'; readonly sign: 'picture' | 'file' | 'gone' | 'missing' }

/** UTF-16 units that are looked at: characters may be made of many. */
const mostRead = 2_560

export function snippetOf({ state }: Pick<Item, 'state'>): Snippet {
  if (state.type === 'missing' || state.type === 'encrypted') return { type: 'sign', sign: 'missing' }
  if (state.type !== 'shown') return { type: 'sign', sign: 'gone' }
  const { payload } = state
  const line = oneLine(payload, mostRead)
  if (line !== '') return { type: 'text', text: shorten(line) }
  const attachments: readonly Attachment[] =
    'attachments' in payload && Array.isArray(payload.attachments) ? payload.attachments : []
  return { type: 'sign', sign: attachments.some(({ type }) => type === 'image') ? 'picture' : 'file' }
}

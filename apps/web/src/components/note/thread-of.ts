/**
 * Where the conversation begins that something belongs to.
 *
 * @module
 */
import type { ContentName } from '@effigy/core'
import type { Item } from '@effigy/react'

export function threadOf({ identity, content, state }: Item): ContentName {
  if (state.type !== 'shown' || state.payload.type !== 'comment') return { identity, content }
  const { identity: author, content: name } = state.payload.thread ?? state.payload.target
  return { identity: author, content: name }
}

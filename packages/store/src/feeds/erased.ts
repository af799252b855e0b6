/**
 * Which contents are erased (spec S7).
 *
 * @module
 */
import { isHiddenByErase } from '@effigy/core'
import type { FeedContext } from './context.ts'

export function hasErasures({ db }: FeedContext, feed: number): boolean {
  return db.first('select 1 as one from erasures where feed = ? limit 1', feed) !== null
}

/** Whether a content is hidden by an erase; some types never are. */
export function isErased(context: FeedContext, feed: number, content: Uint8Array, type: number): boolean {
  if (!isHiddenByErase(context.types.nameOf(type))) return false
  const row = context.db.first(
    'select 1 as one from erasures where feed = ? and content = ? limit 1',
    feed,
    content,
  )
  return row !== null
}

/**
 * Goes on to older pages while there is nothing to show (verdict.ts).
 *
 *     useLookOn(list, notes.length, behind) ─▶ verdict, and how to go on where it paused
 *
 * @module
 */
import type { Item, List } from '@effigy/react'
import { useEffect, useState } from 'react'
import { type Verdict, verdictOf } from './verdict.ts'

export interface LookOn {
  readonly verdict: Verdict
  readonly goOn: () => void
}

export function useLookOn(
  { type, hasMore, isLoadingMore, loadMore }: List<Item>,
  found: number,
  behind: number,
): LookOn {
  const [pages, setPages] = useState(0)
  const verdict = verdictOf({ type, found, hasMore, isLoadingMore, pages, behind })
  const isNextDue = verdict === 'looking' && !isLoadingMore
  useEffect(() => {
    if (!isNextDue) return
    setPages(pages + 1)
    loadMore()
  }, [isNextDue, loadMore, pages])
  return { verdict, goOn: () => setPages(0) }
}

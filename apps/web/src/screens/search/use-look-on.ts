/**
 * Goes on to older pages while there is less to show than is asked for (verdict.ts).
 *
 *     useLookOn({ list, found, wanted, behind }) ─▶ verdict, and how to go on where it paused
 *
 * @module
 */
import type { Item, List } from '@effigy/react'
import { useEffect, useState } from 'react'
import { type Looked, type Verdict, verdictOf } from './verdict.ts'

export interface LookOn {
  readonly verdict: Verdict
  readonly goOn: () => void
}

export interface Sought extends Pick<Looked, 'found' | 'wanted' | 'behind'> {
  readonly list: List<Item>
}

export function useLookOn({ list, ...sought }: Sought): LookOn {
  const { type, hasMore, isLoadingMore, loadMore } = list
  const [pages, setPages] = useState(0)
  const verdict = verdictOf({ ...sought, type, hasMore, isLoadingMore, pages })
  const isNextDue = verdict === 'looking' && !isLoadingMore
  useEffect(() => {
    if (!isNextDue) return
    setPages(pages + 1)
    loadMore()
  }, [isNextDue, loadMore, pages])
  return { verdict, goOn: () => setPages(0) }
}

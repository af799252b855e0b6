/**
 * How far a search has looked: "nothing" is said only once all was looked through.
 *
 *     less than wanted ─more behind it▶ looking ─for long▶ paused ─asked▶ looking ─at the end▶ unread │ end
 *
 * @module
 */

export interface Looked {
  readonly type: 'pending' | 'ready' | 'failed'
  /** What is there to be shown, and how much of it is asked for. */
  readonly found: number
  readonly wanted: number
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  /** Pages looked through since somebody asked for it. */
  readonly pages: number
  /** Entries that search does not know yet. */
  readonly behind: number
}

/**
 * `enough`: as much as is asked for; `looking`: there is more to look through, and the next page is asked for; `paused`: there
 * is more, and whoever waits says whether to go on; `unread`: all was looked through that search knows; `end`: all was.
 */
export type Verdict = 'failed' | 'waiting' | 'looking' | 'paused' | 'unread' | 'end' | 'enough'

/** With too little to show in them, before somebody is asked. */
export const mostPages = 20

export function verdictOf(looked: Looked): Verdict {
  const { type, found, wanted, hasMore, isLoadingMore, pages, behind } = looked
  if (found >= wanted) return 'enough'
  if (type === 'failed') return 'failed'
  if (type === 'pending') return 'waiting'
  if (hasMore) return isLoadingMore || pages < mostPages ? 'looking' : 'paused'
  return behind > 0 ? 'unread' : 'end'
}

/** Of what is least over, the first. */
const order: readonly Verdict[] = ['failed', 'waiting', 'looking', 'paused', 'unread', 'end', 'enough']

/** Of a search in two places which found nothing in either: what may be said of both. */
export function together(one: Verdict, other: Verdict): Verdict {
  return order[Math.min(order.indexOf(one), order.indexOf(other))] ?? one
}

/**
 * What a search may say of what it has found: "nothing" only once all was looked through.
 *
 *     nothing to show ─more behind it▶ looking ─for long▶ paused ─asked▶ looking ─at the end▶ unread │ nothing
 *
 * @module
 */

export interface Looked {
  readonly type: 'pending' | 'ready' | 'failed'
  /** What is there to be shown. */
  readonly found: number
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  /** Pages looked through since somebody asked for it. */
  readonly pages: number
  /** Entries that search does not know yet. */
  readonly behind: number
}

/**
 * `looking`: there is more to look through, and the next page is asked for; `paused`: there is more, and whoever waits says
 * whether to go on; `unread`: all was looked through that search knows; `failed`: what went wrong is said, not this.
 */
export type Verdict = 'waiting' | 'found' | 'looking' | 'paused' | 'unread' | 'nothing' | 'failed'

/** With nothing to show in them, before somebody is asked. */
export const mostPages = 20

export function verdictOf({ type, found, hasMore, isLoadingMore, pages, behind }: Looked): Verdict {
  if (found > 0) return 'found'
  if (type === 'failed') return 'failed'
  if (type === 'pending') return 'waiting'
  if (hasMore) return isLoadingMore || pages < mostPages ? 'looking' : 'paused'
  return behind > 0 ? 'unread' : 'nothing'
}

/**
 * What is asked of whom although they were not chosen: somebody wants it of them (spec W23, T30).
 *
 * @module
 */
import type { Identity } from '@effigy/core'

export interface Seeking {
  /** Until disposed, `remote` may be asked about these feeds, whether it was chosen or not. */
  seek(remote: Identity, feeds: readonly Identity[]): Disposable
  isSought(remote: Identity, feed: Identity): boolean
}

export function createSeeking(): Seeking {
  const searches = new Set<{ readonly of: Identity; readonly feeds: ReadonlySet<Identity> }>()
  return {
    seek(remote, feeds) {
      const search = { of: remote, feeds: new Set(feeds) }
      searches.add(search)
      return { [Symbol.dispose]: () => void searches.delete(search) }
    },
    isSought(remote, feed) {
      for (const { of, feeds } of searches) if (of === remote && feeds.has(feed)) return true
      return false
    },
  }
}

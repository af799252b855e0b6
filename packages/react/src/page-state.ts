/**
 * How far the one peer of a browser is, for the page that waits for it: starting, new, locked, open, failed.
 *
 * @module
 */
import type { PagePeer, PeerState } from '@effigy/peer'
import { useCallback, useSyncExternalStore } from 'react'

/** Of `connectPeer()`; stands above `PeerProvider`, which takes `page.peer` when it is open. */
export function usePagePeer(page: Pick<PagePeer, 'state' | 'states'>): PeerState {
  const subscribe = useCallback(
    (listener: () => void) => {
      const until = new AbortController()
      const follow = async (): Promise<void> => {
        for await (const _state of page.states(until.signal)) listener()
      }
      // Its end is a state too.
      follow().catch(listener)
      return () => until.abort()
    },
    [page],
  )
  const state = (): PeerState => page.state
  return useSyncExternalStore(subscribe, state, state)
}

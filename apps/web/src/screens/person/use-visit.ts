/**
 * Standing before somebody's page: what following them would cost, and meanwhile their newest notes to look at.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { FollowCost } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { useEffect, useState } from 'react'

export type VisitState =
  | { readonly type: 'looking' }
  | { readonly type: 'known'; readonly cost: FollowCost }
  | { readonly type: 'failed'; readonly error: unknown }

/** Null: nothing is asked of anybody, for who is followed is here already. `tries`: another one looks again. */
export function useVisit(identity: Identity, isWanted: boolean, tries: number): VisitState | null {
  const peer = usePeer()
  const [state, setState] = useState<VisitState>({ type: 'looking' })
  useEffect(() => {
    if (!isWanted) return
    const until = new AbortController()
    setState({ type: 'looking' })
    const look = async (): Promise<void> => {
      for await (const cost of peer.people.visit(identity, until.signal)) setState({ type: 'known', cost })
    }
    look().catch((error: unknown) => {
      if (!until.signal.aborted) setState({ type: 'failed', error })
    })
    return () => until.abort()
  }, [peer, identity, isWanted, tries])
  return isWanted ? state : null
}

/**
 * Gives a peer, and what components share of it, to all hooks below.
 *
 * @module
 */

import type { RemotePeer } from '@effigy/peer'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { type Cache, createCache } from './cache.ts'
import type { HookPeer } from './hook-peer.ts'

export interface Provided {
  readonly peer: HookPeer
  readonly cache: Cache
}

const PeerContext = createContext<Provided | null>(null)

/** ms that what was loaded stays after the last component that showed it: long enough to go back. */
const defaultGraceMs = 5_000

export interface PeerProviderProps {
  /** A `RemotePeer`, or `localPeer(peer)`. Another one begins anew; it stays its owner's. */
  readonly peer: HookPeer
  /** ms that what nobody shows any more is kept up to date; 5,000 when omitted. */
  readonly graceMs?: number
  readonly children?: ReactNode
}

/** Gives a peer to the hooks below. Another peer starts anew; who made the peer disposes it. */
export function PeerProvider({ peer, graceMs = defaultGraceMs, children }: PeerProviderProps): ReactNode {
  // Nothing to dispose of: what is in a cache goes by itself when nobody listens.
  const provided = useMemo(() => ({ peer, cache: createCache(graceMs) }), [peer, graceMs])
  return <PeerContext value={provided}>{children}</PeerContext>
}

/**
 * The peer of the provider above, to write and to ask: the `RemotePeer` that it was given. Over `localPeer` it only reads, so
 * say `usePeer<HookPeer>()` and write with your own `Peer`. Throws without a provider.
 */
export function usePeer<Kind extends HookPeer = RemotePeer>(): Kind {
  return useProvided().peer as Kind
}

export function useProvided(): Provided {
  const provided = useContext(PeerContext)
  if (provided === null) throw new Error('Put a <PeerProvider peer={…}> around what uses a peer.')
  return provided
}

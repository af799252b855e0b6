/**
 * Stays connected to the hubs of the own profile for as long as the app is open.
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { writePeerAddress } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { type ReactNode, useEffect } from 'react'

export function KeepHubs({ hubs }: { readonly hubs: readonly Hub[] }): ReactNode {
  const peer = usePeer()
  const list = JSON.stringify(hubs)
  useEffect(() => {
    const connecting = (JSON.parse(list) as readonly Hub[]).map(([expect, url]) =>
      peer.connect(writePeerAddress({ url, expect })),
    )
    return () => {
      for (const connection of connecting)
        connection.then(
          (opened) => void opened[Symbol.asyncDispose](),
          // The tab that had the peer went; the next one is asked again.
          () => {},
        )
    }
  }, [peer, list])
  return null
}

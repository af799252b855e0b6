/**
 * The one peer of this browser as this page has it, for screens that need more of it than the peer: device, vault, room.
 *
 * @module
 */
import type { PagePeer } from '@effigy/peer/page'
import { createContext, useContext } from 'react'

export const PageContext = createContext<PagePeer | null>(null)

export function usePage(): PagePeer {
  const page = useContext(PageContext)
  if (page === null) throw new Error('This stands outside of <App>.')
  return page
}

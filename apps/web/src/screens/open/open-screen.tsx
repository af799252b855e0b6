/**
 * A link that the system handed to the app (`web+effigy:`): goes on to where it leads.
 *
 * @module
 */
import { type ReactNode, useEffect } from 'react'
import { useLocation, useSearch } from 'wouter'
import { takeInvite } from '../../app/invite-place.ts'
import { NotFound } from '../../app/not-found.tsx'
import { parseOpenLink } from './open-link.ts'

export function Screen(): ReactNode {
  const [, go] = useLocation()
  const link = parseOpenLink(new URLSearchParams(useSearch()).get('link') ?? '')
  useEffect(() => {
    if (link === null) return
    if (link.type === 'path') return go(link.path, { replace: true })
    history.replaceState(history.state, '', `/#${link.code}`)
    takeInvite()
    go('/', { replace: true })
  }, [link, go])
  return link === null ? <NotFound /> : null
}

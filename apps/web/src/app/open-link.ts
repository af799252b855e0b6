/**
 * Where a link of other programs leads inside the app: read before anything is shown, and gone from the address.
 *
 *     /open#link=… (as older installations have it: /open?link=…) ─takeOpenLink▶ its place
 *
 *     web+effigy:p/did:key:…  ─▶ /p/did:key:…        web+effigy:n/did:key:…/CONTENT ─▶ /n/…        an invite ─▶ itself
 *
 * @module
 */
import { parseIdentity, parseRawCid } from '@effigy/core'

export type OpenLink =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'invite'; readonly code: string }

/** Null: no such link. */
export function parseOpenLink(text: string): OpenLink | null {
  const [, said = ''] = /^web\+effigy:(?:\/\/)?(.*)$/s.exec(text) ?? []
  if (/^effigy-invite-[\w-]+$/.test(said)) return { type: 'invite', code: said }
  const [kind, who = '', what, ...more] = said.split('/')
  const identity = parseIdentity(who)
  if (identity === null || more.length > 0) return null
  if (kind === 'p' && what === undefined) return { type: 'path', path: `/p/${identity}` }
  const content = kind === 'n' && what !== undefined ? parseRawCid(what) : null
  return content === null ? null : { type: 'path', path: `/n/${identity}/${content}` }
}

/** The place of this page becomes that of the link that opened it; of one that leads nowhere, what the app says of such addresses. */
export function takeOpenLink(): void {
  const { pathname, hash, search } = location
  if (pathname !== '/open') return
  const place = placeOf(hash, search)
  history.replaceState(history.state, '', place ?? '/open')
}

/** Path and fragment; null: it leads nowhere. What stands behind the `#` was seen by no server. */
export function placeOf(hash: string, search: string): string | null {
  const text = new URLSearchParams(hash.slice(1)).get('link') ?? new URLSearchParams(search).get('link') ?? ''
  const link = parseOpenLink(text)
  if (link === null) return null
  return link.type === 'path' ? link.path : `/#${link.code}`
}

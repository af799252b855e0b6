/**
 * Where a link of other programs leads inside the app.
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

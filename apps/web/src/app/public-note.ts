/**
 * The link of a note, `/n/IDENTITY/CONTENT`, as it is passed on.
 *
 * @module
 */
import { type Identity, parseIdentity, parseRawCid, type RawCid } from '@effigy/core'

/** Null: another address, or one that names nothing. */
export function publicNoteOf(
  pathname: string,
): { readonly identity: Identity; readonly content: RawCid } | null {
  const [, who = '', what = ''] = /^\/n\/([^/]+)\/([^/]+)\/?$/.exec(pathname) ?? []
  const identity = parseIdentity(decoded(who))
  const content = parseRawCid(what)
  return identity === null || content === null ? null : { identity, content }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

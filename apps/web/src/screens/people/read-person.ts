/**
 * Where something leads that a friend gave: their link, the code on their screen, their address, an invite.
 *
 *     https://hub.example/p/did:key:… · web+effigy:p/… · effigy-safety-1-… · did:key:… ─▶ somebody
 *     ada@hub.example ─▶ an address to be asked for        effigy-invite-1-… ─▶ an invite
 *
 * @module
 */
import { type Identity, parseAlias, parseIdentity, parseSafetyCode } from '@effigy/core'
import { sha256 } from '@noble/hashes/sha2.js'

export type FoundPerson =
  | { readonly type: 'person'; readonly identity: Identity }
  | { readonly type: 'alias'; readonly text: string }
  | { readonly type: 'invite'; readonly code: string }
  /** It would link a device: never to be used from here. */
  | { readonly type: 'device-code' }

/** UTF-16 units. */
const maxLength = 4_096

/** Null: nothing of that kind. */
export function readPerson(given: string): FoundPerson | null {
  const text = given.trim()
  if (text === '' || text.length > maxLength) return null
  const code = /effigy-(invite|link|safety)-[\w-]+/.exec(text.replace(/\s+/g, ''))
  if (code?.[1] === 'link') return { type: 'device-code' }
  if (code?.[1] === 'invite') return { type: 'invite', code: code[0] }
  if (code?.[1] === 'safety') {
    const read = parseSafetyCode(text, sha256)
    return read.ok ? { type: 'person', identity: read.value.identity } : null
  }
  // Whatever program or hub wrote the link: it names somebody, and nothing more is taken from it.
  const [, named = text] =
    /(?:^web\+effigy:(?:\/\/)?|\/)p\/(did:key:[A-Za-z0-9]+)\/?(?:[?#].*)?$/.exec(text) ?? []
  const identity = parseIdentity(named)
  if (identity !== null) return { type: 'person', identity }
  const alias = text.replace(/^@/, '').toLowerCase()
  return parseAlias(alias) === null ? null : { type: 'alias', text: alias }
}

/** What others scan or open. */
export function personLink(identity: Identity): string {
  return new URL(`/p/${identity}`, location.href).href
}

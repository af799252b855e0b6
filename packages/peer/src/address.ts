/**
 * Addresses of peers, as people pass them on.
 *
 *     ws://host:7337/effigy/1#did:key:z6Mk… ─▶ { url: 'ws://host:7337/effigy/1', expect: 'did:key:z6Mk…' }
 *
 * Who must answer stands behind the `#`, so that whoever took over the place of a hub cannot pass for it.
 *
 * @module
 */
import { err, type Identity, ok, parseIdentity, type Result } from '@effigy/core'

export interface PeerAddress {
  /** Where to dial, without the fragment. */
  readonly url: string
  /** Who must be there; null: whoever answers the first time. */
  readonly expect: Identity | null
}

export interface AddressFault {
  readonly code: 'address-invalid'
  /** A sentence for the person who typed it. */
  readonly message: string
}

/** Characters; what a payload may carry as an address of a hub, and an identity behind it. */
const maxAddressLength: number = 255 + 64

export function parsePeerAddress(text: string): Result<PeerAddress, AddressFault> {
  const trimmed = text.trim()
  if (trimmed.length > maxAddressLength) return fault('is longer than addresses are')
  const url = URL.parse(trimmed)
  if (url === null) return fault('has no such form')
  if (url.username !== '' || url.password !== '') return fault('has a name or a password in it')
  const expect = url.hash === '' ? null : parseIdentity(decodedFragment(url.hash))
  if (url.hash !== '' && expect === null) return fault('names nobody behind its #')
  return ok({ url: trimmed.split('#', 1)[0] ?? '', expect })
}

function fault(what: string): Result<never, AddressFault> {
  const message = `This address ${what}. It should look like wss://hub.example/effigy/1#did:key:z6Mk…`
  return err({ code: 'address-invalid', message })
}

function decodedFragment(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1))
  } catch {
    return ''
  }
}

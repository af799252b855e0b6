/**
 * Addresses of peers, as people pass them on.
 *
 *     ws://host:7337/effigy/1#did:key:z6Mk… ─▶ { url: 'ws://host:7337/effigy/1', expect: 'did:key:z6Mk…' }
 *     http://host:7337                      ─▶ { url: 'ws://host:7337/effigy/1', expect: null }
 *
 * Who must answer stands behind the `#`, so that whoever took over the place of a hub cannot pass for it. `?to=` means
 * somebody who is reached through the hub there (spec V70):
 *
 *     wss://hub.example/effigy/1?to=did:key:z6MkAlice…#did:key:z6MkHub… ─▶ the same, { expect: 'did:key:z6MkAlice…' }
 *
 * @module
 */
import { err, type Identity, ok, parseIdentity, type Result } from '@effigy/core'

export interface PeerAddress {
  /** Where to dial: without the fragment, but where a hub is gone through, whose it is. */
  readonly url: string
  /** Who must be there; null: whoever answers the first time. */
  readonly expect: Identity | null
}

export interface AddressFault {
  readonly code: 'address-invalid'
  /** A sentence for the person who typed it. */
  readonly message: string
}

/** Characters; what a payload may carry as the address of a hub. */
const maxUrlLength = 255

/** And an identity behind it, and one within. */
const maxAddressLength: number = maxUrlLength + 128

/** Whom a hub is asked for. */
const toParameter = 'to'

/** Where every hub listens unless the address says otherwise; the number is the protocol's version. */
const usualPath = '/effigy/1'

const socketProtocols: ReadonlyMap<string, string> = new Map([
  ['ws:', 'ws:'],
  ['wss:', 'wss:'],
  ['http:', 'ws:'],
  ['https:', 'wss:'],
])

/**
 * Addresses of hubs and pages of hubs become those of their WebSocket; other protocols stay as they are, for links
 * of other kinds. A name and password are refused: they would be kept in the clear.
 */
export function parsePeerAddress(text: string): Result<PeerAddress, AddressFault> {
  const trimmed = text.trim()
  if (trimmed.length > maxAddressLength) return fault('is longer than addresses are')
  const url = URL.parse(trimmed)
  if (url === null) return fault('has no such form')
  if (url.username !== '' || url.password !== '') return fault('has a name or a password in it')
  const expect = url.hash === '' ? null : parseIdentity(decodedFragment(url.hash))
  if (url.hash !== '' && expect === null) return fault('names nobody behind its #')
  const dialled = dialledUrl(url, trimmed)
  const to = url.searchParams.get(toParameter)
  if (to !== null) {
    const target = parseIdentity(to)
    if (target === null) return fault('names nobody behind its to=')
    return ok({ url: expect === null ? dialled : `${dialled}#${expect}`, expect: target })
  }
  return dialled.length > maxUrlLength ? fault('is longer than addresses are') : ok({ url: dialled, expect })
}

/** As it is kept and shown: what `parsePeerAddress` reads to the same. */
export function writePeerAddress({ url, expect }: PeerAddress): string {
  return expect === null || relayOf(url) !== null ? url : `${url}#${expect}`
}

/** Through which hub whom, when a dialled `url` goes through one. */
export function relayOf(url: string): { readonly hub: string; readonly to: Identity } | null {
  const parsed = URL.parse(url)
  const to = parseIdentity(parsed?.searchParams.get(toParameter) ?? '')
  if (parsed === null || to === null) return null
  parsed.searchParams.delete(toParameter)
  return { hub: parsed.href, to }
}

/** The address of somebody who is reached through the hub at `hub`. */
export function relayAddress(hub: string, to: Identity): string {
  const url = new URL(hub)
  url.searchParams.set(toParameter, to)
  return url.href
}

function dialledUrl(url: URL, typed: string): string {
  const protocol = socketProtocols.get(url.protocol)
  if (protocol === undefined) return typed.split('#', 1)[0] ?? ''
  return `${protocol}//${url.host}${url.pathname === '/' ? usualPath : url.pathname}${url.search}`
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

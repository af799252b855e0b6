/**
 * Addresses of hubs as people paste them.
 *
 *     ws://host:7337/effigy/1#did:key:z6Mk… ─▶ { address: 'ws://host:7337/effigy/1', identity }
 *     http://host:7337                      ─▶ { address: 'ws://host:7337/effigy/1', identity: null }
 *
 * @module
 */
import { type Identity, parseIdentity } from '@effigy/core'

export interface HubAddress {
  /** `ws:` or `wss:`, without a fragment. */
  readonly address: string
  /** Who must answer there; null until first contact. */
  readonly identity: Identity | null
}

/** Where every hub listens unless the address says otherwise; the number is the protocol's version. */
const usualPath = '/effigy/1'

/** What a payload may carry as the address of a hub. */
const maxAddressLength = 255

/** Null when it is no such address. A name and password in it are refused: they would be kept in the clear. */
export function parseHubAddress(text: string): HubAddress | null {
  const trimmed = text.trim()
  if (trimmed.length > maxAddressLength + 64 || !URL.canParse(trimmed)) return null
  const url = new URL(trimmed)
  if (url.username !== '' || url.password !== '') return null
  const protocol = socketProtocols.get(url.protocol)
  if (protocol === undefined || url.hostname === '') return null
  const identity = url.hash === '' ? null : parseIdentity(decodeFragment(url.hash))
  if (url.hash !== '' && identity === null) return null
  const path = url.pathname === '/' ? usualPath : url.pathname
  const address = `${protocol}//${url.host}${path}${url.search}`
  return address.length <= maxAddressLength ? { address, identity } : null
}

export function writeHubAddress({ address, identity }: HubAddress): string {
  return identity === null ? address : `${address}#${identity}`
}

const socketProtocols: ReadonlyMap<string, string> = new Map([
  ['ws:', 'ws:'],
  ['wss:', 'wss:'],
  ['http:', 'ws:'],
  ['https:', 'wss:'],
])

function decodeFragment(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1))
  } catch {
    return ''
  }
}

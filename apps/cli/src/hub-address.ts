/**
 * The hubs of the list: addresses of peers that are WebSockets (`parsePeerAddress` reads them).
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { parsePeerAddress, writePeerAddress } from '@effigy/peer'

export interface HubAddress {
  /** `ws:` or `wss:`, without a fragment. */
  readonly address: string
  /** Who must answer there; null until first contact. */
  readonly identity: Identity | null
}

/** Null when it is no such address. */
export function parseHubAddress(text: string): HubAddress | null {
  const parsed = parsePeerAddress(text)
  if (!parsed.ok || !/^wss?:/.test(parsed.value.url)) return null
  return { address: parsed.value.url, identity: parsed.value.expect }
}

export function writeHubAddress({ address, identity }: HubAddress): string {
  return writePeerAddress({ url: address, expect: identity })
}

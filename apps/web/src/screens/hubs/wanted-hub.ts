/**
 * A hub of somebody else's that a person pressed for: the screen of hubs takes it once, and only then is it looked at.
 *
 *     their profile ─hubToOffer▶ a hint ─ pressed ─ wantHub ─▶ /hubs ─ takeWantedHub ─▶ looked at
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { parsePeerAddress } from '@effigy/peer'

// Not in the address of the page: a link from elsewhere, or a reload, would look at a hub that nobody pressed for.
let wanted: Hub | null = null

export function wantHub(hub: Hub): void {
  wanted = hub
}

export function takeWantedHub(): Hub | null {
  const hub = wanted
  wanted = null
  return hub
}

/** The first of theirs that can be dialled; null: there is none, or both are at one already. Contacts nobody. */
export function hubToOffer(theirs: readonly Hub[], own: readonly Hub[]): Hub | null {
  const isShared = theirs.some(([hub, url]) => own.some(([mine, at]) => mine === hub || at === url))
  return isShared ? null : (theirs.find(([, url]) => isDialled(url)) ?? null)
}

/** Somebody else's word for it: no other protocols, nobody behind another hub, and in the clear to this machine alone. */
function isDialled(text: string): boolean {
  const parsed = parsePeerAddress(text)
  if (!parsed.ok || parsed.value.expect !== null) return false
  const { protocol, hostname } = new URL(parsed.value.url)
  return protocol === 'wss:' || (protocol === 'ws:' && loopback.has(hostname))
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

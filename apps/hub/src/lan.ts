/**
 * The hub in its own network: found by members who have it in their list, when its address does not lead to it (spec U).
 *
 *     setting lan ─▶ mDNS: a port, and a tag that tells nothing to who does not know the hub
 *
 * @module
 */
import { openLanPeer } from '@effigy/peer/node'
import type { Clock, Log } from '@effigy/sync'
import type { HubConfig } from './config/options.ts'
import type { Hub } from './hub.ts'

/** Until disposed; null where the setting is off. It looks for nobody. Throws `lan-unavailable`. */
export async function announceHub(
  { identity, port }: Pick<Hub, 'identity' | 'port'>,
  { lan }: Pick<HubConfig, 'lan'>,
  deps: { readonly clock: Clock; readonly log: Log },
): Promise<AsyncDisposable | null> {
  return lan ? openLanPeer({ ...deps, identity, port, peer: null }) : null
}

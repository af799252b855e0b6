/**
 * Saving what a person says about themselves: the newest `identification` counts whole (spec P13).
 *
 *     the one before + what is new ─▶ identification ─▶ own feed
 *
 * @module
 */
import { encodeBase64url, type Identification, type Identity } from '@effigy/core'
import type { Published } from '@effigy/peer'
import type { NodePeer } from '@effigy/peer/node'
import type { QueryStore } from '@effigy/store'

/** The profile of `identity` as it is known here, or null. */
export function profileOf(query: QueryStore, identity: Identity): Identification | null {
  const state = query.profile(identity)?.state
  return state?.type === 'shown' && state.payload.type === 'identification' ? state.payload : null
}

/** Fields left out stay as they were. */
export async function saveProfile(
  peer: NodePeer,
  now: number,
  changes: Partial<Pick<Identification, 'name' | 'about' | 'avatar' | 'hubs' | 'aliases'>>,
): Promise<Published> {
  const before = profileOf(peer.query, peer.identity)
  const aliases = changes.aliases ?? before?.aliases ?? []
  return await peer.publish({
    type: 'identification',
    at: now,
    name: changes.name ?? before?.name ?? '',
    about: changes.about ?? before?.about ?? '',
    avatar: changes.avatar === undefined ? (before?.avatar ?? null) : changes.avatar,
    hubs: changes.hubs ?? before?.hubs ?? [],
    box: encodeBase64url(peer.boxKey),
    ...(aliases.length === 0 ? {} : { aliases }),
  })
}

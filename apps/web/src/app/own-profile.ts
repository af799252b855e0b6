/**
 * What this account says of itself, and saving it: the newest `identification` counts whole (spec P13).
 *
 * @module
 */
import { encodeBase64url, type Hub, type Identification, type Identity } from '@effigy/core'
import type { PagePeer, RemotePeer } from '@effigy/peer/page'
import type { Item } from '@effigy/store'
import { createContext, useContext } from 'react'

export type ProfileChanges = Partial<Pick<Identification, 'name' | 'about' | 'avatar' | 'hubs' | 'aliases'>>

/** Null: nothing is here, or nothing that can be shown. */
export function profileOf(item: Item | null): Identification | null {
  return item?.state.type === 'shown' && item.state.payload.type === 'identification'
    ? item.state.payload
    : null
}

/**
 * Fields left out stay as they were. `change`: those that are made of what stands there now, which another tab or device may have
 * changed since it was shown. Rejects as `publish` does.
 */
export async function saveProfile(
  page: PagePeer,
  peer: RemotePeer,
  change: ProfileChanges | ((before: ProfileChanges) => ProfileChanges),
): Promise<void> {
  const before = profileOf(await peer.query.profile(peer.identity))
  const changes = typeof change === 'function' ? change(before ?? {}) : change
  const aliases = changes.aliases ?? before?.aliases ?? []
  await peer.publish({
    type: 'identification',
    at: Date.now(),
    name: changes.name ?? before?.name ?? '',
    about: changes.about ?? before?.about ?? '',
    avatar: changes.avatar === undefined ? (before?.avatar ?? null) : changes.avatar,
    hubs: changes.hubs ?? before?.hubs ?? [],
    box: encodeBase64url(await page.device.boxKey()),
    ...(aliases.length === 0 ? {} : { aliases }),
  })
}

/** The hub last, as of what was added last. */
export const withHub =
  (hub: Hub) =>
  ({ hubs = [] }: ProfileChanges): ProfileChanges => ({
    hubs: [...hubs.filter(([one]) => one !== hub[0]), hub],
  })

export const withoutHub =
  (identity: Identity) =>
  ({ hubs = [] }: ProfileChanges): ProfileChanges => ({ hubs: hubs.filter(([one]) => one !== identity) })

export const ProfileContext = createContext<Identification | null>(null)

export function useOwnProfile(): Identification {
  const profile = useContext(ProfileContext)
  if (profile === null) throw new Error('This stands outside of <Own>.')
  return profile
}

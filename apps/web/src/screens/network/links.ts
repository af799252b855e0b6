/**
 * Sessions as a person sees them: who, and how it goes.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { PeerStatus } from '@effigy/peer'

/** `near`: from device to device. `relayed`: through somebody who reads nothing of it. `hub`: with a hub itself. */
export type Way = 'near' | 'relayed' | 'hub'

export interface Link {
  readonly identity: Identity
  readonly kind: 'hub' | 'person'
  readonly way: Way
  /** Wall clock, ms. */
  readonly since: number
  /** Why it is not better, as `direct` gives it; null: nothing to say. */
  readonly why: string | null
  readonly upToDate: boolean
}

/** Hubs first, then people, each by who came first. */
export function linksOf({ sessions }: Pick<PeerStatus, 'sessions'>): readonly Link[] {
  const links = sessions.map(({ identity, kind, via, upToDate }): Link => {
    const { since, why } = via
    const isHub = kind === 'hub'
    const way = isHub ? 'hub' : via.type === 'turn' || via.type === 'relay' ? 'relayed' : 'near'
    return { identity, kind: isHub ? 'hub' : 'person', way, since, why, upToDate }
  })
  return links.sort((a, b) => rank(a) - rank(b) || a.since - b.since || (a.identity < b.identity ? -1 : 1))
}

const rank = ({ kind }: Link): number => (kind === 'hub' ? 0 : 1)

export interface SyncState {
  /** `alone`: nobody is connected. `busy`: something comes, goes or is checked. `safe`: all is done. */
  readonly type: 'alone' | 'busy' | 'safe'
  /** Entries and parts of files that are still to come. */
  readonly coming: number
  readonly comingBytes: number
  /** Hubs that do not have all of one's own yet. */
  readonly lacking: number
  /** Hubs that keep nothing of one's own: nobody waits for them. */
  readonly refusing: number
  /** Nothing may be written yet. */
  readonly isHeld: boolean
}

/** Whether the lid may be closed: everything here, everything of one's own at every hub that is connected, and keeps it. */
export function syncOf(
  { sessions, behind, blobs, mayWrite }: PeerStatus,
  keepsNothing: ReadonlySet<Identity> = new Set(),
): SyncState {
  const all = sessions.filter(({ kind }) => kind === 'hub')
  const hubs = all.filter(({ identity }) => !keepsNothing.has(identity))
  const refusing = all.length - hubs.length
  const lacking = hubs.filter(({ hasMine }) => !hasMine).length
  const isBusy =
    behind.entries > 0 || blobs.wanted > 0 || lacking > 0 || sessions.some(({ upToDate }) => !upToDate)
  const facts = {
    coming: behind.entries,
    comingBytes: blobs.wantedBytes,
    lacking,
    refusing,
    isHeld: !mayWrite,
  }
  if (sessions.length === 0) return { type: 'alone', ...facts }
  return { type: isBusy ? 'busy' : 'safe', ...facts }
}

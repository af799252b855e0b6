/**
 * What may be shared with whom (DESIGN 3.3, spec R8): a pure policy over facts.
 *
 *     trust of the other side, whose feed ─▶ served, or answered as if it were absent
 *
 * @module
 */
import type { Cid, Identity } from '@effigy/core'

/** `contact`: I follow them; `friend`: they follow me too; `own`: a device of the same synod. */
export type Trust = 'stranger' | 'contact' | 'friend' | 'own'

/** What the policy asks about feeds and blobs; answered from the store, now. */
export interface SharingFacts {
  /** How we stand to the other side. */
  readonly trust: () => Trust
  /** Whether we block that identity. */
  readonly isBlocked: (identity: Identity) => boolean
  /** Whether strangers may have that feed; every feed is public unless somebody said otherwise. */
  readonly isPublic: (identity: Identity) => boolean
  /** Whether an entry of a feed that strangers may have needs this blob. */
  readonly isPublicBlob: (root: Cid) => boolean
  /** Everybody whom we block, for lists that are gone through at once; `isBlocked` says the same. Nobody when omitted. */
  readonly blocked?: () => ReadonlySet<Identity>
  /** Whether our own line or battery is spared now; never when omitted. */
  readonly isSaving?: () => boolean
  /** Whether an entry of our own feed needs this blob; none when omitted. */
  readonly isOwnBlob?: (root: Cid) => boolean
  /** Whether we keep feeds for them by agreement, as a hub does for its members. */
  readonly isMember: () => boolean
}

export interface Sharing {
  feed(identity: Identity): boolean
  blob(root: Cid): boolean
  /** Whether our wants may be named to them, or only as MACs (R7). */
  readonly trustsWants: boolean
  /** Whether they may come up to date the cheap ways (C1): others learn nothing of our log and sets. */
  readonly reconciles: boolean
  /** Whose feeds are not shared, whoever asks. */
  readonly withheld: ReadonlySet<Identity>
  /** Another text whenever more may be shared than before (C3). */
  readonly scope: string
  /** Identities that they may watch over one session (R1). */
  readonly maxWatched: number
}

/** For whoever comes: 100 KB of memory, and most people watch fewer. */
const maxWatchedByAnybody = 1_000

/** For those we stand by: 10 MB of memory. */
const maxWatchedByTrusted = 100_000

const nobody: ReadonlySet<Identity> = new Set()

/** What one other side may have. Asked for each request, so that a block works at once. */
export function createSharing(remote: Identity, facts: SharingFacts): Sharing {
  function mayHaveBlob(root: Cid): boolean {
    if (facts.isBlocked(remote)) return false
    const trust = facts.trust()
    // R12: what others can have elsewhere they do not have of us then.
    if (facts.isSaving?.() === true && trust !== 'own' && facts.isOwnBlob?.(root) !== true) return false
    return trust === 'own' || trust === 'friend' || facts.isPublicBlob(root)
  }

  return {
    feed(identity) {
      if (facts.isBlocked(remote) || facts.isBlocked(identity)) return false
      const trust = facts.trust()
      // What is private goes by keys: a friend without the key can do nothing with a sealed feed.
      return trust === 'own' || trust === 'friend' || facts.isPublic(identity)
    },
    blob: mayHaveBlob,
    get reconciles() {
      const trust = facts.trust()
      return !facts.isBlocked(remote) && (trust === 'own' || trust === 'friend' || facts.isMember())
    },
    get withheld() {
      return facts.blocked?.() ?? nobody
    },
    get scope() {
      const names = [...(facts.blocked?.() ?? nobody)].sort()
      return [facts.trust(), ...names].join('\n')
    },
    get trustsWants() {
      const trust = facts.trust()
      return trust === 'own' || trust === 'friend'
    },
    get maxWatched() {
      const trust = facts.trust()
      const isTrusted = trust === 'own' || trust === 'friend' || facts.isMember()
      return isTrusted ? maxWatchedByTrusted : maxWatchedByAnybody
    },
  }
}

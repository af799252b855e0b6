/**
 * What may be shared with whom (spec R8): a pure policy over facts.
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
  trust(): Trust
  /** Whether we block that identity. */
  isBlocked(identity: Identity): boolean
  /** Whether strangers may have that feed; every feed is public unless somebody said otherwise. */
  isPublic(identity: Identity): boolean
  /** Whether an entry of a feed that strangers may have needs this blob. */
  isPublicBlob(root: Cid): boolean
  /** Everybody whom we block, for lists that are gone through at once; `isBlocked` says the same. Nobody when omitted. */
  blocked?(): ReadonlySet<Identity>
  /** Whether our own line or battery is spared now; never when omitted. */
  isSaving?(): boolean
  /** Whether an entry of our own feed needs this blob; none when omitted. */
  isOwnBlob?(root: Cid): boolean
  /** Whether we keep feeds for them by agreement, as a hub does for its members. */
  isMember(): boolean
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
  return new FactualSharing(remote, facts)
}

/** A class, because each session has one: an object with getters of its own is slow, and ten times as large. */
class FactualSharing implements Sharing {
  readonly #remote: Identity
  readonly #facts: SharingFacts

  constructor(remote: Identity, facts: SharingFacts) {
    this.#remote = remote
    this.#facts = facts
  }

  feed(identity: Identity): boolean {
    const facts = this.#facts
    if (facts.isBlocked(this.#remote) || facts.isBlocked(identity)) return false
    // What is private goes by keys: a friend without the key can do nothing with a sealed feed.
    return isTrusted(facts.trust()) || facts.isPublic(identity)
  }

  blob(root: Cid): boolean {
    const facts = this.#facts
    if (facts.isBlocked(this.#remote)) return false
    const trust = facts.trust()
    // R12: what others can have elsewhere they do not have of us then.
    if (facts.isSaving?.() === true && trust !== 'own' && facts.isOwnBlob?.(root) !== true) return false
    return isTrusted(trust) || facts.isPublicBlob(root)
  }

  get reconciles(): boolean {
    const facts = this.#facts
    return !facts.isBlocked(this.#remote) && (isTrusted(facts.trust()) || facts.isMember())
  }

  get withheld(): ReadonlySet<Identity> {
    return this.#facts.blocked?.() ?? nobody
  }

  get scope(): string {
    return [this.#facts.trust(), ...[...this.withheld].sort()].join('\n')
  }

  get trustsWants(): boolean {
    return isTrusted(this.#facts.trust())
  }

  get maxWatched(): number {
    const isKnown = this.trustsWants || this.#facts.isMember()
    return isKnown ? maxWatchedByTrusted : maxWatchedByAnybody
  }
}

const isTrusted = (trust: Trust): boolean => trust === 'own' || trust === 'friend'

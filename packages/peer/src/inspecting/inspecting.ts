/**
 * `peer.inspecting`: what is underneath, for developers and bug reports (spec O20-O22). Nothing of it changes anything.
 *
 *     feeds ─▶ chain, forks ─▶ entry: bytes, checked anew        wire ─▶ frames of now
 *
 * @module
 */
import type { Cid, Identity, RawCid } from '@effigy/core'
import type { WireBatch } from './wire.ts'

export interface PeerInspecting {
  /** Feeds of which anything is known here: one's own first, then those that are watched, by identity; 500 at most. */
  feeds(): readonly InspectedFeed[]
  /** Null: nothing of it is known. */
  feed(identity: Identity): InspectedFeed | null
  /** Entries that are here, the newest first, those below `below` where it is given; `limit`: 1 to 200, 50 when omitted. */
  chain(identity: Identity, page?: { readonly below?: number; readonly limit?: number }): InspectedChain
  /** Null: it is not here. */
  entry(cid: RawCid): InspectedEntry | null
  /** Checks its bytes anew: slow, and never from memory. Null: it is not here. */
  check(cid: RawCid): Promise<EntryCheck | null>
  /** Frames from now on, for whoever looks; ends with the signal. */
  wire(signal: AbortSignal): AsyncIterable<WireBatch>
}

export interface InspectedFeed {
  readonly identity: Identity
  readonly isSelf: boolean
  readonly isWatched: boolean
  /** Of the highest head that is known; null: none is. */
  readonly head: {
    readonly epoch: number
    readonly length: number
    readonly comparable: number
    readonly cid: RawCid
  } | null
  readonly held: number
  readonly heldBytes: number
  /** Stretches that are here, first and last included. */
  readonly runs: readonly { readonly first: number; readonly last: number }[]
  /** The length up to which nothing is disputed; null: nothing is. */
  readonly disputedAbove: number | null
  /** Heads that contradict each other, the newest epoch first. */
  readonly forks: readonly { readonly epoch: number; readonly length: number; readonly cid: RawCid }[]
  /** Where it breaks a rule; null: nowhere. */
  readonly broken: { readonly length: number; readonly cid: RawCid; readonly code: string } | null
}

export interface InspectedChain {
  readonly entries: readonly InspectedLine[]
  /** For the next page; null at the end of what is here. */
  readonly below: number | null
}

export interface InspectedLine {
  readonly cid: RawCid
  readonly length: number
  readonly comparable: number
  /** Of its payload; `age`, `box`: encrypted; null: it is not here, or cannot be read. */
  readonly type: string | null
  readonly bytes: number
  readonly isVerified: boolean
  readonly isSealed: boolean
}

export interface InspectedEntry extends InspectedLine {
  readonly identity: Identity
  readonly parent: RawCid | null
  readonly synod: readonly [Identity, RawCid] | null
  readonly links: readonly (readonly [Cid, number])[]
  /** The exact bytes: what is kept, hashed and handed on. */
  readonly raw: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
  /** Of the payload, wherever it stands. */
  readonly content: RawCid
  /** A payload in a block of its own, when it is here; null: it stands in the entry, or is not here. */
  readonly body: Uint8Array | null
  /** When it came, wall clock, ms. */
  readonly seen: number
}

export interface EntryCheck {
  /** The bytes have the name by which they are known. */
  readonly isNamed: boolean
  /** The signature is the author's. */
  readonly isSigned: boolean
  /** It names the entry below it; null: that is not here, or there is none. */
  readonly isChained: boolean | null
}

/**
 * The log of head changes of a store, and the sets that were agreed on with others (spec C).
 *
 * @module
 */
import type { Identity } from '@effigy/core'

/** How far a log of head changes is known (C3). */
export interface LogPosition {
  /** 8 random bytes: the era of the log in which the count was given. */
  readonly log: Uint8Array
  readonly count: number
}

/** All watched feeds, ascending by key; views that are good until the next change, and not to be written to. */
export interface WatchedHeads {
  /** Of those with a head, 32 bytes each … */
  readonly keys: Uint8Array
  /** … and their digests, 16 bytes each (C4). */
  readonly digests: Uint8Array
  /** Keys of those without one. */
  readonly headless: Uint8Array
}

/** A watch set that was agreed on with somebody. */
export interface MetSet {
  /** Ours, stored at the other side; else theirs, stored here. */
  readonly mine: boolean
  /** C2, 16 bytes. */
  readonly hash: Uint8Array
  /** Sorted, 32 bytes each. */
  readonly keys: Uint8Array
  /** Up to where their log is known for this set; null: not at all. */
  readonly theirs: LogPosition | null
  /** The count of our own log when the set was agreed on. */
  readonly own: number
}

export interface MetSets {
  metSet(remote: Identity, mine: boolean, hash: Uint8Array): MetSet | null
  /** The one that was used last. */
  lastSet(remote: Identity, mine: boolean): MetSet | null
  saveSet(remote: Identity, set: MetSet): void
  forgetSets(remote: Identity): void
}

export interface HeadLog extends MetSets {
  /** How far the log is now. */
  position(): LogPosition
  /** Whether this log knows that position: false for an unknown era, and for a count that it never reached in it. */
  continues(position: LogPosition): boolean
  /** Whose head changed after that count, oldest change first; null when there are more than `limit`. */
  changesSince(count: number, limit: number): readonly Identity[] | null
  /** Which feeds are watched, or no longer, since that count. */
  flipsSince(count: number): readonly { readonly identity: Identity; readonly watched: boolean }[]
  /** Whether that one was watched, or let go of, since that count. */
  hasFlipped(identity: Identity, count: number): boolean
  /** Where its head and its being watched changed last (0: never), and whether it is; null when it was never seen. */
  known(
    identity: Identity,
  ): { readonly changed: number; readonly flipped: number; readonly watched: boolean } | null
  /** C4, 16 bytes; null without a head. */
  digestOf(identity: Identity): Uint8Array | null
  watchedHeads(): WatchedHeads
  /** Watched feeds that may lack entries below their head. */
  incomplete(): readonly Identity[]
}

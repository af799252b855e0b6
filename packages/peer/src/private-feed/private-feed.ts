/**
 * `peer.privateFeed`: one's own feed for some people instead of everybody (spec X20 to X26).
 *
 *     makePrivate ─▶ new key ─▶ feed written anew, sealed ─▶ letter for the readers
 *     share ───────▶ letter for more      withdraw ─▶ new key, written anew, letter for those left
 *
 * @module
 */
import type { Account, HeadRecord, Identity } from '@effigy/core'

export interface PrivateFeedStatus {
  /** Sealed now: all of it, or what will be written when there is nothing yet. */
  readonly isPrivate: boolean
  /** Something that was asked for is still to be done: at the next start, or as soon as this device may write. */
  readonly isPending: boolean
  /** Who has the key, beside own devices. Those who had it once and were taken off keep what they could read then. */
  readonly readers: readonly FeedReader[]
}

export interface FeedReader {
  readonly account: Account
  /** Nothing of them is known here that the key could be sealed to: they get it when they are met. */
  readonly isReached: boolean
}

export interface MakePrivateOptions {
  /** Who reads it; own devices do without being named. */
  readonly to: readonly (Identity | Account)[]
  /** Take out what cannot stand in a private feed: files in the clear, texts above some 10 KB; false unless said otherwise. */
  readonly leaveOut?: boolean
}

export interface PeerPrivateFeed {
  status(): PrivateFeedStatus
  /**
   * Seals the whole feed from the next epoch on. What others have of it as it was, they keep. Resolves with the new head,
   * null when nothing is published yet. Throws `EffigyError` 'feed-private' when it is, 'not-sealable' when something cannot stand there, and as
   * `remove` does.
   */
  makePrivate(options: MakePrivateOptions): Promise<HeadRecord | null>
  /** Writes it anew for everybody: all of it, or nothing of what was private. Throws 'feed-public'. */
  makePublic(options: { readonly keep: 'all' | 'none' }): Promise<HeadRecord | null>
  /** Gives the key to more people. Throws 'feed-public', 'too-many-readers'. */
  share(to: readonly (Identity | Account)[]): Promise<void>
  /**
   * Takes people off the list: the feed is written anew under another key, which those left get. Who was taken off keeps
   * what they had, and gets nothing newer. Throws 'feed-public'.
   */
  withdraw(from: readonly (Identity | Account)[]): Promise<HeadRecord | null>
  /**
   * Resolves when whoever is connected has the letter for the readers, and was asked for the keys of feeds that are shut
   * here: true when one of these is open now, and is to be fetched. Rejects with the signal's reason.
   */
  settled(signal: AbortSignal): Promise<boolean>
}

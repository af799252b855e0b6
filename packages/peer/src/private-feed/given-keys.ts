/**
 * Which keys that others give are kept (spec X26): a stolen device may give as many as it likes, and none takes the place
 * of one that opens something.
 *
 *     key of its author, or the one that is sought ─▶ kept          any other ─▶ kept while there is room for the author's
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { type Crypto, feedKeyId } from '@effigy/crypto'
import { type FeedKey, type FeedKeys, maxFeedKeys } from '@effigy/store'

/** Of one feed, as long as nothing tells whether they open anything; the rest of the room is for those of its author. */
export const maxUnsought: number = maxFeedKeys / 2

/** `giver` may give keys of that feed. False: it was here, or is not kept. */
export function keepGiven(
  keys: Pick<FeedKeys, 'keep' | 'of' | 'closed'>,
  giver: Identity,
  key: FeedKey,
  crypto: Pick<Crypto, 'sha256'>,
): boolean {
  const isSought = keys.closed(key.feed)?.keyId === feedKeyId(key.key, crypto)
  const mayStay = giver === key.feed || isSought || keys.of(key.feed).length < maxUnsought
  return mayStay && keys.keep(key)
}

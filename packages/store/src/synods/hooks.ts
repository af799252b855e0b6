/**
 * What the feeds tell the accounts (spec S30, S33). Inside a transaction.
 *
 * @module
 */
import type { SignedEntry } from '@effigy/core'
import type { Feed } from '../feeds/feed-table.ts'

export interface SynodHooks {
  /**
   * A verified entry is here; those without a state are passed over. `epoch`: of the head under which it is held, 1 when
   * it came alone. `isOwn`: we wrote it, so the signatures inside need no check.
   */
  stateArrived(signed: SignedEntry, epoch: number, isOwn: boolean): void
  /** The row of a feed that was never seen before. */
  feedMade(feed: Feed): void
}

/**
 * What of a change of the store concerns the quotas.
 *
 *     entries, files that became whole ─▶ the feeds that hold them      accounts ─▶ who belongs together
 *
 * @module
 */
import { parseIdentity } from '@effigy/core'
import type { Store, StoreChange } from '@effigy/store'
import type { Tracking } from '../tracking.ts'

const feedPrefix = 'feed:'

export function tellTracking(
  tracking: Pick<Tracking, 'grew' | 'regroup'>,
  store: Pick<Store, 'holders'>,
  { feeds, blobs, synods }: StoreChange,
): void {
  tracking.grew(feeds)
  for (const root of blobs) {
    const holders = store.holders(root).map((holder) => holder.slice(feedPrefix.length))
    tracking.grew(holders.map(parseIdentity).filter((identity) => identity !== null))
  }
  if ((synods?.size ?? 0) > 0) tracking.regroup()
}

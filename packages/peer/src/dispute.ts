/**
 * "Was this you?": what others know of this device that disagrees (spec F9).
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Dispute } from './peer.ts'

/** What of a feed is disputed; null when nothing is. */
export function disputeOf(
  store: Pick<Store, 'feed' | 'entry' | 'forkBranches'>,
  identity: Identity,
): Dispute | null {
  const { record = null, disputedAbove: above = null } = store.feed(identity) ?? {}
  if (record === null || above === null) return null
  const known = store.forkBranches(identity) ?? []
  const isWhole = known.length > 0 && known.every((branch) => branch.isWhole)
  if (!isWhole || store.entry(record.head.head) === null) return { identity, above, branches: null }
  const branches = known.map(({ record: { head }, entries }) => ({
    head: head.head,
    entries: entries.length,
    from: entries[0]?.signed.entry.comparable ?? head.comparable,
    to: head.comparable,
  }))
  return { identity, above, branches }
}

/**
 * The branches of a disputed feed as an archive has them (spec F9, Z7).
 *
 *     common prefix (shown) ─┬─ branch ◀─ head
 *                            └─ branch ◀─ head
 *
 * @module
 */
import type { HeadRecord } from '@effigy/core'
import type { FeedState, Store, StoredEntry } from '@effigy/store'

/** Of these records those that end a branch; none where there is no dispute. */
export function branchHeads(
  { disputedAbove }: Pick<FeedState, 'disputedAbove'>,
  records: readonly HeadRecord[],
): readonly HeadRecord[] {
  return disputedAbove === null ? [] : records.filter(({ head }) => head.length > disputedAbove)
}

/** Newest first: what is here of it beside the shown chain. */
export function* branchOf(
  store: Pick<Store, 'entry' | 'entryAt'>,
  { head }: HeadRecord,
): Generator<StoredEntry> {
  let entry = store.entry(head.head)
  while (entry !== null) {
    const { identity, length, parent } = entry.signed.entry
    if (identity !== head.identity) return
    if (store.entryAt(identity, length)?.signed.cid === entry.signed.cid) return
    yield entry
    entry = parent === null ? null : store.entry(parent)
  }
}

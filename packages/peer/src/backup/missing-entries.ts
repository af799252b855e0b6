/**
 * How many entries of a feed are known, and not here: what neither a backup nor an archive can hold (spec Z10).
 *
 *     highest head, end, branches ─lengths▶ known ─held▶ missing
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { FeedState, Store } from '@effigy/store'
import { branchOf } from './branch.ts'

type Asked = Pick<Store, 'feed' | 'entry' | 'entryAt' | 'forkEvidence'>

/** By what its heads claim. */
export function missingEntries(store: Asked, identity: Identity): number {
  const state = store.feed(identity)
  if (state === null) return 0
  const { record, limit, heldCount, broken, disputedAbove } = state
  // Nothing else of it counts (S33).
  if (limit?.type === 'ends') return Math.max(0, (limit.final?.[1] ?? 0) - heldCount)
  if (record === null) return 0
  if (disputedAbove !== null) return Math.max(0, disputedAbove - heldCount) + ofBranches(store, state)
  // What lies above a break is none of it (F7).
  if (broken !== null) return Math.max(0, broken.length - 1 - heldCount)
  const { length, head } = record.head
  const isHere = store.entryAt(identity, length)?.signed.cid === head
  return Math.max(isHere ? 0 : 1, length - heldCount)
}

function ofBranches(store: Asked, { identity, record, disputedAbove }: FeedState): number {
  const common = disputedAbove ?? 0
  let missing = 0
  for (const branch of store.forkEvidence(identity)) {
    const { epoch, length } = branch.head
    if (epoch !== record?.head.epoch || length <= common) continue
    missing += Math.max(0, length - common - Array.from(branchOf(store, branch)).length)
  }
  return missing
}

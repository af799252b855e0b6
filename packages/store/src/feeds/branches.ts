/**
 * The branches of a disputed feed, for its owner to heal (spec F12).
 *
 *     common prefix (shown) ─┬─ branch, oldest first ─ head
 *                            └─ branch, oldest first ─ head
 *
 * @module
 */
import { rawCidOfDigest } from '@effigy/core'
import type { ForkBranch, StoredEntry } from '../store.ts'
import type { FeedContext } from './context.ts'
import { signedEntry } from './entry-table.ts'
import { evidence, type Feed } from './feed-table.ts'
import { type LineageRow, lineageOf } from './lineage.ts'

/**
 * The sides of the dispute of a feed, as far as they are here; null when there is none, or when signatures of them wait to
 * be checked.
 */
export function branchesOf(
  context: FeedContext,
  feed: Feed,
  hasDoubts: boolean,
): readonly ForkBranch[] | null {
  const common = feed.disputedAbove
  const known = context.feeds.evidence(feed, feed.chainEpoch)
  const forks = known.filter(({ dispute }) => dispute === evidence.fork)
  if (common === null || forks.length < 2) return null
  const isPrefixHere = (context.runs.top(feed.id)?.last ?? 0) === common
  const branches: ForkBranch[] = []
  for (const { record } of forks) {
    const { rows, landings, end } = lineageOf(context, feed, record.head)
    const entries: StoredEntry[] = []
    for (const row of rows.toReversed()) {
      const stored = storedOf(context, row)
      if (stored?.verified !== true) return null
      entries.push(stored)
    }
    const [landing] = landings
    const joins = landing === undefined ? common === 0 && end.type === 'beginning' : landing.at === common
    const isWhole = isPrefixHere && joins && entries.length === record.head.length - common
    branches.push({ record, entries, isWhole })
  }
  if (!hasDoubts) return branches
  for (const { record, digest, dispute } of known)
    if (dispute === evidence.anchor && context.entries.byDigest(digest) === null)
      branches.push({ record, entries: [], isWhole: false })
  return branches
}

function storedOf({ entries, unverified }: FeedContext, { id }: LineageRow): StoredEntry | null {
  const row = entries.byId(id)
  if (row === null) return null
  return {
    signed: signedEntry(row),
    verified: !unverified.has(id),
    seen: row.seen,
    content: rawCidOfDigest(row.content),
    body: entries.body(id),
  }
}

/**
 * The branches of a disputed feed, for its owner to heal (spec F12).
 *
 *     common prefix (shown) ─┬─ branch, oldest first ─ head
 *                            └─ branch, oldest first ─ head
 *
 * @module
 */
import { type Head, rawCidOfDigest } from '@effigy/core'
import type { ForkBranch, StoredEntry } from '../store.ts'
import type { FeedContext } from './context.ts'
import { signedEntry } from './entry-table.ts'
import { evidence, type Feed } from './feed-table.ts'
import { type LineageRow, lineageOf } from './lineage.ts'

/**
 * All sides of the dispute of a feed; null when there is none, or when not all of them, and the prefix
 * that they share, are here with their signatures verified.
 */
export function branchesOf(context: FeedContext, feed: Feed): readonly ForkBranch[] | null {
  const common = feed.disputedAbove
  if (common === null) return null
  const records = context.feeds
    .evidence(feed, feed.chainEpoch)
    .filter(({ dispute }) => dispute === evidence.fork)
    .map(({ record }) => record)
  if ((context.runs.top(feed.id)?.last ?? 0) !== common || records.length < 2) return null
  const branches: ForkBranch[] = []
  for (const record of records) {
    const entries = entriesAbove(context, feed, record.head, common)
    if (entries === null) return null
    branches.push({ record, entries })
  }
  return branches
}

function entriesAbove(
  context: FeedContext,
  feed: Feed,
  head: Head,
  common: number,
): readonly StoredEntry[] | null {
  const { rows, landings, end } = lineageOf(context, feed, head)
  const [landing] = landings
  const above = rows.filter(({ length }) => length > common)
  const joins = landing === undefined ? common === 0 && end.type === 'beginning' : landing.at === common
  if (!joins || above.length !== head.length - common) return null
  const entries: StoredEntry[] = []
  for (const row of above.reverse()) {
    const stored = storedOf(context, row)
    if (stored?.verified !== true) return null
    entries.push(stored)
  }
  return entries
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

/**
 * A feed's limit put into effect, and lifted (spec S33 to S36). Inside a transaction.
 *
 *     ─ 1 ─ 2 ─ 3 ─ 4 ─ 5           the end is 3 of another epoch, or of another branch:
 *           └─ 3′ = end             4 and 5 leave the chain, 3′ comes back from what was hidden, if its bytes are here
 *
 * @module
 */
import { compareHeads, type HeadRecord } from '@effigy/core'
import type { FeedContext } from '../feeds/context.ts'
import { evidence, type Feed } from '../feeds/feed-table.ts'
import { reshape } from '../feeds/forks.ts'
import { takeHead } from '../feeds/heads.ts'
import { noteBranches, showChain } from '../feeds/only-chain.ts'
import { forgetKeptOut, keepOut, keptOut, keptOutHead } from './kept-out.ts'
import { type FeedLimit, isSameLimit, isUnsigned, unsignedHead } from './limit.ts'

export function applyLimit(context: FeedContext, feed: Feed, limit: FeedLimit | null): void {
  const before = feed.limit
  if (isSameLimit(before, limit)) return
  if (before?.type !== 'ends') keepOut(context, feed, keptOut.held, feed.record)
  feed.limit = limit
  if (limit?.type === 'ends') endAt(context, feed, limit)
  else {
    if (before?.type === 'ends') restore(context, feed)
    if (limit?.type === 'one-epoch') keepFirstEpoch(context, feed)
    if (limit?.type !== 'frozen') goOn(context, feed)
  }
  context.feeds.save(feed)
  const shown = shownHead(feed)
  if (shown === null) context.log.headless(feed.id, feed.identity)
  else context.log.changed(feed.id, shown)
  context.changes.touchFeed(feed.identity)
  context.changes.touchViews()
}

/** The highest head as others may know it: signed. */
export function shownHead({ record }: Feed): HeadRecord | null {
  return record === null || isUnsigned(record) ? null : record
}

function endAt(context: FeedContext, feed: Feed, { final }: FeedLimit & { readonly type: 'ends' }): void {
  if (final === null) {
    feed.record = null
    showChain(context, feed, null)
    return
  }
  const end = unsignedHead(feed.identity, final)
  feed.record = signedHead(context, feed, end) ?? end
  showChain(context, feed, feed.record.head)
}

/** The record over the end, if it was told before. */
function signedHead(context: FeedContext, feed: Feed, { head }: HeadRecord): HeadRecord | null {
  const known = context.feeds.evidence(feed, head.epoch).map(({ record }) => record)
  const others = [keptOut.held, keptOut.beyond].map((kind) => keptOutHead(context, feed, kind))
  for (const record of [feed.record, ...others, ...known]) {
    if (record?.head.head === head.head && record.head.epoch === head.epoch && !isUnsigned(record))
      return record
  }
  return null
}

/** The feed as it was when the end was set. */
function restore(context: FeedContext, feed: Feed): void {
  feed.record = highest([shownHead(feed), keptOutHead(context, feed, keptOut.held)])
  showChain(context, feed, feed.record?.head ?? null)
  reshape(context, feed)
}

/** What was told since, by the feed's own rules. */
function goOn(context: FeedContext, feed: Feed): void {
  const beyond = keptOutHead(context, feed, keptOut.beyond)
  const isOpen = feed.limit === null || beyond?.head.epoch === 1
  if (beyond !== null && isOpen) takeHead(context, feed, beyond)
  if (isOpen) forgetKeptOut(context, feed)
}

/** A synod's feed never rebases: what came under another epoch was never its. */
function keepFirstEpoch(context: FeedContext, feed: Feed): void {
  if ((feed.record?.head.epoch ?? 1) === 1 && feed.chainEpoch <= 1) return
  const known = context.feeds
    .evidence(feed, 1)
    .filter(({ dispute }) => dispute !== evidence.equal)
    .map(({ record }) => record)
  feed.record = highest(known)
  showChain(context, feed, feed.record?.head ?? null)
  reshape(context, feed)
  noteBranches(context, feed)
}

function highest(records: readonly (HeadRecord | null)[]): HeadRecord | null {
  let best: HeadRecord | null = null
  for (const record of records) {
    if (record !== null && (best === null || compareHeads(record.head, best.head) > 0)) best = record
  }
  return best
}

/**
 * What to ask for next (spec R3, F11, S8), and the other side of the question.
 *
 *     runs   [1 … 40]   gap   [91 … 120] = head     need: from the parent of 91, we have 40, 39, 38, 36, …
 *
 * @module
 */
import { cidDigest, equalBytes, type Head, type HeadRecord, type RawCid, rawCidOfDigest } from '@effigy/core'
import { place } from '../schema.ts'
import type { FeedNeed, Locator, WatchPolicy } from '../store.ts'
import { endOf, isUnsigned } from '../synods/limit.ts'
import type { FeedContext } from './context.ts'
import { evidence, type Feed } from './feed-table.ts'
import { openEnds } from './forks.ts'
import { formerDigest, formerTop, isFormerWhole } from './former.ts'
import type { Run } from './run-table.ts'

/** Bytes of a digest in a locator. */
const prefixBytes = 8

export function needOf(context: FeedContext, feed: Feed): FeedNeed | null {
  const { record } = feed
  if (!feed.watched || record === null || isClosed(context, feed, record)) return null
  return needUpTo(context, feed, record, record.head)
}

/** X22: without the key its head is all that is followed. */
function isClosed({ feedKeys }: FeedContext, feed: Feed, { head }: HeadRecord): boolean {
  return feedKeys.isClosed(feed.identity, head.epoch)
}

/** R14: up to a lower head of this epoch, while the entry of the highest is not here. */
export function needBelow(context: FeedContext, feed: Feed, cid: RawCid): FeedNeed | null {
  const { record } = feed
  if (!feed.watched || record === null || !isHighestAway(context, feed, record)) return null
  if (feed.broken !== null || record.head.epoch !== feed.chainEpoch) return null
  if (isClosed(context, feed, record)) return null
  const lower = anchorsOf(context, feed, record).find(({ head }) => head.head === cid)
  return lower === undefined ? null : needUpTo(context, feed, record, lower.head)
}

/** R14: what is here of this epoch, verified, under its own head, while the entry of the highest is not here. */
export function servedHead(context: FeedContext, feed: Feed): HeadRecord | null {
  const { record } = feed
  if (record === null || !isHighestAway(context, feed, record)) return null
  const isServed = ({ head }: HeadRecord): boolean => {
    const row = context.entries.byDigest(cidDigest(head.head))
    return (
      row !== null && row.feed === feed.id && row.place === place.chain && !context.unverified.has(row.id)
    )
  }
  return anchorsOf(context, feed, record).findLast(isServed) ?? null
}

function isHighestAway({ entries }: FeedContext, feed: Feed, { head }: HeadRecord): boolean {
  if (feed.disputedAbove !== null || endOf(feed.limit) !== null) return false
  return entries.byDigest(cidDigest(head.head)) === null
}

/** The heads of this epoch below the highest, ascending. */
function anchorsOf({ feeds }: FeedContext, feed: Feed, { head }: HeadRecord): readonly HeadRecord[] {
  return feeds
    .evidence(feed, head.epoch)
    .filter(({ record, dispute }) => dispute === evidence.anchor && record.head.length < head.length)
    .map(({ record }) => record)
}

function needUpTo(context: FeedContext, feed: Feed, record: HeadRecord, head: Head): FeedNeed | null {
  const depth = depthOf(context, feed, head.length)
  const since = depth.type === 'since' ? depth.comparable : null
  const ask = (from: RawCid, fromLength: number, limit: number | null): FeedNeed => ({
    identity: feed.identity,
    from,
    fromLength,
    locator: locatorBelow(context, feed, { from, fromLength }, head.epoch === feed.chainEpoch),
    limit,
    since,
    epoch: head.epoch,
    rewinds: head.epoch !== feed.chainEpoch,
    ...(endOf(feed.limit) === null ? {} : { isFinal: true }),
  })
  const wanted = depth.type === 'last' ? depth.count : null
  // Its head is followed, and nothing else of it.
  if (wanted === 0 && feed.disputedAbove === null) return null
  if (head.epoch !== feed.chainEpoch) return ask(head.head, head.length, wanted)

  // The common prefix of a dispute is found whatever the policy says.
  const [open] = openEnds(context, feed)
  if (open !== undefined) return { ...ask(rawCidOfDigest(open.digest), open.length, null), since: null }

  const top = topLength(context, feed, head)
  if (top === null) {
    // All of it is older than what the policy wants.
    const isWanted = since === null || isUnsigned(record) || head.comparable >= since
    return isWanted ? ask(head.head, head.length, wanted) : null
  }
  const run = top === 0 ? null : context.runs.holding(feed.id, top)
  if (run === null || run.below === null) return null
  const left = wanted === null ? null : wanted - (head.length - run.first + 1)
  if (left !== null && left <= 0) return null
  if (since !== null && isReached(context, feed, run, since)) return null
  return ask(rawCidOfDigest(run.below), run.first - 1, left)
}

/** What the policy says, or more while somebody asked for older entries. */
function depthOf({ reaches }: FeedContext, feed: Feed, headLength: number): WatchPolicy['depth'] {
  const { depth } = feed.policy
  const asked = reaches.get(feed.id)
  if (asked === undefined || depth.type === 'all') return depth
  const first = Math.min(...Array.from(asked, (one) => one.first))
  const count = Math.max(1, headLength - first + 1)
  return { type: 'last', count: depth.type === 'last' ? Math.max(count, depth.count) : count }
}

/** The length from which on downwards the feed is to be complete; null while its head entry is not here. */
function topLength(context: FeedContext, feed: Feed, head: Head): number | null {
  if (feed.disputedAbove !== null) return feed.disputedAbove
  if (feed.broken !== null) return feed.broken.length - 1
  // What is shown is in a run: of a feed that is fetched for the first time no entry is looked for.
  if (context.runs.holding(feed.id, head.length) === null) return null
  const held = context.entries.digestAt(feed.id, head.length)
  if (held === null) return null
  if (equalBytes(held, cidDigest(head.head))) return head.length
  // Of two branches with equal contents the chain is the lesser one, the highest record may be the other's.
  const settled = context.feeds
    .evidence(feed, head.epoch)
    .some(({ digest, dispute }) => dispute === evidence.equal && equalBytes(digest, held))
  return settled ? head.length : null
}

function isReached({ entries }: FeedContext, feed: Feed, run: Run, since: number): boolean {
  const row = entries.at(feed.id, run.first)
  return row !== null && row.comparable <= since
}

/**
 * What is held at or below that length: of this epoch only what lies below, else anything of the old chain. Where a
 * rebase was followed in part, it is still the old chain, though hidden: most of what is missing only moved.
 * The list ends with the run: what is not here is not named.
 */
function locatorBelow(
  context: FeedContext,
  feed: Feed,
  { from, fromLength }: Pick<FeedNeed, 'from' | 'fromLength'>,
  isSameEpoch: boolean,
): Locator {
  const { runs, entries } = context
  const limit = isSameEpoch ? fromLength : Number.MAX_SAFE_INTEGER
  const run = runs.all(feed.id).findLast(({ first }) => first <= limit) ?? null
  const shownTop = run === null ? 0 : Math.min(run.last, limit)
  // What is asked for, and hidden here, would be named as held.
  const mayBeOld = isSameEpoch && feed.chainEpoch > 1 && entries.byDigest(cidDigest(from)) === null
  const top = mayBeOld ? formerTop(context, feed, shownTop) : null
  const former = top !== null && isFormerWhole(context, feed, shownTop, top) ? top : null
  const length = former ?? shownTop
  const prefixes: Uint8Array[] = []
  for (const position of locatorPositions(length)) {
    const digest =
      position > shownTop
        ? formerDigest(context, feed, position)
        : run !== null && position >= run.first
          ? entries.at(feed.id, position)?.cid
          : null
    if (digest == null) break
    prefixes.push(digest.subarray(0, prefixBytes))
  }
  const joined = new Uint8Array(prefixes.length * prefixBytes)
  for (const [at, prefix] of prefixes.entries()) joined.set(prefix, at * prefixBytes)
  return { length, prefixes: joined }
}

/** n, n−1, n−2, n−4, n−8, … ≥ 1 */
export function locatorPositions(length: number): readonly number[] {
  const positions: number[] = []
  if (length >= 1) positions.push(length)
  for (let back = 1; length - back >= 1; back *= 2) positions.push(length - back)
  return positions
}

/** R3: the highest of the asker's positions at which our chain has that prefix. */
export function commonLength({ entries }: FeedContext, feed: Feed, { length, prefixes }: Locator): number {
  const count = Math.floor(prefixes.length / prefixBytes)
  for (const [at, position] of locatorPositions(length).slice(0, count).entries()) {
    const row = entries.at(feed.id, position)
    const prefix = prefixes.subarray(at * prefixBytes, (at + 1) * prefixBytes)
    if (row !== null && equalBytes(row.cid.subarray(0, prefixBytes), prefix)) return position
  }
  return 0
}

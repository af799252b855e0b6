/**
 * Disputed feeds (spec F9): two heads of one epoch of which neither descends from the other.
 *
 *     ─ 1 ─ 2 ─ 3 ─┬─ 4  ─ 5          shown: 1 to 3, the common prefix
 *                  └─ 4′ ─ 5′ ─ 6′    both branches are kept and served by CID
 *
 * While a branch is not wholly here, what is shown ends below the lowest entry that is known to differ.
 *
 * @module
 */
import { cidDigest, equalBytes, type HeadRecord, judgeHead, lesserHead } from '@effigy/core'
import { place } from '../schema.ts'
import type { FeedContext } from './context.ts'
import { type EntryRow, signedEntry } from './entry-table.ts'
import { evidence, type Feed } from './feed-table.ts'
import { type Lineage, type LineageEnd, lineageOf, type OpenEnd, sharedBy } from './lineage.ts'
import { hideRun, putOn, takeOffAbove } from './places.ts'
import type { Run } from './run-table.ts'

/** Two records of the current epoch that dispute each other. The first pair of an epoch is kept. */
export function keepFork(context: FeedContext, feed: Feed, a: HeadRecord, b: HeadRecord): void {
  const { feeds } = context
  const { epoch } = a.head
  const known = feeds.evidence(feed, epoch)
  if (known.filter(({ dispute }) => dispute === evidence.fork).length < 2) {
    for (const { record, dispute } of known) if (dispute === evidence.equal) feeds.dropEvidence(feed, record)
    for (const record of [a, b]) feeds.keepEvidence(feed, record, evidence.fork)
  }
  reshape(context, feed)
}

/** The highest head known to lie on the chain within `held`. */
export function anchorOf({ feeds, entries }: FeedContext, feed: Feed, held: Run): HeadRecord | null {
  const records = feeds.evidence(feed, feed.chainEpoch).map(({ record }) => record)
  if (feed.record !== null) records.push(feed.record)
  const within = records
    .filter(
      ({ head }) => head.epoch === feed.chainEpoch && head.length >= held.first && head.length <= held.last,
    )
    .sort((a, b) => b.head.length - a.head.length)
  for (const record of within) {
    const row = entries.at(feed.id, record.head.length)
    if (row !== null && equalBytes(row.cid, cidDigest(record.head.head))) return record
  }
  return null
}

/**
 * Whether the entry that a record names is here and says otherwise (F6). Such a record proves nothing but
 * itself: the feed is broken there only while it is the highest one.
 */
export function isFalseClaim({ entries }: FeedContext, feed: Feed, { head }: HeadRecord): boolean {
  const row = entries.byDigest(cidDigest(head.head))
  return row !== null && row.feed === feed.id && judgeHead(head, signedEntry(row)) !== null
}

/** Whether a branch of the dispute goes on with that entry. */
export function branchesEndAt(context: FeedContext, feed: Feed, digest: Uint8Array): boolean {
  return openEnds(context, feed).some((end) => equalBytes(end.digest, digest))
}

/** Where the branches of a dispute go on; empty when the common prefix is known and here, or there is no dispute. */
export function openEnds(context: FeedContext, feed: Feed): readonly OpenEnd[] {
  const pair = pairOf(context, feed)
  if (pair === null) return []
  const lineages = pair.map(({ head }) => lineageOf(context, feed, head)) as [Lineage, Lineage]
  return sharedBy(...lineages).open
}

/** Brings what is shown of a disputed feed in line with what is held of its branches. */
export function reshape(context: FeedContext, feed: Feed): void {
  const pair = pairOf(context, feed)
  if (pair === null) return
  if (pair.some((record) => isFalseClaim(context, feed, record))) {
    dissolve(context, feed, pair)
    return
  }
  const longest = Math.min(pair[0].head.length, pair[1].head.length) - 1
  for (;;) {
    const lineages = pair.map(({ head }) => lineageOf(context, feed, head)) as [Lineage, Lineage]
    if (lineages.some(({ end }) => hideStaleRun(context, feed, end))) continue
    const { bound, isExact } = sharedBy(...lineages)
    const common = Math.min(bound, longest)
    // What is shown lies on both, so nothing above the place where either leaves it.
    const shown = Math.min(common, ...lineages.map(({ landings }) => landings[0]?.at ?? common))
    const top = context.runs.top(feed.id)
    if (top !== null && top.last > shown) {
      takeOffAbove(context, feed, shown, place.disputed)
      continue
    }
    feed.disputedAbove = common
    if (!isExact) return
    const [a, b] = lineages
    showRows(context, feed, a.rows.filter(({ length }) => length <= common).reverse())
    for (const { run } of a.landings) {
      const kept = context.runs.holding(feed.id, run.first)
      if (kept !== null) context.runs.put(feed.id, { ...kept, epoch: feed.chainEpoch })
    }
    settleEqual(context, feed, pair, a, b, common)
    return
  }
}

/** One of the two named an entry that says otherwise: they never disputed each other. What is off the chain comes back by `need`. */
function dissolve(context: FeedContext, feed: Feed, pair: Pair): void {
  const { feeds } = context
  for (const record of pair) {
    feeds.dropEvidence(feed, record)
    const isTrue = !isFalseClaim(context, feed, record)
    if (isTrue && record.head.head !== feed.record?.head.head) {
      feeds.keepEvidence(feed, record, evidence.anchor)
    }
  }
  feed.disputedAbove = null
}

type Pair = readonly [HeadRecord, HeadRecord]

function pairOf({ feeds }: FeedContext, feed: Feed): Pair | null {
  const forks = feeds.evidence(feed, feed.chainEpoch).filter(({ dispute }) => dispute === evidence.fork)
  const [a, b] = forks
  return a === undefined || b === undefined ? null : [a.record, b.record]
}

/** What was kept from an older epoch on a source's word, and does not belong to this one. */
function hideStaleRun(context: FeedContext, feed: Feed, end: LineageEnd): boolean {
  if (end.type !== 'open') return false
  const run = context.runs.holding(feed.id, end.length)
  if (run === null || run.epoch === feed.chainEpoch) return false
  hideRun(context, feed, run)
  return true
}

/** Puts rows, ascending, onto the chain, each stretch of them joined with its neighbours. */
function showRows(context: FeedContext, feed: Feed, rows: readonly EntryRow[]): void {
  const { runs } = context
  for (const row of rows) {
    const stale = runs.holding(feed.id, row.length)
    if (stale !== null) hideRun(context, feed, stale)
    const { parent } = putOn(context, feed, row).entry
    const below = parent === null ? null : cidDigest(parent)
    const under = runs.holding(feed.id, row.length - 1)
    const top = under === null ? null : context.entries.at(feed.id, under.last)
    const lower = top !== null && below !== null && equalBytes(top.cid, below) ? under : null
    const over = runs.holding(feed.id, row.length + 1)
    const upper = over !== null && over.below !== null && equalBytes(over.below, row.cid) ? over : null
    runs.join(feed.id, { first: row.length, last: row.length, below, epoch: feed.chainEpoch }, upper, lower)
  }
}

/** F9: equal contents in equal order are no dispute; the lesser head CID is the feed. */
function settleEqual(
  context: FeedContext,
  feed: Feed,
  [a, b]: Pair,
  ofA: Lineage,
  ofB: Lineage,
  common: number,
): void {
  if (a.head.length !== b.head.length) return
  const [rowsA, rowsB] = [ofA, ofB].map(({ rows }) => rows.filter(({ length }) => length > common).reverse())
  if (rowsA === undefined || rowsB === undefined) return
  if (rowsA.length !== a.head.length - common || rowsB.length !== rowsA.length) return
  if (!rowsA.every((row, at) => equalBytes(row.content, (rowsB[at] as EntryRow).content))) return
  const [winning, losing] = lesserHead(a.head, b.head) === a.head ? [rowsA, rowsB] : [rowsB, rowsA]
  const hiddenAt = context.days.stamp()
  for (const row of losing) context.entries.setPlace(row.id, place.hidden, hiddenAt)
  showRows(context, feed, winning)
  for (const record of [a, b]) context.feeds.keepEvidence(feed, record, evidence.equal)
  feed.disputedAbove = null
}

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
import { cidDigest, equalBytes, type HeadRecord, lesserHead } from '@effigy/core'
import { place } from '../schema.ts'
import type { FeedContext } from './context.ts'
import { type EntryRow, signedEntry } from './entry-table.ts'
import { evidence, type Feed } from './feed-table.ts'
import { hideRun, putOn, takeOffAbove } from './places.ts'
import type { Run } from './run-table.ts'

/** A place below which a branch is not here: the digest of the missing entry and its length. */
export interface OpenEnd {
  readonly digest: Uint8Array
  readonly length: number
}

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

/** Whether a branch of the dispute goes on with that entry. */
export function branchesEndAt(context: FeedContext, feed: Feed, digest: Uint8Array): boolean {
  return openEnds(context, feed).some((end) => equalBytes(end.digest, digest))
}

/** Where the branches of a dispute go on; empty when the common prefix is known, or there is no dispute. */
export function openEnds(context: FeedContext, feed: Feed): readonly OpenEnd[] {
  const pair = pairOf(context, feed)
  if (pair === null) return []
  const [a, b] = walkBoth(context, feed, pair)
  return [a, b].flatMap(({ end }) => (end.type === 'open' ? [end] : []))
}

/** Brings what is shown of a disputed feed in line with what is held of its branches. */
export function reshape(context: FeedContext, feed: Feed): void {
  const pair = pairOf(context, feed)
  if (pair === null) return
  let common = Math.min(pair[0].head.length, pair[1].head.length) - 1
  if (feed.disputedAbove !== null) common = Math.min(common, feed.disputedAbove)
  for (;;) {
    takeOffAbove(context, feed, common, place.disputed)
    const [a, b] = walkBoth(context, feed, pair)
    if (hideStaleRun(context, feed, a.end) || hideStaleRun(context, feed, b.end)) continue
    const bound = Math.min(common, boundOf(context, feed, a, b))
    if (bound < common) {
      common = bound
      continue
    }
    if (b.end.type === 'met' && showCommon(context, feed, a, common)) continue
    feed.disputedAbove = common
    if (a.end.type !== 'open' && b.end.type !== 'open') settleEqual(context, feed, pair, a, b, common)
    return
  }
}

type Pair = readonly [HeadRecord, HeadRecord]

function pairOf({ feeds }: FeedContext, feed: Feed): Pair | null {
  const forks = feeds.evidence(feed, feed.chainEpoch).filter(({ dispute }) => dispute === evidence.fork)
  const [a, b] = forks
  return a === undefined || b === undefined ? null : [a.record, b.record]
}

interface Walk {
  /** Off the shown chain, from the head downwards. */
  readonly path: readonly EntryRow[]
  readonly end: WalkEnd
}

type WalkEnd =
  /** On the shown chain at that length; 0: at the beginning of the feed. */
  | { readonly type: 'landed'; readonly length: number }
  /** At an entry that is broken. */
  | { readonly type: 'broken'; readonly length: number }
  /** On the path of the other branch, at that length. */
  | { readonly type: 'met'; readonly length: number }
  | ({ readonly type: 'open' } & OpenEnd)

function walkBoth(context: FeedContext, feed: Feed, [a, b]: Pair): readonly [Walk, Walk] {
  const first = walk(context, feed, a, new Set())
  return [first, walk(context, feed, b, new Set(first.path.map(({ id }) => id)))]
}

/** Follows the parents of a head through what is here. */
function walk(context: FeedContext, feed: Feed, { head }: HeadRecord, other: ReadonlySet<number>): Walk {
  const path: EntryRow[] = []
  let next: OpenEnd = { digest: cidDigest(head.head), length: head.length }
  for (;;) {
    const row = context.entries.byDigest(next.digest)
    if (row === null || row.feed !== feed.id) return { path, end: openEnd(context, feed, next) }
    if (row.place === place.chain) return { path, end: { type: 'landed', length: row.length } }
    if (row.place === place.broken) return { path, end: { type: 'broken', length: row.length } }
    if (other.has(row.id)) return { path, end: { type: 'met', length: row.length } }
    path.push(row)
    const { parent } = signedEntry(row).entry
    if (parent === null) return { path, end: { type: 'landed', length: 0 } }
    next = { digest: cidDigest(parent), length: row.length - 1 }
  }
}

/** A missing entry may be the parent of the lowest one of a run: then the branch lands there. */
function openEnd({ runs }: FeedContext, feed: Feed, { digest, length }: OpenEnd): WalkEnd {
  const above = runs.holding(feed.id, length + 1)
  const lands =
    above !== null && above.first === length + 1 && above.below !== null && equalBytes(above.below, digest)
  return lands ? { type: 'landed', length } : { type: 'open', digest, length }
}

/** The most that two branches can have in common, by what is known of them; exact when neither end is open. */
function boundOf(context: FeedContext, feed: Feed, a: Walk, b: Walk): number {
  if (b.end.type === 'met') return b.end.length
  if (a.end.type === 'landed' && b.end.type === 'landed') return Math.min(a.end.length, b.end.length)
  return Math.min(endBound(context, feed, a, b), endBound(context, feed, b, a))
}

function endBound(context: FeedContext, feed: Feed, { end }: Walk, other: Walk): number {
  switch (end.type) {
    case 'broken':
      return end.length - 1
    case 'open':
      // Where the other branch has its entry for that length, this one's is another; else it may still join this path.
      if (isKnownAt(context, feed, other, end.length)) return end.length - 1
      if (other.end.type !== 'open' || other.end.length !== end.length) return Number.MAX_SAFE_INTEGER
      return equalBytes(end.digest, other.end.digest) ? end.length : end.length - 1
    case 'landed':
    case 'met':
      return Number.MAX_SAFE_INTEGER
  }
}

function isKnownAt({ entries }: FeedContext, feed: Feed, { path, end }: Walk, length: number): boolean {
  if (path.some((row) => row.length === length)) return true
  return end.type === 'landed' && length <= end.length && entries.at(feed.id, length) !== null
}

/** What was kept from an older epoch on a source's word, and does not belong to this one. */
function hideStaleRun(context: FeedContext, feed: Feed, end: WalkEnd): boolean {
  if (end.type !== 'open') return false
  const run = context.runs.holding(feed.id, end.length)
  if (run === null || run.epoch === feed.chainEpoch) return false
  hideRun(context, feed, run)
  return true
}

/** Both branches are off the chain and share their lower part: that part is shown. Gives whether there was any. */
function showCommon(context: FeedContext, feed: Feed, { path }: Walk, common: number): boolean {
  const rows = path.filter(({ length }) => length <= common).reverse()
  showRows(context, feed, rows)
  return rows.length > 0
}

/** Puts contiguous rows, ascending, onto the chain, joined with the run below. */
function showRows(context: FeedContext, feed: Feed, rows: readonly EntryRow[]): void {
  const [bottom] = rows
  const top = rows.at(-1)
  if (bottom === undefined || top === undefined) return
  for (const row of rows) putOn(context, feed, row)
  const { parent } = signedEntry(bottom).entry
  const below = parent === null ? null : cidDigest(parent)
  const lower = context.runs.holding(feed.id, bottom.length - 1)
  const run = { first: bottom.length, last: top.length, below, epoch: feed.chainEpoch }
  context.runs.join(feed.id, run, null, lower)
}

/** F9: equal contents in equal order are no dispute; the lesser head CID is the feed. */
function settleEqual(
  context: FeedContext,
  feed: Feed,
  [a, b]: Pair,
  pathA: Walk,
  pathB: Walk,
  common: number,
): void {
  if (a.head.length !== b.head.length) return
  const [rowsA, rowsB] = [pathA, pathB].map(({ path }) =>
    path.filter(({ length }) => length > common).reverse(),
  )
  if (rowsA === undefined || rowsB === undefined) return
  if (rowsA.length !== a.head.length - common || rowsB.length !== rowsA.length) return
  if (!rowsA.every((row, at) => equalBytes(row.content, (rowsB[at] as EntryRow).content))) return
  const [winning, losing] = lesserHead(a.head, b.head) === a.head ? [rowsA, rowsB] : [rowsB, rowsA]
  const now = context.now()
  for (const row of losing) context.entries.setPlace(row.id, place.hidden, now)
  showRows(context, feed, winning)
  for (const record of [a, b]) context.feeds.keepEvidence(feed, record, evidence.equal)
  feed.disputedAbove = null
}

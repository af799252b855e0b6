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
import { cidDigest, compareHeads, equalBytes, type HeadRecord, judgeHead, lesserHead } from '@effigy/core'
import { place } from '../schema.ts'
import { endOf } from '../synods/limit.ts'
import type { FeedContext } from './context.ts'
import { signedEntry } from './entry-table.ts'
import { evidence, type Feed } from './feed-table.ts'
import {
  type Lineage,
  type LineageEnd,
  type LineageRow,
  lineageOf,
  type OpenEnd,
  sharedBy,
} from './lineage.ts'
import { hideRun, putOn, takeOffAbove } from './places.ts'
import type { Run } from './run-table.ts'

/** Branches that are looked at together; in the end two are kept (F9). */
const maxBranches = 4
/** Heads below the highest of which it is not known whether they lie on a branch. */
const maxDoubts = 4

/** Two records of the current epoch that dispute each other. */
export function keepFork(context: FeedContext, feed: Feed, a: HeadRecord, b: HeadRecord): void {
  const { feeds } = context
  const known = feeds.evidence(feed, a.head.epoch)
  const forks = known.filter(({ dispute }) => dispute === evidence.fork).map(({ record }) => record)
  if (forks.length < 2) {
    for (const { record, dispute } of known) if (dispute === evidence.equal) feeds.dropEvidence(feed, record)
  }
  for (const record of [a, b]) {
    const isNew = !forks.some(({ head }) => head.head === record.head.head)
    if (!isNew || forks.length >= maxBranches) continue
    forks.push(record)
    feeds.keepEvidence(feed, record, evidence.fork)
  }
  reshape(context, feed)
}

/** What was not settled before the epochs ended: two records of each prove that it was disputed. */
export function keepTwoOfOlder({ feeds }: FeedContext, feed: Feed): void {
  const counts = new Map<number, number>()
  const forks = feeds.evidence(feed).filter(({ dispute }) => dispute === evidence.fork)
  for (const { record } of forks.sort((a, b) => compareHeads(b.record.head, a.record.head))) {
    const { epoch } = record.head
    const count = (counts.get(epoch) ?? 0) + 1
    counts.set(epoch, count)
    if (epoch !== feed.chainEpoch && count > 2) feeds.dropEvidence(feed, record)
  }
}

/** A lower head of a disputed feed whose entry is not here: it may be of a branch of its own. */
export function keepDoubt(context: FeedContext, feed: Feed, record: HeadRecord): void {
  const { feeds } = context
  const doubts = feeds.evidence(feed, record.head.epoch).filter(({ dispute }) => dispute === evidence.anchor)
  if (doubts.length >= maxDoubts) return
  feeds.keepEvidence(feed, record, evidence.anchor)
  reshape(context, feed)
}

/** Somebody of the dispute, where there is one. */
export function disputant(context: FeedContext, feed: Feed): HeadRecord | null {
  return branchesOf(context, feed)[0]?.record ?? null
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
  const branches = branchesOf(context, feed)
  return pairsOf(branches.map((branch) => withLineage(context, feed, branch))).flatMap(({ open }) => open)
}

/** A head of a disputed feed. */
interface Branch {
  readonly record: HeadRecord
  /** It is known to dispute the others that are; else it may lie on the chain of one. */
  readonly isFork: boolean
}

interface KnownBranch extends Branch {
  readonly lineage: Lineage
}

interface Pair {
  readonly a: KnownBranch
  readonly b: KnownBranch
  /** Neither is known to descend from the other, and one is known not to. */
  readonly isDispute: boolean
  /** They have at most that many entries in common. */
  readonly bound: number
  readonly isExact: boolean
  readonly open: readonly OpenEnd[]
}

/** The heads of a dispute: those that are known to be of it, the highest, and some that may be. Empty when there is none. */
function branchesOf({ feeds }: FeedContext, feed: Feed): readonly Branch[] {
  // Where an account says which branch is the feed, there is no dispute (S33).
  if (endOf(feed.limit) !== null) return []
  const known = feeds.evidence(feed, feed.chainEpoch)
  const forks = known.filter(({ dispute }) => dispute === evidence.fork)
  if (forks.length < 2) return []
  const branches = forks.map(({ record }) => ({ record, isFork: true }))
  const doubts = known.filter(({ dispute }) => dispute === evidence.anchor).map(({ record }) => record)
  if (feed.record?.head.epoch === feed.chainEpoch) doubts.push(feed.record)
  for (const record of doubts.slice(-1 - maxDoubts)) {
    if (branches.every((branch) => branch.record.head.head !== record.head.head)) {
      branches.push({ record, isFork: false })
    }
  }
  return branches
}

const withLineage = (context: FeedContext, feed: Feed, branch: Branch): KnownBranch => ({
  ...branch,
  lineage: lineageOf(context, feed, branch.record.head),
})

function pairsOf(branches: readonly KnownBranch[]): readonly Pair[] {
  return branches.flatMap((a, at) => branches.slice(at + 1).map((b) => pairOf(a, b)))
}

function pairOf(a: KnownBranch, b: KnownBranch): Pair {
  const shared = sharedBy(a.lineage, b.lineage)
  const [lengthA, lengthB] = [a.record.head.length, b.record.head.length]
  const shorter = Math.min(lengthA, lengthB)
  // Whatever is missing: entries at one length that are not the same, or two that were once seen to differ.
  const isKnown = lengthA === lengthB || shared.bound < shorter || (a.isFork && b.isFork && !shared.isExact)
  return {
    a,
    b,
    ...shared,
    isDispute: isKnown,
    bound: isKnown ? Math.min(shared.bound, shorter - 1) : shared.bound,
  }
}

/** Brings what is shown of a disputed feed in line with what is held of its branches. */
export function reshape(context: FeedContext, feed: Feed): void {
  for (;;) {
    const branches = branchesOf(context, feed)
    if (branches.length === 0) return
    const untrue = branches.find(({ record }) => isFalseClaim(context, feed, record))
    if (untrue !== undefined) {
      if (!dropBranch(context, feed, untrue)) return
      continue
    }
    const known = branches.map((branch) => withLineage(context, feed, branch))
    if (known.some(({ lineage }) => hideStaleRun(context, feed, lineage.end))) continue
    const pairs = pairsOf(known)
    const covered = coveredBy(pairs)
    if (covered !== null && !isHighest(feed, covered.lower)) {
      // Whoever disputes the lower head disputes the upper one.
      const { lower, upper } = covered
      if (lower.isFork) context.feeds.keepEvidence(feed, upper.record, evidence.fork)
      if (!dropBranch(context, feed, lower)) return
      continue
    }
    if (shapeTo(context, feed, pairs)) return
  }
}

const isHighest = (feed: Feed, { record }: Branch): boolean => record.head.head === feed.record?.head.head

/** One that lies on the chain of another. */
function coveredBy(pairs: readonly Pair[]): { readonly lower: Branch; readonly upper: Branch } | null {
  const covered = pairs.find(({ isExact, isDispute }) => isExact && !isDispute)
  if (covered === undefined) return null
  const { a, b } = covered
  return a.record.head.length < b.record.head.length ? { lower: a, upper: b } : { lower: b, upper: a }
}

/** Takes a head out of the dispute; false when that was the end of it. */
function dropBranch(context: FeedContext, feed: Feed, { record, isFork }: Branch): boolean {
  const { feeds } = context
  feeds.dropEvidence(feed, record)
  if (!isFork) return !isHighest(feed, { record, isFork })
  const left = feeds.evidence(feed, feed.chainEpoch).filter(({ dispute }) => dispute === evidence.fork)
  if (left.length >= 2) return true
  // They never disputed each other. What is off the chain comes back by `need`.
  for (const { record: other } of left) {
    feeds.dropEvidence(feed, other)
    if (other.head.head !== feed.record?.head.head) feeds.keepEvidence(feed, other, evidence.anchor)
  }
  feed.disputedAbove = null
  return false
}

/** False when something was taken off the chain, so that all is to be looked at again. */
function shapeTo(context: FeedContext, feed: Feed, pairs: readonly Pair[]): boolean {
  const disputes = pairs.filter(({ isDispute }) => isDispute)
  const common = Math.min(...disputes.map(({ bound }) => bound))
  const disputing = new Set(disputes.flatMap(({ a, b }) => [a, b]))
  // What is shown lies on all of them, so nothing above the place where one leaves it.
  const shown = Math.min(common, ...Array.from(disputing, ({ lineage }) => lineage.landings[0]?.at ?? common))
  const top = context.runs.top(feed.id)
  if (top !== null && top.last > shown) {
    takeOffAbove(context, feed, shown, place.disputed)
    return false
  }
  feed.disputedAbove = common
  if (!pairs.every(({ isExact }) => isExact)) return true
  const [first] = disputing
  if (first === undefined) return true
  showRows(context, feed, first.lineage.rows.filter(({ length }) => length <= common).reverse())
  for (const { run } of first.lineage.landings) {
    const kept = context.runs.holding(feed.id, run.first)
    if (kept !== null) context.runs.put(feed.id, { ...kept, epoch: feed.chainEpoch })
  }
  const [only, ...others] = disputes
  if (only !== undefined && others.length === 0) settleEqual(context, feed, only, common)
  else keepTwo(context, feed, disputes, common)
  return true
}

/** F9: two of them prove it as well as all. The highest, and the highest of those that left it first. */
function keepTwo({ feeds }: FeedContext, feed: Feed, disputes: readonly Pair[], common: number): void {
  const all = [...new Set(disputes.flatMap(({ a, b }) => [a, b]))]
  const highest = all.reduce((best, one) =>
    compareHeads(one.record.head, best.record.head) > 0 ? one : best,
  )
  const far = disputes
    .filter(({ a, b, bound }) => bound === common && (a === highest || b === highest))
    .map(({ a, b }) => (a === highest ? b : a))
    .sort((a, b) => compareHeads(b.record.head, a.record.head))[0]
  if (far === undefined) return
  for (const branch of all) {
    if (branch === highest || branch === far) feeds.keepEvidence(feed, branch.record, evidence.fork)
    else feeds.dropEvidence(feed, branch.record)
  }
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
export function showRows(context: FeedContext, feed: Feed, rows: readonly LineageRow[]): void {
  const { runs } = context
  for (const { id } of rows) {
    const row = context.entries.byId(id)
    if (row === null) continue
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
function settleEqual(context: FeedContext, feed: Feed, { a, b }: Pair, common: number): void {
  const [headA, headB] = [a.record.head, b.record.head]
  if (headA.length !== headB.length) return
  const [rowsA, rowsB] = [a, b].map(({ lineage }) =>
    lineage.rows.filter(({ length }) => length > common).reverse(),
  )
  if (rowsA === undefined || rowsB === undefined) return
  if (rowsA.length !== headA.length - common || rowsB.length !== rowsA.length) return
  if (!rowsA.every((row, at) => equalBytes(row.content, (rowsB[at] as LineageRow).content))) return
  const [winning, losing] = lesserHead(headA, headB) === headA ? [rowsA, rowsB] : [rowsB, rowsA]
  const hiddenAt = context.days.stamp()
  for (const row of losing) context.entries.setPlace(row.id, place.hidden, hiddenAt)
  showRows(context, feed, winning)
  for (const { record } of [a, b]) context.feeds.keepEvidence(feed, record, evidence.equal)
  feed.disputedAbove = null
}

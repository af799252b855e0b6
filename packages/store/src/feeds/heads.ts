/**
 * Head records as they come (spec H4, F9), and the start of an epoch (F10).
 *
 *     record ─▶ higher: remembered for ever ─ other epoch: rewind ─ same epoch: extends, or forks
 *
 * @module
 */
import { cidDigest, compareHeads, equalBytes, type HeadRecord, judgeHead, relateHeads } from '@effigy/core'
import { place } from '../schema.ts'
import type { HeadOutcome } from '../store.ts'
import { keepOut, keptOut } from '../synods/kept-out.ts'
import { type FeedLimit, gate, isUnsigned } from '../synods/limit.ts'
import type { FeedContext } from './context.ts'
import { signedEntry } from './entry-table.ts'
import { evidence, type Feed } from './feed-table.ts'
import { anchorOf, disputant, isFalseClaim, keepDoubt, keepFork, keepTwoOfOlder, reshape } from './forks.ts'
import { noteBranches } from './only-chain.ts'
import { markBroken, takeOffAbove } from './places.ts'

export function acceptHead(context: FeedContext, record: HeadRecord, force: boolean): HeadOutcome {
  const { feeds, changes } = context
  const { identity } = record.head
  const known = feeds.find(identity)
  if (known === null && !force) return 'unwatched'
  const feed = known ?? feeds.ensure(identity, context.now())
  const outcome =
    feed.limit === null ? takeHead(context, feed, record) : takeLimited(context, feed, feed.limit, record)
  if (outcome === 'new' || outcome === 'forked') {
    feeds.save(feed)
    if (feed.record !== null) context.log.changed(feed.id, feed.record)
    changes.touchFeed(identity)
  }
  return outcome
}

/** S33: what the feed's account lets it say. */
function takeLimited(context: FeedContext, feed: Feed, limit: FeedLimit, record: HeadRecord): HeadOutcome {
  const held = feed.record
  switch (gate(limit, record.head, held?.head ?? null)) {
    case 'open': {
      const outcome = takeHead(context, feed, record)
      if (outcome === 'new' || outcome === 'forked') noteBranches(context, feed)
      return outcome
    }
    case 'end':
      // The end is known from a state; now it is known as its author signed it, so that others may be told.
      if (held === null || !isUnsigned(held) || isFalseClaim(context, feed, record)) return 'known'
      feed.record = record
      return 'new'
    case 'lower':
      return held?.head.head === record.head.head ? 'known' : 'stale'
    case 'refused':
      keepOut(context, feed, keptOut.beyond, record)
      return 'refused'
  }
}

/** By the feed's own rules. The caller saves the feed. */
export function takeHead(context: FeedContext, feed: Feed, record: HeadRecord): HeadOutcome {
  const highest = feed.record
  if (highest === null) {
    feed.record = record
    startIfEmpty(context, feed)
    return 'new'
  }
  const { head } = record
  switch (relateHeads(highest.head, head)) {
    case 'same':
      if (compareHeads(head, highest.head) <= 0) return 'known'
      feed.record = record
      judgeClaims(context, feed, highest)
      return 'new'
    case 'superseded':
      return 'stale'
    case 'rebased':
      mendClaims(context, feed, highest)
      // Until the new chain begins, what is shown hangs from it (S10).
      if (isOnChain(context, feed, highest)) context.feeds.keepEvidence(feed, highest, evidence.anchor)
      feed.record = record
      startIfEmpty(context, feed)
      return 'new'
    case 'ahead':
      context.feeds.keepEvidence(feed, highest, evidence.anchor)
      dropAnchors(context, feed)
      feed.record = record
      judgeClaims(context, feed, highest)
      reshape(context, feed)
      return 'new'
    case 'fork':
      if (isEvidence(context, feed, record)) return 'known'
      if (compareHeads(head, highest.head) > 0) feed.record = record
      keepFork(context, feed, highest, record)
      return 'forked'
    case 'behind':
      return contradicts(context, feed, record)
  }
}

/** F6: a break that the former highest record made by a false claim ends with it; that of the highest begins at once. */
function judgeClaims(context: FeedContext, feed: Feed, former: HeadRecord): void {
  mendClaims(context, feed, former)
  const { record } = feed
  const named = record === null ? null : context.entries.byDigest(cidDigest(record.head.head))
  if (record === null || named === null || named.feed !== feed.id || named.place !== place.chain) return
  const fault = judgeHead(record.head, signedEntry(named))
  if (fault !== null) markBroken(context, feed, { length: named.length, cid: named.cid, code: fault.code })
}

function mendClaims(context: FeedContext, feed: Feed, former: HeadRecord): void {
  const { entries, projector } = context
  const { broken } = feed
  if (broken === null || !equalBytes(broken.cid, cidDigest(former.head.head))) return
  if (entries.byDigest(broken.cid) !== null && !isFalseClaim(context, feed, former)) return
  // Fetched and judged anew: their signatures may not have been looked at.
  for (const { id } of entries.offChain(feed.id, broken.length, place.broken)) {
    projector.drop?.(id)
    entries.delete(id)
  }
  feed.broken = null
}

/** A lower head of this epoch that is not on the chain we hold proves a fork. */
function contradicts(context: FeedContext, feed: Feed, record: HeadRecord): HeadOutcome {
  if (isEvidence(context, feed, record)) return 'known'
  const { head } = record
  if (context.leaving.has(feed.id)) {
    // By this it is asked for once all of it has gone (S14); what is left until then proves nothing. Of a dispute the evidence stays.
    if (feed.disputedAbove === null) keepAnchor(context, feed, record)
    return 'stale'
  }
  if (head.epoch !== feed.chainEpoch) return 'stale'
  const row = context.entries.at(feed.id, head.length)
  if (
    row === null &&
    feed.disputedAbove !== null &&
    context.entries.byDigest(cidDigest(head.head)) === null
  ) {
    keepDoubt(context, feed, record)
    return 'forked'
  }
  if (row === null) keepServed(context, feed, record)
  if (row === null || equalBytes(row.cid, cidDigest(head.head))) return 'stale'
  const held = context.runs.holding(feed.id, head.length)
  if (held === null || held.epoch !== feed.chainEpoch) return 'stale'
  const anchor = anchorOf(context, feed, held) ?? disputant(context, feed)
  if (anchor === null || isFalseClaim(context, feed, record)) return 'stale'
  keepFork(context, feed, anchor, record)
  return 'forked'
}

/** R14: while the entry of the highest is not here, somebody may have no more than a lower head leads to. */
function keepServed(context: FeedContext, feed: Feed, record: HeadRecord): void {
  const { runs, entries } = context
  const highest = feed.record
  if (highest === null || feed.disputedAbove !== null || feed.broken !== null) return
  if ((runs.top(feed.id)?.last ?? 0) >= record.head.length) return
  if (entries.byDigest(cidDigest(highest.head.head)) !== null) return
  keepAnchor(context, feed, record)
}

function keepAnchor(context: FeedContext, feed: Feed, record: HeadRecord): void {
  if (feed.record === null || isUnsigned(feed.record)) return
  context.feeds.keepEvidence(feed, record, evidence.anchor)
  dropAnchors(context, feed)
}

/** Heads below the highest whose entries may be under way: the newest of them. */
const maxOpenAnchors = 4
/** Runs that each hang from a head of their own. */
const maxHeldAnchors = 8

/** A lower head stays while something hangs from it that the highest is not known to descend from. */
function dropAnchors(context: FeedContext, feed: Feed): void {
  const anchors = context.feeds
    .evidence(feed, feed.record?.head.epoch)
    .filter(({ dispute }) => dispute === evidence.anchor)
    .map(({ record }) => ({ record, isHeld: isOnChain(context, feed, record) }))
  const open = anchors.filter(({ isHeld }) => !isHeld)
  const held = anchors.filter(({ isHeld }) => isHeld)
  for (const { record } of [...open.slice(0, -maxOpenAnchors), ...held.slice(maxHeldAnchors)]) {
    context.feeds.dropEvidence(feed, record)
  }
}

function isEvidence({ feeds }: FeedContext, feed: Feed, { head }: HeadRecord): boolean {
  return feeds
    .evidence(feed, head.epoch)
    .some(({ record, dispute }) => dispute !== evidence.anchor && record.head.head === head.head)
}

/** Whether a head of this epoch is on the shown chain. */
function isOnChain({ entries, leaving }: FeedContext, feed: Feed, { head }: HeadRecord): boolean {
  if (leaving.has(feed.id)) return false
  const row = entries.at(feed.id, head.length)
  return head.epoch === feed.chainEpoch && row !== null && equalBytes(row.cid, cidDigest(head.head))
}

/** With nothing held there is nothing to rewind. */
function startIfEmpty(context: FeedContext, feed: Feed): void {
  if (feed.record === null || context.runs.top(feed.id) !== null) return
  startEpoch(context, feed, feed.record.head.epoch, 0)
}

/**
 * F10: what lies above `base` has left the chain and is hidden at once. The rest is kept until
 * entries of the new epoch show whether it belongs to them.
 */
export function startEpoch(context: FeedContext, feed: Feed, epoch: number, base: number): void {
  const { feeds, entries } = context
  const from = Math.min(base, feed.record?.head.length ?? 0, (feed.broken?.length ?? base + 1) - 1)
  takeOffAbove(context, feed, from, place.hidden)
  for (const row of entries.offChain(feed.id, 0, place.disputed)) {
    entries.setPlace(row.id, place.hidden, context.days.stamp())
  }
  for (const { record, dispute } of feeds.evidence(feed)) {
    if (dispute === evidence.anchor) feeds.dropEvidence(feed, record)
  }
  feed.chainEpoch = epoch
  feed.broken = null
  feed.disputedAbove = null
  keepTwoOfOlder(context, feed)
  attestRest(context, feed)
  reshape(context, feed)
}

/**
 * Where a rebase only took the newest entries away, its head names an entry that is here: no entry of the new epoch
 * will come to attest the run that ends there, and what lies below that run is tied to it.
 */
function attestRest({ runs, entries }: FeedContext, feed: Feed): void {
  const head = feed.record?.head
  if (head === undefined || head.epoch !== feed.chainEpoch) return
  const run = runs.holding(feed.id, head.length)
  const top = run === null ? null : entries.at(feed.id, head.length)
  if (run === null || top === null || judgeHead(head, signedEntry(top)) !== null) return
  runs.put(feed.id, { ...run, epoch: head.epoch })
}

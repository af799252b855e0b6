/**
 * Runs of entries from peers onto the chain (spec F8, F11, S3).
 *
 *     run ─attached to a head, or to a run above?▶ judge ─▶ insert ─▶ connect with what lies below
 *                                                                      ├─ same parent: one run
 *                                                                      ├─ left from an older epoch: hidden
 *                                                                      └─ another entry: fork
 *
 * @module
 */
import {
  chainPoint,
  cidDigest,
  equalBytes,
  type FeedFaultCode,
  type Head,
  type HeadRecord,
  judgeHead,
  judgeLink,
  type RawCid,
  type SignedEntry,
  sealedKeyId,
} from '@effigy/core'
import { place } from '../schema.ts'
import type { AppendOutcome, AttestedRun } from '../store.ts'
import { codeOf, endOf, type FeedLimit, isUnsigned } from '../synods/limit.ts'
import type { FeedContext } from './context.ts'
import { finishForgetting } from './drop.ts'
import { type EntryRow, signedEntry } from './entry-table.ts'
import { hasErasures } from './erased.ts'
import { evidence, type Feed } from './feed-table.ts'
import { anchorOf, branchesEndAt, isFalseClaim, keepFork, reshape } from './forks.ts'
import { startEpoch } from './heads.ts'
import { noteBranches } from './only-chain.ts'
import { hideRun, markBroken, putOn, takeOffAbove } from './places.ts'
import type { Run } from './run-table.ts'
import { insertEntries } from './show-entry.ts'

const unattached: AppendOutcome = { type: 'unattached' }

export function appendRun(context: FeedContext, run: AttestedRun): AppendOutcome {
  finishForgetting(context, run.identity)
  const feed = context.feeds.find(run.identity)
  const top = run.entries.at(-1)
  if (feed?.record == null || top === undefined || !isLinked(run.entries)) {
    return feed?.limit == null ? unattached : refusal(feed.limit)
  }
  if (feed.chainEpoch !== feed.record.head.epoch) {
    if (context.runs.top(feed.id) !== null) return unattached
    startEpoch(context, feed, feed.record.head.epoch, 0)
  }
  const outcome = appendTo(context, feed, run, top)
  if (outcome.type === 'unattached' || outcome.type === 'refused') return outcome
  // However it came out that there are branches: states on them count, whatever epoch they came under.
  if (feed.limit !== null && feed.disputedAbove !== null) noteBranches(context, feed)
  context.feeds.save(feed)
  context.changes.touchFeed(feed.identity)
  return outcome
}

function appendTo(context: FeedContext, feed: Feed, run: AttestedRun, top: SignedEntry): AppendOutcome {
  const attachment = attach(context, feed, top)
  if (attachment === null) return feed.limit === null ? unattached : refusal(feed.limit)
  const fault = lowerFault(attachment.fault, firstFault(run))
  if (fault !== null) markBroken(context, feed, fault)
  const below = run.entries.filter(({ entry }) => fault === null || entry.length < fault.length)
  if (attachment.type === 'branch') {
    if (fault !== null) return { type: 'broken', code: fault.code }
    insertAll(context, feed, below, run, place.disputed)
    reshape(context, feed)
    return outcomeOf(feed, below.length, true)
  }
  const outcome = below.length === 0 ? null : appendChain(context, feed, below, run)
  return fault === null && outcome !== null ? outcome : { type: 'broken', code: fault?.code ?? 'hash' }
}

/** What an account keeps out is not merely untied. */
function refusal(limit: FeedLimit): AppendOutcome {
  return limit.type === 'one-epoch' ? unattached : { type: 'refused', code: codeOf(limit) }
}

interface Fault {
  /** The position from which on the feed is invalid. */
  readonly length: number
  readonly cid: Uint8Array
  readonly code: FeedFaultCode
}

/** Whether each entry's parent is the one before it: then the top's hash commits to all. */
function isLinked(entries: readonly SignedEntry[]): boolean {
  for (let at = 1; at < entries.length; at++) {
    if (entries[at]?.entry.parent !== entries[at - 1]?.cid) return false
  }
  return true
}

/** The lowest rule broken inside a run (F2-F5). */
function firstFault({ identity, entries }: AttestedRun): Fault | null {
  let below: SignedEntry | null = null
  for (const signed of entries) {
    if (below === null) {
      if (signed.entry.identity !== identity) return faultAt(signed, signed.entry.length, 'identity')
    } else {
      const fault = judgeLink(identity, chainPoint(below), signed)
      if (fault !== null) return faultAt(signed, below.entry.length + 1, fault.code)
    }
    below = signed
  }
  return null
}

/** What lies below a fault is taken: a head that does not fit must not hide that the entries under it are another's. */
function lowerFault(a: Fault | null, b: Fault | null): Fault | null {
  if (a === null || b === null) return a ?? b
  return b.length < a.length ? b : a
}

function faultAt({ cid }: SignedEntry, length: number, code: FeedFaultCode): Fault {
  return { length, cid: cidDigest(cid), code }
}

interface Attachment {
  readonly type: 'chain' | 'branch'
  /** A rule that breaks where the run meets its head or the run above. */
  readonly fault: Fault | null
}

/** What attests the top of a run: a head, the parent link of a run above, or that it is here already. */
function attach(context: FeedContext, feed: Feed, top: SignedEntry): Attachment | null {
  const digest = cidDigest(top.cid)
  if (feed.disputedAbove !== null && branchesEndAt(context, feed, digest))
    return { type: 'branch', fault: null }
  const named = feed.disputedAbove === null ? knownHead(context, feed, top) : null
  if (named !== null && feed.record !== null && isUnsigned(feed.record))
    return attachToEnd(feed, feed.record, top)
  const claim = named === null ? null : judgeHead(named, top)
  // A false claim counts while its record is the highest.
  if (named !== null && (claim === null || named === feed.record?.head)) {
    const fault = claim
    return { type: 'chain', fault: fault === null ? null : faultAt(top, top.entry.length, fault.code) }
  }
  for (const above of context.runs.all(feed.id)) {
    if (above.below === null || above.epoch !== feed.chainEpoch || !equalBytes(above.below, digest)) continue
    const row = context.entries.at(feed.id, above.first)
    const fault = row === null ? null : judgeLink(feed.identity, chainPoint(top), signedEntry(row))
    // `above` names its own place; where that is not the next one, the lower of both counts.
    const length = Math.min(above.first, top.entry.length + 1)
    return {
      type: 'chain',
      fault: fault === null || row === null ? null : { length, cid: row.cid, code: fault.code },
    }
  }
  const held = context.entries.byDigest(digest)
  const onChain = held !== null && held.feed === feed.id && held.place === place.chain
  return onChain && context.runs.holding(feed.id, held.length)?.epoch === feed.chainEpoch
    ? { type: 'chain', fault: null }
    : null
}

/** S34: of an end that only a state names, the place alone is known. */
function attachToEnd(feed: Feed, end: HeadRecord, { entry }: SignedEntry): Attachment | null {
  if (end.head.length !== entry.length) return null
  feed.record = { ...end, head: { ...end.head, comparable: entry.comparable } }
  return { type: 'chain', fault: null }
}

/** The head of this epoch that names that entry: the highest, or one before it whose entries were under way. */
function knownHead({ feeds }: FeedContext, feed: Feed, { cid }: SignedEntry): Head | null {
  const highest = feed.record?.head
  if (highest?.head === cid) return highest
  if (endOf(feed.limit) !== null) return null
  const named = feeds.evidence(feed, feed.chainEpoch).find(({ record }) => record.head.head === cid)
  return named?.record.head ?? null
}

function appendChain(
  context: FeedContext,
  feed: Feed,
  list: readonly SignedEntry[],
  run: AttestedRun,
): AppendOutcome {
  const { runs, entries } = context
  const bottom = list[0] as SignedEntry
  const [first, last] = [bottom.entry.length, bottom.entry.length + list.length - 1]
  let fresh = list
  if (runs.overlapping(feed.id, first, last).length > 0 || entries.hasOffChain(feed.id, first, last)) {
    const meeting = meet(context, feed, list)
    if (meeting.type === 'fork') return forked(context, feed, list, run, meeting.held)
    if (meeting.type === 'broken') {
      const sound = list.filter(({ entry }) => entry.length < meeting.length)
      if (sound.length > 0) appendChain(context, feed, sound, run)
      return { type: 'broken', code: 'signature' }
    }
    fresh = meeting.fresh
  }
  insertAll(context, feed, fresh, run, place.chain)
  const below = bottom.entry.parent === null ? null : cidDigest(bottom.entry.parent)
  let whole: Run = { first, last, below, epoch: feed.chainEpoch }
  for (const other of runs.overlapping(feed.id, first, last)) {
    runs.remove(feed.id, other)
    whole = {
      ...whole,
      ...(other.first < whole.first ? { first: other.first, below: other.below } : {}),
      last: Math.max(whole.last, other.last),
    }
  }
  const above = runs.holding(feed.id, whole.last + 1)
  const highest = above === null ? null : entries.at(feed.id, whole.last)
  const isLinked = above?.below != null && highest !== null && equalBytes(above.below, highest.cid)
  whole = runs.join(feed.id, whole, isLinked ? above : null, null)
  return connect(context, feed, whole, fresh.length, list, run)
}

/** Joins a run with what is held below its parent link, as far down as that goes. */
function connect(
  context: FeedContext,
  feed: Feed,
  start: Run,
  added: number,
  list: readonly SignedEntry[],
  run: AttestedRun,
): AppendOutcome {
  const { runs, entries } = context
  let whole = start
  let connected = whole.below === null
  while (whole.below !== null) {
    const lower = runs.holding(feed.id, whole.first - 1)
    const parent = entries.byDigest(whole.below)
    const isOurs = parent !== null && parent.feed === feed.id
    if (lower !== null && !(isOurs && parent.place === place.chain)) {
      if (isAttested(context, feed, lower)) return forked(context, feed, list, run, lower)
      hideRun(context, feed, lower)
      continue
    }
    if (!isOurs) break
    const next = entries.at(feed.id, whole.first)
    const fault = next === null ? null : linkFault(parent, next)
    if (next !== null && fault !== null) {
      const length = Math.min(next.length, parent.length + 1)
      markBroken(context, feed, { length, cid: next.cid, code: fault })
      return { type: 'broken', code: fault }
    }
    connected = true
    if (parent.place === place.broken) {
      breakAgain(context, feed, parent)
      return { type: 'broken', code: 'signature' }
    }
    if (lower !== null) {
      whole = runs.join(feed.id, whole, null, lower)
      continue
    }
    const signed = putOn(context, feed, parent)
    runs.remove(feed.id, whole)
    const below = signed.entry.parent === null ? null : cidDigest(signed.entry.parent)
    whole = { ...whole, first: parent.length, below }
    runs.put(feed.id, whole)
  }
  const isDisputed = feed.disputedAbove !== null
  judgeAnchors(context, feed, whole)
  return isDisputed ? { type: 'appended', added, connected } : outcomeOf(feed, added, connected)
}

function linkFault(below: EntryRow, next: EntryRow): FeedFaultCode | null {
  if (next.length !== below.length + 1) return 'length'
  if (next.comparable <= below.comparable) return 'comparable'
  return keyIdOf(below) === keyIdOf(next) ? null : 'mixed'
}

const keyIdOf = ({ bytes, inner }: EntryRow): string | null => (inner === null ? null : sealedKeyId(bytes))

type Meeting =
  | { readonly type: 'fresh'; readonly fresh: readonly SignedEntry[] }
  | { readonly type: 'fork'; readonly held: Run }
  /** From that length on it is known to be. */
  | { readonly type: 'broken'; readonly length: number }

/** A run over lengths at which something is here already: what is really new of it? */
function meet(context: FeedContext, feed: Feed, list: readonly SignedEntry[]): Meeting {
  const { entries, runs } = context
  const fresh: SignedEntry[] = []
  for (const signed of list.toReversed()) {
    const digest = cidDigest(signed.cid)
    const onChain = entries.at(feed.id, signed.entry.length)
    if (onChain !== null) {
      if (equalBytes(onChain.cid, digest)) continue
      const held = runs.holding(feed.id, signed.entry.length)
      if (held !== null && isAttested(context, feed, held)) return { type: 'fork', held }
      if (held !== null) hideRun(context, feed, held)
    }
    const known = entries.byDigest(digest)
    if (known === null) {
      fresh.push(signed)
      continue
    }
    if (known.place === place.broken) return { type: 'broken', length: breakAgain(context, feed, known) }
    putOn(context, feed, known)
  }
  return { type: 'fresh', fresh: fresh.reverse() }
}

/** An entry that broke the feed in an earlier epoch is in it again. Gives the length of the lowest such one. */
function breakAgain(context: FeedContext, feed: Feed, known: EntryRow): number {
  let lowest = known
  for (;;) {
    const { parent } = signedEntry(lowest).entry
    const row = parent === null ? null : context.entries.byDigest(cidDigest(parent))
    if (row === null || row.place !== place.broken) break
    lowest = row
  }
  markBroken(context, feed, { length: lowest.length, cid: lowest.cid, code: 'signature' })
  return lowest.length
}

/** Whether a run hangs from a head of this epoch that can be shown as evidence. What does not gives way. */
function isAttested(context: FeedContext, feed: Feed, held: Run): boolean {
  return (
    endOf(feed.limit) === null && held.epoch === feed.chainEpoch && anchorOf(context, feed, held) !== null
  )
}

/** What hangs from the highest head is not above what is held: both become branches of a dispute. */
function forked(
  context: FeedContext,
  feed: Feed,
  list: readonly SignedEntry[],
  run: AttestedRun,
  held: Run,
): AppendOutcome {
  const anchor = anchorOf(context, feed, held)
  takeOffAbove(context, feed, held.last, place.disputed)
  const missing = list.filter(({ cid }) => context.entries.byDigest(cidDigest(cid)) === null)
  insertAll(context, feed, missing, run, place.disputed)
  if (anchor !== null && feed.record !== null) keepFork(context, feed, anchor, feed.record)
  return outcomeOf(feed, missing.length, true)
}

function outcomeOf(feed: Feed, added: number, connected: boolean): AppendOutcome {
  if (feed.disputedAbove !== null) return { type: 'forked', common: feed.disputedAbove }
  return { type: 'appended', added, connected }
}

function insertAll(
  context: FeedContext,
  feed: Feed,
  list: readonly SignedEntry[],
  run: AttestedRun,
  where: typeof place.chain | typeof place.disputed,
): void {
  const seen = context.now()
  const insertion = { place: where, verified: false, seen, hasErasures: hasErasures(context, feed.id) }
  const fresh = list.filter(
    ({ cid }) => where === place.chain || context.entries.byDigest(cidDigest(cid)) === null,
  )
  if (fresh.length === 0) return
  const given = fresh.map((signed) => ({ signed, body: bodyOf(run, signed) }))
  const firstId = insertEntries(context, feed, given, insertion)
  context.unverified.add(firstId, firstId + fresh.length - 1)
  if (where === place.chain) context.changes.touchViews()
}

function bodyOf({ bodies }: AttestedRun, { entry }: SignedEntry): Uint8Array | null {
  // Texts are not looked up: hashing one costs more than all else here.
  return entry.payload.startsWith('{') ? null : (bodies.get(entry.payload as RawCid) ?? null)
}

/** Lower heads within the run: those on it are no longer needed, and one beside it proves a fork. */
function judgeAnchors(context: FeedContext, feed: Feed, { first, last }: Run): void {
  const { feeds, entries } = context
  for (const { record, digest, dispute } of feeds.evidence(feed, feed.chainEpoch)) {
    const { length } = record.head
    if (dispute !== evidence.anchor || length < first || length > last) continue
    const row = entries.at(feed.id, length)
    if (isFalseClaim(context, feed, record)) feeds.dropEvidence(feed, record)
    else if (row !== null && !equalBytes(row.cid, digest)) {
      const held = context.runs.holding(feed.id, length)
      const anchor = held === null ? null : anchorOf(context, feed, held)
      if (anchor !== null) keepFork(context, feed, anchor, record)
    } else if (length < last) feeds.dropEvidence(feed, record)
  }
}

/**
 * Entries of one's own devices: judged, verified by having been signed here, durable (spec S9).
 *
 * @module
 */
import {
  type ChainPoint,
  chainPoint,
  cidDigest,
  compareHeads,
  EffigyError,
  equalBytes,
  type HeadRecord,
  judgeLink,
  type RawCid,
  type SignedEntry,
} from '@effigy/core'
import { place } from '../schema.ts'
import type { OwnEntry } from '../store.ts'
import { codeOf } from '../synods/limit.ts'
import type { FeedContext } from './context.ts'
import { type EntryRow, signedEntry } from './entry-table.ts'
import { hasErasures } from './erased.ts'
import { applyErase, resumeErasures } from './erasures.ts'
import { evidence, type Feed } from './feed-table.ts'
import { startEpoch } from './heads.ts'
import { putOn } from './places.ts'
import { insertEntry } from './show-entry.ts'

/** Appends to the own chain above its top. Throws a TypeError when the entries are not its next ones: a bug of the caller. */
export function appendOwn(context: FeedContext, entries: readonly OwnEntry[], record: HeadRecord): void {
  const feed = ownFeed(context, record)
  const run = context.runs.top(feed.id)
  const top = run === null ? null : context.entries.at(feed.id, run.last)
  // A head that came while these were signed: they are not above it, however long they make the feed.
  if (feed.record !== null && !(top !== null && isEntryOf(feed.record, top.cid))) throw stale()
  if (feed.chainEpoch !== record.head.epoch && run !== null) {
    throw new TypeError('a new epoch begins with replaceOwn')
  }
  if (feed.chainEpoch !== record.head.epoch) startEpoch(context, feed, record.head.epoch, 0)
  append(context, feed, entries, record)
}

export function replaceOwn(
  context: FeedContext,
  base: number,
  entries: readonly OwnEntry[],
  record: HeadRecord,
  lost?: RawCid,
): void {
  const feed = ownFeed(context, record)
  if (record.head.epoch <= feed.chainEpoch) throw new TypeError('a rebase begins a new epoch')
  const known = feed.record?.head
  const isSeen =
    known === undefined || known.head === lost || context.entries.byDigest(cidDigest(known.head)) !== null
  // Another rebase of that epoch, or entries that were never seen here: both would be disputed.
  if (!isSeen || (known !== undefined && known.epoch >= record.head.epoch)) throw stale()
  feed.record = record
  startEpoch(context, feed, record.head.epoch, base)
  append(context, feed, entries, record)
}

/**
 * Throws `head-stale` when a higher head of that identity is known: this store has fallen behind its own feed; and the
 * code of its limit (S33) when its account takes nothing more from it.
 */
function ownFeed(context: FeedContext, record: HeadRecord): Feed {
  const feed = context.feeds.ensure(record.head.identity, context.now())
  const { limit } = feed
  if (limit !== null && (limit.type !== 'one-epoch' || record.head.epoch !== 1)) {
    throw new EffigyError(codeOf(limit), 'Its account does not let this device write here any more.')
  }
  if (feed.record !== null && compareHeads(record.head, feed.record.head) <= 0) {
    throw stale()
  }
  return feed
}

function stale(): EffigyError {
  return new EffigyError('head-stale', 'A newer state of this feed is known. Fetch it before publishing.')
}

function isEntryOf({ head }: HeadRecord, digest: Uint8Array): boolean {
  return equalBytes(cidDigest(head.head), digest)
}

function append(context: FeedContext, feed: Feed, list: readonly OwnEntry[], record: HeadRecord): void {
  const { runs, entries } = context
  const run = runs.top(feed.id)
  let below: ChainPoint | null = run === null ? null : pointAt(context, feed, run.last)
  const bottom = list[0]
  for (const { entry } of list) {
    const fault = judgeLink(feed.identity, below, entry)
    if (fault !== null) throw new TypeError(`an own entry breaks the feed: ${fault.code}`)
    below = chainPoint(entry)
  }
  if (!isNamed(record, below)) throw new TypeError('an own head does not name its entry')
  if (bottom === undefined) {
    // A rebase that only took the newest entries away: what is left hangs from the new head.
    if (run !== null) runs.put(feed.id, { ...run, epoch: record.head.epoch })
    finish(context, feed, record)
    return
  }

  const seen = context.now()
  const insertion = { place: place.chain, verified: true, seen, hasErasures: hasErasures(context, feed.id) }
  const first = bottom.entry.entry.length
  for (const { entry, body } of list) {
    const former = formerRow(context, feed, entry)
    const row = former ?? entries.byId(insertEntry(context, feed, entry, body, insertion))
    const type = row === null ? null : context.types.nameOf(row.type)
    if (former !== null) {
      context.unverified.remove([former.id])
      putOn(context, feed, former)
    } else if (row !== null && type === 'erase') applyErase(context, feed, row, entry)
    if (row !== null && type === 'synod') {
      context.synods?.stateArrived(entry, record.head.epoch, true)
      resumeErasures(context, row.cid)
    }
  }
  const parent = bottom.entry.entry.parent
  runs.join(
    feed.id,
    {
      first,
      last: record.head.length,
      below: parent === null ? null : cidDigest(parent),
      epoch: record.head.epoch,
    },
    null,
    run,
  )
  finish(context, feed, record)
}

/** What is signed anew above the same entry is the same, to the byte: a second row of one name would hide behind the first. */
function formerRow({ entries }: FeedContext, feed: Feed, { cid }: SignedEntry): EntryRow | null {
  const row = entries.byDigest(cidDigest(cid))
  return row !== null && row.feed === feed.id && row.place !== place.chain ? row : null
}

function isNamed({ head }: HeadRecord, top: ChainPoint | null): boolean {
  return (
    top !== null && head.head === top.cid && head.length === top.length && head.comparable === top.comparable
  )
}

function finish(context: FeedContext, feed: Feed, record: HeadRecord): void {
  for (const { record: anchor, dispute } of context.feeds.evidence(feed, record.head.epoch)) {
    if (dispute === evidence.anchor) context.feeds.dropEvidence(feed, anchor)
  }
  feed.record = record
  context.feeds.save(feed)
  context.log.changed(feed.id, record)
  context.changes.touchFeed(feed.identity)
  context.changes.touchViews()
}

function pointAt({ entries }: FeedContext, feed: Feed, length: number): ChainPoint | null {
  const row = entries.at(feed.id, length)
  return row === null ? null : chainPoint(signedEntry(row))
}

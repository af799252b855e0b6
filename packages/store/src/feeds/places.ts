/**
 * Entries on their way back onto the shown chain and off it: rows, what is held, views, erasures (spec S5).
 *
 *     hidden ─putOn▶ chain ─takeOff▶ hidden │ disputed │ broken
 *
 * The callers save the feed.
 *
 * @module
 */
import { cidDigest, equalBytes, type FeedFaultCode, type SignedEntry } from '@effigy/core'
import { type Place, place } from '../schema.ts'
import type { FeedContext } from './context.ts'
import { type EntryRow, signedEntry } from './entry-table.ts'
import { applyErase, undoErase } from './erasures.ts'
import type { Feed } from './feed-table.ts'
import type { Run } from './run-table.ts'
import { showRow } from './show-entry.ts'

/** Brings an entry that is here back onto the shown chain. */
export function putOn(context: FeedContext, feed: Feed, row: EntryRow): SignedEntry {
  const signed = signedEntry(row)
  context.entries.setPlace(row.id, place.chain, null)
  feed.heldCount++
  feed.heldBytes += row.bytes.length
  const onChain = { ...row, place: place.chain, hidden_at: null }
  showRow(context, feed, onChain, signed)
  if (context.types.nameOf(row.type) === 'erase' && !context.unverified.has(row.id)) {
    applyErase(context, feed, onChain, signed)
  }
  // It may have been held under a later epoch until now (Y1).
  if (
    feed.chainEpoch === 1 &&
    context.types.nameOf(row.type) === 'synod' &&
    !context.unverified.has(row.id)
  ) {
    context.synods?.stateArrived(signed, 1, false)
  }
  context.changes.touchViews()
  return signed
}

/** Takes everything from `first` to `last` off the shown chain; `runs` is cut only where it reaches the top. */
export function takeOff(context: FeedContext, feed: Feed, first: number, last: number, where: Place): void {
  const { db, entries, projector, types, unverified, changes } = context
  const hiddenAt = context.days.stamp()
  const rows = [
    ...db.rows<{ id: number; type: number; size: number }>(
      `select id, type, length(bytes) as size from entries
       where feed = ? and length between ? and ? and place = ${place.chain}`,
      feed.id,
      first,
      last,
    ),
  ]
  if (rows.length === 0) return
  for (const row of rows) {
    entries.setPlace(row.id, where, hiddenAt)
    projector.hide(row.id)
    feed.heldCount--
    feed.heldBytes -= row.size
    if (types.nameOf(row.type) === 'erase') undoErase(context, row.id)
  }
  // A broken entry acts never again, so nobody needs to know whether what lies above it is signed well.
  if (where === place.broken) unverified.remove(rows.map(({ id }) => id))
  changes.touchViews()
}

export function takeOffAbove(context: FeedContext, feed: Feed, length: number, where: Place): void {
  takeOff(context, feed, length + 1, Number.MAX_SAFE_INTEGER, where)
  context.runs.cutAbove(feed.id, length)
}

/** A run that turned out not to belong under the head of this epoch. */
export function hideRun(context: FeedContext, feed: Feed, run: Run): void {
  takeOff(context, feed, run.first, run.last, place.hidden)
  context.runs.remove(feed.id, run)
}

/** F7: an entry that nobody can read, below one that hangs from the head of this epoch. */
export function markUnreadable(
  context: FeedContext,
  feed: Feed,
  top: Uint8Array,
  fault: { readonly length: number; readonly cid: Uint8Array; readonly code: FeedFaultCode },
): boolean {
  const head = feed.record?.head
  if (head === undefined || head.epoch !== feed.chainEpoch || feed.disputedAbove !== null) return false
  const above = context.runs
    .all(feed.id)
    .find(({ epoch, below }) => epoch === feed.chainEpoch && below !== null && equalBytes(below, top))
  const isHead = equalBytes(cidDigest(head.head), top)
  const topLength = above === undefined ? head.length : above.first - 1
  if (!(isHead || above !== undefined) || fault.length > topLength) return false
  markBroken(context, feed, fault)
  return true
}

/** F7: the feed is invalid from that entry on. The lowest fault counts. */
export function markBroken(
  context: FeedContext,
  feed: Feed,
  fault: { readonly length: number; readonly cid: Uint8Array; readonly code: FeedFaultCode },
): void {
  if (feed.broken !== null && feed.broken.length <= fault.length) return
  feed.broken = fault
  takeOffAbove(context, feed, fault.length - 1, place.broken)
}

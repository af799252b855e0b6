/**
 * Signatures checked behind the sync (spec F8, S6).
 *
 *     unverified ─▶ pending ─ crypto ─▶ verdicts ─settle▶ served, acted on │ broken from here on (F7)
 *
 * @module
 */
import { rawCidOfDigest } from '@effigy/core'
import { waitsForSignature } from '../projector.ts'
import { place } from '../schema.ts'
import type { PendingEntry } from '../store.ts'
import type { FeedContext } from './context.ts'
import { signedEntry } from './entry-table.ts'
import { applyErase, resumeErasures } from './erasures.ts'
import { markBroken } from './places.ts'
import { showRow } from './show-entry.ts'
import type { IdRange } from './unverified.ts'

export function pendingEntries(
  { db, unverified }: FeedContext,
  limit: number,
  after: number,
): readonly PendingEntry[] {
  const pending: PendingEntry[] = []
  for (const { first, last } of unverified.ranges()) {
    if (pending.length >= limit) break
    if (last <= after) continue
    const rows = db.rows<{ id: number; cid: Uint8Array; bytes: Uint8Array }>(
      'select id, cid, bytes from entries where id between ? and ? order by id limit ?',
      Math.max(first, after + 1),
      last,
      limit - pending.length,
    )
    for (const { id, cid, bytes } of rows) pending.push({ id, cid: rawCidOfDigest(cid), bytes })
  }
  return pending
}

export function settle(
  context: FeedContext,
  verdicts: readonly { readonly id: number; readonly valid: boolean }[],
): void {
  const { types } = context
  // First all are taken out, so that what acts below sees its companions as verified.
  const removed = context.unverified.remove(verdicts.map(({ id }) => id))
  const rows = new Map<number, Settled>()
  for (const range of removed) for (const row of settledRows(context, range)) rows.set(row.id, row)
  const touched = new Set<number>()
  for (const { id, valid } of verdicts) {
    const row = rows.get(id)
    if (row === undefined) continue
    touched.add(row.feed)
    if (!valid) breakAt(context, id)
    else {
      const type = types.nameOf(row.type)
      if (type !== null && waitsForSignature(type)) act(context, id, type)
    }
  }
  // Verified entries may now be served.
  for (const id of touched) {
    const feed = context.feeds.byId(id)
    if (feed !== null) context.changes.touchFeed(feed.identity)
  }
}

/** Only what does not change while verdicts are carried out. */
type Settled = { readonly id: number; readonly feed: number; readonly type: number }

function settledRows({ db }: FeedContext, { first, last }: IdRange): Iterable<Settled> {
  return db.rows<Settled>('select id, feed, type from entries where id between ? and ?', first, last)
}

function breakAt(context: FeedContext, id: number): void {
  const row = context.entries.byId(id)
  const feed = row === null ? null : context.feeds.byId(row.feed)
  if (row === null || feed === null) return
  if (row.place === place.chain) {
    markBroken(context, feed, { length: row.length, cid: row.cid, code: 'signature' })
    context.feeds.save(feed)
  } else context.entries.setPlace(id, place.broken, context.days.stamp())
}

/** Types that act only now. */
function act(context: FeedContext, id: number, type: string): void {
  const row = context.entries.byId(id)
  const feed = row === null ? null : context.feeds.byId(row.feed)
  if (row === null || feed === null) return
  if (row.place === place.chain) {
    const signed = signedEntry(row)
    showRow(context, feed, row, signed)
    if (type === 'erase') applyErase(context, feed, row, signed)
    context.changes.touchViews()
  }
  if (type === 'synod' && row.place !== place.broken) {
    context.synods?.stateArrived(signedEntry(row), Math.max(1, feed.chainEpoch), false)
    resumeErasures(context, row.cid)
  }
}

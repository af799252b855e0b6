/**
 * Signatures checked behind the sync (spec F8, S6).
 *
 *     unverified ─▶ pending ─ crypto ─▶ verdicts ─settle▶ served, acted on │ broken from here on (F7)
 *
 * @module
 */
import { rawCidOfDigest } from '@effigy/core'
import { waitsForSignature } from '../projector.ts'
import { type Place, place } from '../schema.ts'
import type { PendingEntry } from '../store.ts'
import type { FeedContext } from './context.ts'
import { signedEntry } from './entry-table.ts'
import { applyErase, resumeErasures } from './erasures.ts'
import { markBroken } from './places.ts'
import { showRow } from './show-entry.ts'

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

type Settled = { feed: number; length: number; place: Place; type: number; cid: Uint8Array }

export function settle(
  context: FeedContext,
  verdicts: readonly { readonly id: number; readonly valid: boolean }[],
): void {
  const { db, unverified, types } = context
  const waiting = verdicts.filter(({ id }) => unverified.has(id))
  // First all are taken out, so that what acts below sees its companions as verified.
  unverified.remove(waiting.map(({ id }) => id))
  const touched = new Set<number>()
  for (const { id, valid } of waiting) {
    const row = db.first<Settled>('select feed, length, place, type, cid from entries where id = ?', id)
    if (row === null) continue
    touched.add(row.feed)
    if (!valid) breakAt(context, id, row)
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

function breakAt(context: FeedContext, id: number, row: Settled): void {
  const feed = context.feeds.byId(row.feed)
  if (feed === null) return
  if (row.place === place.chain) {
    markBroken(context, feed, { length: row.length, cid: row.cid, code: 'signature' })
    context.feeds.save(feed)
  } else context.entries.setPlace(id, place.broken, context.now())
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
  if (type === 'synod' && row.place !== place.broken) resumeErasures(context, row.cid)
}

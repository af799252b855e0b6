/**
 * Signatures checked behind the sync (spec F8, S6).
 *
 *     unverified ─▶ pending ─ crypto ─▶ verdicts ─settle▶ served, acted on │ broken from here on (F7)
 *
 * @module
 */
import { waitsForSignature } from '../projector.ts'
import { place } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type { PendingEntry } from '../store.ts'
import type { FeedContext } from './context.ts'
import { signedEntry } from './entry-table.ts'
import { applyErase, resumeErasures } from './erasures.ts'
import { markBroken } from './places.ts'
import { showRow } from './show-entry.ts'
import { noType } from './types.ts'
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
    readPending(db, Math.max(first, after + 1), last, limit - pending.length, pending)
  }
  return pending
}

/** All of them in one value: each that SQLite hands over by itself costs more than to copy its bytes. */
function readPending(db: Sqlite, from: number, to: number, limit: number, pending: PendingEntry[]): void {
  // Entries are texts in UTF-8, so putting them together as texts changes no byte.
  const row = db.first<{ ids: string | null; bytes: Uint8Array }>(
    `select group_concat(id || ',' || size) as ids, cast(group_concat(bytes, '') as blob) as bytes from (
       select id, coalesce(inner, bytes) as bytes, length(coalesce(inner, bytes)) as size from entries
       where id between ? and ? order by id limit ?
     )`,
    from,
    to,
    limit,
  )
  if (row === null || row.ids === null) return
  const numbers = row.ids.split(',')
  let at = 0
  for (let index = 0; index < numbers.length; index += 2) {
    const end = at + Number(numbers[index + 1])
    pending.push({ id: Number(numbers[index]), bytes: row.bytes.subarray(at, end) })
    at = end
  }
}

export function settle(
  context: FeedContext,
  verdicts: readonly { readonly id: number; readonly valid: boolean }[],
): void {
  // First all are taken out, so that what acts below sees its companions as verified.
  const removed = context.unverified.remove(verdicts.map(({ id }) => id))
  const touched = new Set<number>()
  const acting = new Map<number, string>()
  for (const range of removed) {
    for (const feed of feedsWithin(context, range)) touched.add(feed)
    for (const { id, type } of actingWithin(context, range)) acting.set(id, type)
  }
  for (const { id, valid } of verdicts) {
    const type = acting.get(id)
    if (valid && type === undefined) continue
    if (!removed.some(({ first, last }) => first <= id && id <= last)) continue
    if (!valid) breakAt(context, id)
    else if (type !== undefined) act(context, id, type)
  }
  // Verified entries may now be served.
  for (const id of touched) {
    const feed = context.feeds.byId(id)
    if (feed !== null) context.changes.touchFeed(feed.identity)
  }
}

function feedsWithin({ db }: FeedContext, { first, last }: IdRange): readonly number[] {
  const rows = db.rows<{ feed: number }>(
    'select distinct feed from entries where id between ? and ?',
    first,
    last,
  )
  return Array.from(rows, ({ feed }) => feed)
}

/**
 * Those whose types act only once they are verified: nearly none, so they are not read with all the others. A sealed one has no
 * type of its own: it may act where its text was opened before it came, as after a rebase.
 */
function actingWithin({ db, types }: FeedContext, { first, last }: IdRange) {
  const waiting = JSON.stringify(types.numbers(waitsForSignature))
  const rows = db.rows<{ id: number; type: number }>(
    `select id, type from entries e where id between ? and ? and (type in (select value from json_each(?))
       or type = ${noType} and exists (select 1 from opened o where o.feed = e.feed and o.content = e.content))`,
    first,
    last,
    waiting,
  )
  return Array.from(rows, ({ id, type }) => ({ id, type: types.nameOf(type) ?? '' }))
}

function breakAt(context: FeedContext, id: number): void {
  const row = context.entries.byId(id)
  const feed = row === null ? null : context.feeds.byId(row.feed)
  if (row === null || feed === null || context.leaving.has(feed.id)) return
  if (row.place === place.chain) {
    markBroken(context, feed, { length: row.length, cid: row.cid, code: 'signature' })
    context.feeds.save(feed)
  } else context.entries.setPlace(id, place.broken, context.days.stamp())
}

/** Types that act only now. */
function act(context: FeedContext, id: number, type: string): void {
  const row = context.entries.byId(id)
  const feed = row === null ? null : context.feeds.byId(row.feed)
  if (row === null || feed === null || context.leaving.has(feed.id)) return
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

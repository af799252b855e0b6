/**
 * Bytes that go: hidden ones whose time has come, and feeds that are forgotten (spec S7, S14).
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { place } from '../schema.ts'
import type { FeedContext } from './context.ts'
import { evidence, type Feed } from './feed-table.ts'
import { takeOffAbove } from './places.ts'

/** Drops what has been hidden for so many counted days, for longer in some feeds. Gives how many entries went. */
export function dropHidden(
  { db, entries, unverified, days, projector }: FeedContext,
  after: number,
  longer: { readonly feeds: ReadonlySet<number>; readonly days: number },
): number {
  const rows = [
    ...db.rows<{ id: number; feed: number; place: number; hidden_at: number }>(
      'select id, feed, place, hidden_at from entries where hidden_at is not null and hidden_at < ?',
      days.stampBefore(after),
    ),
  ]
  const gone: number[] = []
  for (const { id, feed, place: where, hidden_at } of rows) {
    if (longer.feeds.has(feed) && hidden_at >= days.stampBefore(longer.days)) continue
    // Branches of a dispute are what an owner heals from.
    if (where === place.disputed) continue
    projector.drop?.(id)
    if (where === place.chain) entries.dropBody(id)
    else gone.push(id)
  }
  unverified.remove(gone)
  for (const id of gone) entries.delete(id)
  return gone.length
}

/** A feed with more rows goes in parts, unless it is watched. */
export const wholeRows = 2048

/** Of one part: some 30 ms. */
export const partRows = 512

/** Everything of a feed but its row, its erasures and the evidence against it. The caller saves the feed. */
export function forgetFeed(context: FeedContext, feed: Feed): void {
  if (feed.watched || !isLarge(context, feed)) {
    dropRows(context, feed, Number.MAX_SAFE_INTEGER)
    if (!context.leaving.has(feed.id)) dropAnchors(context, feed)
    finish(context, feed)
    return
  }
  if (context.leaving.has(feed.id)) return
  // Those that come from now on are for what comes next.
  dropAnchors(context, feed)
  context.leaving.add(feed.id)
  context.feedKeys.drop(feed.identity)
  context.changes.touchViews()
}

/** A part of what is being forgotten, in a transaction. Gives whether there is more. */
export function forgetPart(context: FeedContext): boolean {
  const [id] = context.leaving.all()
  const feed = id === undefined ? null : context.feeds.byId(id)
  if (feed === null) return false
  if (context.changes.unseen(() => dropRows(context, feed, partRows)) < partRows) {
    finish(context, feed)
    context.changes.touchViews()
    context.changes.touchFeed(feed.identity)
  }
  context.feeds.save(feed)
  return !context.leaving.isEmpty()
}

/** Whoever wants a feed again, or adds to it, finds nothing of what it was. */
export function finishForgetting(context: FeedContext, identity: Identity): void {
  if (context.leaving.isEmpty()) return
  const feed = context.feeds.find(identity)
  if (feed === null || !context.leaving.has(feed.id)) return
  while (dropRows(context, feed, partRows) === partRows);
  finish(context, feed)
  context.changes.touchViews()
  context.feeds.save(feed)
}

function isLarge({ db }: FeedContext, feed: Feed): boolean {
  const rows = db.first<{ n: number }>(
    `select count(*) as n from (select 1 from entries where feed = ? and place <> ${place.chain} limit ${wholeRows + 1})`,
    feed.id,
  )
  return feed.heldCount + (rows?.n ?? 0) > wholeRows
}

/**
 * At most so many rows, first those off the chain, then from the top downwards: what is left is as whole as that of a
 * feed which lost its end. Gives how many went: fewer when nothing is left.
 */
function dropRows(context: FeedContext, feed: Feed, limit: number): number {
  const { db, entries, unverified, projector } = context
  const offChain = (most: number): number[] =>
    Array.from(
      db.rows<{ id: number }>(
        `select id from entries where feed = ? and place <> ${place.chain} order by length desc limit ?`,
        feed.id,
        most,
      ),
      ({ id }) => id,
    )
  let ids = offChain(limit)
  if (ids.length < limit) {
    const rest = db.first<{ length: number }>(
      `select length from entries where feed = ? and place = ${place.chain} order by length desc limit 1 offset ?`,
      feed.id,
      limit - ids.length,
    )
    takeOffAbove(context, feed, rest?.length ?? 0, place.hidden)
    ids = offChain(limit)
  }
  unverified.remove(ids)
  for (const id of ids) {
    projector.drop?.(id)
    entries.delete(id)
  }
  return ids.length
}

function dropAnchors({ feeds }: FeedContext, feed: Feed, ofEpoch = -1): void {
  for (const { record, dispute } of feeds.evidence(feed)) {
    if (dispute === evidence.anchor && record.head.epoch !== ofEpoch) feeds.dropEvidence(feed, record)
  }
}

/** Once nothing of it is left. */
function finish(context: FeedContext, feed: Feed): void {
  const { feedKeys, leaving } = context
  dropAnchors(context, feed, feed.record?.head.epoch)
  // Keys that came while it went are for what comes next.
  if (!leaving.has(feed.id)) feedKeys.drop(feed.identity)
  leaving.remove(feed.id)
  feed.chainEpoch = feed.record?.head.epoch ?? 0
  feed.broken = null
  feed.disputedAbove = null
}

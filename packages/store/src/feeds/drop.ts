/**
 * Bytes that go: hidden ones whose time has come, and feeds that are forgotten (spec S7).
 *
 * @module
 */
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

/** Everything of a feed but its row, its erasures and the evidence against it. */
export function forgetFeed(context: FeedContext, feed: Feed): void {
  const { db, entries, unverified, feeds, projector } = context
  takeOffAbove(context, feed, 0, place.hidden)
  const ids = [...db.rows<{ id: number }>('select id from entries where feed = ? and place <> 0', feed.id)]
  unverified.remove(ids.map(({ id }) => id))
  for (const { id } of ids) {
    projector.drop?.(id)
    entries.delete(id)
  }
  for (const { record, dispute } of feeds.evidence(feed)) {
    if (dispute === evidence.anchor) feeds.dropEvidence(feed, record)
  }
  context.feedKeys.drop(feed.identity)
  feed.chainEpoch = feed.record?.head.epoch ?? 0
  feed.broken = null
  feed.disputedAbove = null
}

/**
 * From entries to what the views are told of them (spec S5).
 *
 *     insertEntry, showRow ─▶ Projector.show, unless the content is erased
 *
 * @module
 */
import { cidDigest, type SignedEntry } from '@effigy/core'
import { type Place, place } from '../schema.ts'
import { contentDigest, isDetached, payloadOf } from './content.ts'
import type { FeedContext } from './context.ts'
import { type EntryRow, signedEntry } from './entry-table.ts'
import { isErased } from './erased.ts'
import type { Feed } from './feed-table.ts'
import { noType } from './types.ts'

export interface Insertion {
  readonly place: Place
  readonly verified: boolean
  readonly seen: number
  /** Whether the feed has erased contents at all: asked once a run, not once an entry. */
  readonly hasErasures: boolean
}

/** Adds an entry that is not here, and shows it when its place is the chain. Gives its id. */
export function insertEntry(
  context: FeedContext,
  feed: Feed,
  signed: SignedEntry,
  givenBody: Uint8Array | null,
  insertion: Insertion,
): number {
  const { entries, types, projector } = context
  const { entry } = signed
  const cid = cidDigest(signed.cid)
  const content = contentDigest(entry.payload, context.sha256)
  const body = givenBody ?? (isDetached(entry) ? knownBody(context, content) : null)
  const payload = payloadOf(entry, body)
  const type = payload === null ? noType : types.idOf(payload.type)
  const { seen, verified } = insertion
  const id = entries.insert({
    feed: feed.id,
    length: entry.length,
    place: insertion.place,
    comparable: entry.comparable,
    seen,
    type,
    cid,
    content,
    bytes: signed.bytes,
  })
  if (body !== null) entries.putBody(id, body)
  if (insertion.place !== place.chain) return id
  feed.heldCount++
  feed.heldBytes += signed.bytes.length
  if (insertion.hasErasures && isErased(context, feed.id, content, type)) {
    entries.setPlace(id, place.chain, context.days.stamp())
    return id
  }
  projector.show({
    id,
    feed: feed.id,
    identity: feed.identity,
    cid: signed.cid,
    cidDigest: cid,
    contentDigest: content,
    length: entry.length,
    comparable: entry.comparable,
    seen,
    links: entry.links,
    verified,
    type,
    payload,
  })
  return id
}

/** A rewritten entry keeps its content, so its body may be here under the former one. */
function knownBody({ entries }: FeedContext, content: Uint8Array): Uint8Array | null {
  for (const row of entries.byContent(content)) {
    const body = entries.body(row.id)
    if (body !== null) return body
  }
  return null
}

/** Tells the views of an entry of the shown chain, as it is now; erased ones are left out. */
export function showRow(context: FeedContext, feed: Feed, row: EntryRow, signed = signedEntry(row)): void {
  const { projector, entries, types, unverified } = context
  const payload = payloadOf(signed.entry, isDetached(signed.entry) ? entries.body(row.id) : null)
  const type = payload === null ? noType : types.idOf(payload.type)
  if (type !== row.type) entries.setType(row.id, type)
  if (isErased(context, feed.id, row.content, type)) {
    if (row.hidden_at === null) entries.setPlace(row.id, place.chain, context.days.stamp())
    projector.hide(row.id)
    return
  }
  if (row.hidden_at !== null) entries.setPlace(row.id, place.chain, null)
  projector.show({
    id: row.id,
    feed: feed.id,
    identity: feed.identity,
    cid: signed.cid,
    cidDigest: row.cid,
    contentDigest: row.content,
    length: row.length,
    comparable: row.comparable,
    seen: row.seen,
    links: signed.entry.links,
    verified: !unverified.has(row.id),
    type,
    payload,
  })
}

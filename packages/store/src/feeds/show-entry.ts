/**
 * From entries to what the views are told of them (spec S5).
 *
 *     insertEntry, showRow ─▶ Projector.show, unless the content is erased
 *
 * @module
 */
import { cidDigest, type Payload, rawCidOfDigest, type SignedEntry, utf8 } from '@effigy/core'
import type { ProjectedEntry } from '../projector.ts'
import { type Place, place } from '../schema.ts'
import { blockDigest, heldLinks, isDetached, payloadOf, type ReadTexts } from './content.ts'
import type { FeedContext } from './context.ts'
import { type EntryRow, type NewEntry, signedEntry } from './entry-table.ts'
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

/** An entry that is not here, with its detached payload text as far as that came along. */
export interface GivenEntry {
  readonly signed: SignedEntry
  readonly body: Uint8Array | null
}

/** Adds an entry that is not here, and shows it when its place is the chain. Gives its id. */
export function insertEntry(
  context: FeedContext,
  feed: Feed,
  signed: SignedEntry,
  body: Uint8Array | null,
  insertion: Insertion,
): number {
  return insertEntries(context, feed, [{ signed, body }], insertion)
}

/** The same for many; gives the id of the first, the others follow. */
export function insertEntries(
  context: FeedContext,
  feed: Feed,
  given: readonly GivenEntry[],
  insertion: Insertion,
): number {
  const { entries, projector } = context
  const known: KnownBodies = new Map()
  const texts: ReadTexts = new Map()
  const list = given.map((one) => readEntry(context, feed, one, insertion, known, texts))
  const first = entries.insertAll(list.map(({ row }) => row))
  if (known.size > 0) copyBodies(context, list, first, known)
  if (insertion.place !== place.chain) return first
  const shown: ProjectedEntry[] = []
  for (const [at, { signed, row, payload }] of list.entries()) {
    const id = first + at
    const { content, type } = row
    feed.heldCount++
    feed.heldBytes += signed.bytes.length
    if (insertion.hasErasures && isErased(context, feed.id, content, type)) {
      entries.setPlace(id, place.chain, context.days.stamp())
      continue
    }
    shown.push({
      id,
      feed: feed.id,
      identity: feed.identity,
      cid: signed.cid,
      cidDigest: row.cid,
      contentDigest: content,
      length: row.length,
      comparable: row.comparable,
      seen: row.seen,
      links: heldLinks(signed, payload),
      verified: insertion.verified,
      type,
      payload,
    })
  }
  if (projector.showNew !== undefined) projector.showNew(shown)
  else for (const entry of shown) projector.show(entry)
  return first
}

/** Texts that were here already, by their names: many entries may have one. */
type KnownBodies = Map<string, Uint8Array | null>

function copyBodies(
  { entries }: FeedContext,
  list: readonly ReadEntry[],
  first: number,
  known: KnownBodies,
): void {
  for (const [at, { signed, row }] of list.entries()) {
    const body = row.body === null ? known.get(signed.entry.payload) : null
    if (body != null) entries.copyBody(first + at, row.content, body)
  }
}

interface ReadEntry {
  readonly signed: SignedEntry
  readonly row: NewEntry
  readonly payload: Payload | null
}

function readEntry(
  context: FeedContext,
  feed: Feed,
  { signed, body: givenBody }: GivenEntry,
  { place: where, seen }: Insertion,
  known: KnownBodies,
  texts: ReadTexts,
): ReadEntry {
  const { entry, bytes, sealed } = signed
  const { length, comparable } = entry
  const block = blockDigest(entry.payload)
  const content = block ?? context.textDigest?.(entry.payload) ?? context.sha256(utf8(entry.payload))
  const isKept = givenBody === null || context.isTakenDown?.(rawCidOfDigest(content)) !== true
  const body = isKept ? givenBody : null
  const text = block === null ? null : (body ?? knownBody(context, entry.payload, content, known))
  const payload = payloadOf(signed, text, texts)
  const type = payload === null ? noType : context.types.idOf(payload.type)
  const cid = cidDigest(signed.cid)
  const inner = sealed?.inner ?? null
  const row = {
    feed: feed.id,
    length,
    place: where,
    comparable,
    seen,
    type,
    cid,
    content,
    bytes,
    inner,
    body,
  }
  return { signed, row, payload }
}

/** A rewritten entry keeps its content, so its body may be here under the former one. */
function knownBody(
  context: FeedContext,
  name: string,
  content: Uint8Array,
  known: KnownBodies,
): Uint8Array | null {
  const found = known.get(name)
  if (found !== undefined) return found
  const body = context.entries.bodyOf(content) ?? arrivedBody(context, content)
  known.set(name, body)
  return body
}

/** It may have come as a block before its entry stood in the chain: a block that is here is announced once. */
function arrivedBody({ block }: FeedContext, content: Uint8Array): Uint8Array | null {
  return block?.(rawCidOfDigest(content)) ?? null
}

/** The body that an entry is shown with; one that came as a block is kept beside it from now on. */
function shownBody(context: FeedContext, row: EntryRow, text: Uint8Array | null): Uint8Array | null {
  const kept = text === null ? context.entries.body(row.id) : null
  const arrived = kept === null ? (text ?? arrivedBody(context, row.content)) : null
  if (arrived !== null) context.entries.copyBody(row.id, row.content, arrived)
  return kept ?? arrived
}

/** Tells the views of an entry of the shown chain, as it is now; erased ones are left out. `text`: its body, just here. */
export function showRow(
  context: FeedContext,
  feed: Feed,
  row: EntryRow,
  signed = signedEntry(row),
  text: Uint8Array | null = null,
): void {
  const { projector, entries, types, unverified } = context
  const payload = payloadOf(signed, isDetached(signed.entry) ? shownBody(context, row, text) : null)
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
    links: heldLinks(signed, payload),
    verified: !unverified.has(row.id),
    type,
    payload,
  })
}

/**
 * The chain before a rebase, as long as its hidden bytes are here (spec F10, R5): after one, most
 * entries only moved, so that a signature and the old position tell them.
 *
 *     1 ─ 2 ─ [3 ─ 4 ─ 5]      formerAt(4): what the asker has      formerChain: what the source knows of it
 *
 * @module
 */
import { cidDigest, equalBytes, type SignedEntry } from '@effigy/core'
import { place } from '../schema.ts'
import type { Locator } from '../store.ts'
import type { FeedContext } from './context.ts'
import { type EntryRow, signedEntry } from './entry-table.ts'
import type { Feed } from './feed-table.ts'

/** The entry that was the last to leave that place of the chain. */
export function formerAt(context: FeedContext, feed: Feed, length: number): SignedEntry | null {
  const row = formerRow(context, feed, length)
  return row === null ? null : signedEntry(row)
}

export function formerDigest(context: FeedContext, feed: Feed, length: number): Uint8Array | null {
  return formerRow(context, feed, length)?.cid ?? null
}

function formerRow(
  { db }: FeedContext,
  feed: Feed,
  length: number,
): Pick<EntryRow, 'cid' | 'bytes' | 'inner'> | null {
  return db.first<Pick<EntryRow, 'cid' | 'bytes' | 'inner'>>(
    `select cid, bytes, inner from entries where feed = ? and length = ? and place <> ${place.chain} and place = ${place.hidden}
     order by hidden_at desc, id desc limit 1`,
    feed.id,
    length,
  )
}

/** Where the chain ended that left its places last, above that length; null where none of it is here. */
export function formerTop({ db }: FeedContext, feed: Feed, above: number): number | null {
  const row = db.first<{ length: number }>(
    `select length from entries where feed = ? and length > ? and place <> ${place.chain} and place = ${place.hidden}
     order by hidden_at desc, length desc limit 1`,
    feed.id,
    above,
  )
  return row?.length ?? null
}

/** Whether something that left the chain is here for each length above `above` up to `top`: else it is none to build on. */
export function isFormerWhole({ db }: FeedContext, feed: Feed, above: number, top: number): boolean {
  const row = db.first<{ count: number }>(
    `select count(distinct length) as count from entries where feed = ? and length > ? and length <= ?
      and place <> ${place.chain} and place = ${place.hidden}`,
    feed.id,
    above,
    top,
  )
  return row?.count === top - above
}

/** The hidden chain that ends where the locator says, newest first, down to `above`; empty when it is not here. */
export function formerChain(
  { db, entries }: FeedContext,
  feed: Feed,
  { length, prefixes }: Locator,
  limits: { readonly above: number; readonly maxEntries: number; readonly maxBytes: number },
): readonly SignedEntry[] {
  if (length <= limits.above || prefixes.length < 8) return []
  const ends = db.rows<EntryRow>(
    `select * from entries where feed = ? and length = ? and place <> ${place.chain} and place = ${place.hidden}`,
    feed.id,
    length,
  )
  const isEnd = ({ cid }: EntryRow) => equalBytes(cid.subarray(0, 8), prefixes.subarray(0, 8))
  let row = [...ends].find(isEnd) ?? null
  const chain: SignedEntry[] = []
  let left = limits.maxBytes
  while (row !== null && row.feed === feed.id && row.length > limits.above && row.place === place.hidden) {
    left -= row.bytes.length
    if (left < 0 || chain.length === limits.maxEntries) break
    const signed = signedEntry(row)
    chain.push(signed)
    const { parent }: SignedEntry['entry'] = signed.entry
    row = parent === null ? null : entries.byDigest(cidDigest(parent))
  }
  return chain
}

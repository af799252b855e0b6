/**
 * Erased contents (spec P9, S7): the chain stays, the content is hidden at once.
 *
 *     verified `erase` ─allowed?▶ row of `erasures` ─▶ entries with that content hidden
 *
 * @module
 */
import { cidDigest, type Erase, eraseEffect, type SignedEntry, type Synod } from '@effigy/core'
import { place } from '../schema.ts'
import { payloadOf } from './content.ts'
import type { FeedContext } from './context.ts'
import { type EntryRow, signedEntry } from './entry-table.ts'
import type { Feed } from './feed-table.ts'
import { showRow } from './show-entry.ts'

/** What a verified `erase` of the shown chain does. Repeating is harmless. */
export function applyErase(context: FeedContext, feed: Feed, row: EntryRow, signed: SignedEntry): void {
  const payload = payloadOf(signed, null)
  if (payload?.type !== 'erase') return
  const { db, feeds } = context
  const state = synodState(context, signed)
  // Also of one that counts: it may turn out not to (Y8).
  if (signed.entry.synod !== null && state !== null) {
    db.run(
      'insert or ignore into waiting_erasures (synod, entry) values (?, ?)',
      cidDigest(signed.entry.synod[1]),
      row.id,
    )
  }
  // Of its own feed anybody may erase, whatever its synod says.
  const effect = eraseEffect(feed.identity, payload as Erase, state === 'missing' ? null : state)
  for (const { identity, content } of effect.contents) {
    const isOther = identity !== feed.identity && state !== null && state !== 'missing'
    if (isOther && context.mayClaim?.(state, identity) === false) continue
    const target = identity === feed.identity ? feed : feeds.ensure(identity, context.now())
    const digest = cidDigest(content)
    db.run(
      'insert or ignore into erasures (feed, content, entry) values (?, ?, ?)',
      target.id,
      digest,
      row.id,
    )
    showAgain(context, target, digest)
    context.changes.touchFeed(identity)
  }
}

/** The entry that erased is no longer shown: what only it hid comes back, unless it is dropped already. */
export function undoErase(context: FeedContext, entry: number): void {
  const { db } = context
  const rows = [
    ...db.rows<{ feed: number; content: Uint8Array }>(
      'select feed, content from erasures where entry = ?',
      entry,
    ),
  ]
  db.run('delete from erasures where entry = ?', entry)
  db.run('delete from waiting_erasures where entry = ?', entry)
  for (const { feed: id, content } of rows) {
    const feed = context.feeds.byId(id)
    if (feed !== null) showAgain(context, feed, content)
  }
}

/** A synod's state is here and verified, or counts no longer: erases that named it are looked at again. */
export function resumeErasures(context: FeedContext, synodEntry: Uint8Array): void {
  const { db, entries, feeds } = context
  const waiting = [
    ...db.rows<{ entry: number }>('select entry from waiting_erasures where synod = ?', synodEntry),
  ]
  for (const { entry } of waiting) {
    undoErase(context, entry)
    const row = entries.byId(entry)
    const feed = row === null ? null : feeds.byId(row.feed)
    if (row === null || feed === null || row.place !== place.chain || context.unverified.has(row.id)) continue
    applyErase(context, feed, row, signedEntry(row))
  }
}

/** Shows or hides the entries of a feed that carry this content, as the erasures now say. */
function showAgain(context: FeedContext, feed: Feed, content: Uint8Array): void {
  for (const row of context.entries.byContent(content)) {
    if (row.feed === feed.id && row.place === place.chain) showRow(context, feed, row)
  }
  context.changes.touchViews()
}

/** The synod state that an entry names: null when it names none, or none that is proven. Only a verified one counts (F8). */
function synodState(
  { entries, unverified, isProvenSynod }: FeedContext,
  { entry }: SignedEntry,
): Synod | null | 'missing' {
  if (entry.synod === null) return null
  const [, head] = entry.synod
  const row = entries.byDigest(cidDigest(head))
  if (row === null || row.place === place.broken || unverified.has(row.id)) return 'missing'
  const signed = signedEntry(row)
  const named = signed.entry
  if (named.identity !== entry.synod[0]) return null
  const payload = payloadOf(signed, null)
  if (payload?.type !== 'synod') return null
  const state = payload as Synod
  // Anybody can list anybody: a state says something of others only once that is proven.
  const isProven = isProvenSynod?.(state, named.identity, head) ?? false
  if (isProven === 'pending') return 'missing'
  return isProven ? state : null
}

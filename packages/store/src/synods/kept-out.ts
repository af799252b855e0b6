/**
 * Heads that a limit keeps out (spec S35): remembered for ever all the same (H4), because a move may lift the limit, and
 * then the feed goes on as if nothing had been.
 *
 * @module
 */
import { cidDigest, compareHeads, type HeadRecord, rawCidOfDigest } from '@effigy/core'
import type { FeedContext } from '../feeds/context.ts'
import type { Feed } from '../feeds/feed-table.ts'
import { isUnsigned } from './limit.ts'

/** `held`: the highest when the limit came. `beyond`: the highest that was refused since. */
export const keptOut = { held: 0, beyond: 1 } as const

export type Kind = (typeof keptOut)[keyof typeof keptOut]

/** Keeps the higher one. */
export function keepOut(context: FeedContext, feed: Feed, kind: Kind, record: HeadRecord | null): void {
  if (record === null || isUnsigned(record)) return
  const known = keptOutHead(context, feed, kind)
  if (known !== null && compareHeads(known.head, record.head) >= 0) return
  const { epoch, length, comparable, bytes, head } = record.head
  context.db.run(
    `insert or replace into kept_out_heads (feed, kind, epoch, length, comparable, bytes, head, signature)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    feed.id,
    kind,
    epoch,
    length,
    comparable,
    bytes,
    cidDigest(head),
    record.signature,
  )
}

type Row = {
  readonly epoch: number
  readonly length: number
  readonly comparable: number
  readonly bytes: number
  readonly head: Uint8Array
  readonly signature: Uint8Array
}

export function keptOutHead({ db }: FeedContext, { id, identity }: Feed, kind: Kind): HeadRecord | null {
  const row = db.first<Row>(
    'select epoch, length, comparable, bytes, head, signature from kept_out_heads where feed = ? and kind = ?',
    id,
    kind,
  )
  if (row === null) return null
  const { epoch, length, comparable, bytes, head, signature } = row
  return { head: { identity, epoch, length, comparable, bytes, head: rawCidOfDigest(head) }, signature }
}

export function forgetKeptOut({ db }: FeedContext, { id }: Feed): void {
  db.run('delete from kept_out_heads where feed = ?', id)
}

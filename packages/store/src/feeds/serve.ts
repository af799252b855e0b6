/**
 * Entries for others (spec R3, R8): verified ones alone, newest first, oldest first inside.
 *
 * @module
 */
import { cidDigest, type RawCid } from '@effigy/core'
import { place } from '../schema.ts'
import type { FeedStore, ServedEntry } from '../store.ts'
import type { FeedContext } from './context.ts'
import { type EntryRow, type EntryWithBody, signedEntry } from './entry-table.ts'
import type { Feed } from './feed-table.ts'

export type ServeOptions = Parameters<FeedStore['serve']>[2]

export function serve(
  context: FeedContext,
  feed: Feed,
  from: RawCid,
  options: ServeOptions,
): readonly ServedEntry[] {
  const { entries, unverified } = context
  const start = entries.byDigest(cidDigest(from))
  if (start === null || start.feed !== feed.id) return []
  const served: ServedEntry[] = []
  let left = options.maxBytes
  let length = start.length
  for (const row of descend(context, feed, start, options)) {
    // A hole, or an entry whose signature is still to be checked: what lies below does not connect.
    if (row.length !== length || unverified.has(row.id)) break
    const { body } = row
    left -= row.bytes.length + (body?.length ?? 0)
    // One entry always goes, or nobody would ever come past it.
    if (served.length > 0 && left < 0) break
    served.push({ entry: signedEntry(row), body })
    length--
    if (served.length >= options.maxEntries) break
  }
  return served.reverse()
}

/** Branches of a dispute are served too, to who asks for them by CID (F9). */
function* descend(
  { entries }: FeedContext,
  feed: Feed,
  start: EntryRow,
  { above, bodies, hidden = false, maxEntries: limit }: ServeOptions,
): Iterable<EntryWithBody> {
  let row: EntryRow | null = start
  const isOff = ({ place: at }: EntryRow): boolean => at === place.disputed || (hidden && at === place.hidden)
  while (row !== null && isOff(row) && row.feed === feed.id && row.length > above) {
    yield { ...row, body: bodies ? entries.body(row.id) : null }
    const { parent }: { parent: RawCid | null } = signedEntry(row).entry
    row = parent === null ? null : entries.byDigest(cidDigest(parent))
  }
  if (row === null || row.place !== place.chain || row.feed !== feed.id) return
  yield* entries.downFrom(feed.id, row.length, above + 1, { limit, bodies })
}

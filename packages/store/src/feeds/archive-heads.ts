/**
 * Which signed records an archive of a feed hangs from (spec Z7): the highest one known may name an entry that nobody has.
 *
 *     known records ─entry here, as claimed▶ tops        ─else▶ beside
 *
 * @module
 */
import { cidDigest, compareHeads, equalBytes, type HeadRecord } from '@effigy/core'
import { place } from '../schema.ts'
import type { ArchiveHeads } from '../store.ts'
import { keptOut, keptOutHead } from '../synods/kept-out.ts'
import { isUnsigned } from '../synods/limit.ts'
import type { FeedContext } from './context.ts'
import type { Feed } from './feed-table.ts'
import { isFalseClaim } from './forks.ts'

export function archiveHeads(context: FeedContext, feed: Feed): ArchiveHeads {
  const known = new Map<string, HeadRecord>()
  const others = [keptOut.held, keptOut.beyond].map((kind) => keptOutHead(context, feed, kind))
  const evidence = [...new Set([feed.chainEpoch, feed.record?.head.epoch ?? feed.chainEpoch])].flatMap(
    (epoch) => context.feeds.evidence(feed, epoch).map(({ record }) => record),
  )
  for (const record of [feed.record, ...others, ...evidence]) {
    if (record !== null && !isUnsigned(record)) known.set(`${record.head.epoch} ${record.head.head}`, record)
  }
  const ascending = [...known.values()].sort((a, b) => compareHeads(a.head, b.head))
  const isTop = (record: HeadRecord): boolean => isHere(context, feed, record)
  return { tops: ascending.filter(isTop), beside: ascending.filter((record) => !isTop(record)) }
}

/** On the shown chain, or on a branch of the dispute. */
function isHere(context: FeedContext, feed: Feed, record: HeadRecord): boolean {
  const { head } = record
  if (head.epoch !== feed.chainEpoch || isFalseClaim(context, feed, record)) return false
  const digest = cidDigest(head.head)
  const shown = context.entries.at(feed.id, head.length)
  if (shown !== null && equalBytes(shown.cid, digest)) return true
  if (feed.disputedAbove === null) return false
  const row = context.entries.byDigest(digest)
  return row !== null && row.feed === feed.id && row.place === place.disputed
}

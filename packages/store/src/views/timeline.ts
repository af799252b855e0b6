/**
 * Timelines: the newest of some feeds among very many entries, at a bounded price (spec S20).
 *
 *     1. walk the common order while what is met is mostly wanted      (few rows looked at)
 *     2. else ask every feed for its newest and merge those            (one look a feed)
 *
 * The first is right for a peer that watches most of what it stores, the second for one that watches
 * a few of many; which it is shows after `walkedRows`.
 *
 * @module
 */
import type { Sqlite } from '../sqlite.ts'
import { mergeRows, newerFirst, type Position } from './pages.ts'
import { type Hidden, hiddenValues, unhidden } from './people.ts'
import { timelineOf } from './tables.ts'

export interface TimelineQuery {
  readonly comments: boolean
  /** `feeds.id`; null for all that are watched. */
  readonly feeds: readonly number[] | null
  /** Of those that are watched for others' sake alone, how far away they are at most. */
  readonly hops: number
  readonly hidden: Hidden
}

/** Rows of the common order that are looked at before the feeds are asked one by one: about a millisecond. */
const walkedRows = 2000

/** Rows that are looked at for a count: some ten milliseconds. */
const countedRows = 20_000

/** For so few feeds the walk is not worth a try. */
const fewFeeds = 32

/** Up to `count` rows after `position`, newest first. */
export function timelineRows(
  db: Sqlite,
  query: TimelineQuery,
  position: Position,
  count: number,
): readonly Position[] {
  return mergeRows(
    kindsOf(query).map((kind) => rowsOfKind(db, kind, query, position, count)),
    newerFirst,
    count,
  )
}

/** Up to `count` rows with a label after `position`, newest first; of tags that were given later, the tag. */
export function labelledRows(
  db: Sqlite,
  query: TimelineQuery,
  label: string,
  { sort, entry }: Position,
  count: number,
): readonly Position[] {
  return [
    ...db.rows<Row>(
      `select x.sort, x.entry from labels x join items i on i.entry = x.entry
       where x.label = ? and (x.sort, x.entry) < (?, ?) and ${wantedBy(query)} and ${unhidden}
       order by x.sort desc, x.entry desc limit ?`,
      label,
      sort,
      entry,
      listedBy(query),
      ...hiddenValues(query.hidden),
      count,
    ),
  ]
}

/** How many stand above `sort`: up to `most`, among the newest `countedRows` of each kind. */
export function countTimeline(db: Sqlite, query: TimelineQuery, sort: number, most: number): number {
  const counts = kindsOf(query).map(
    (kind) =>
      db.first<{ count: number }>(
        `select count(*) as count from (
           select 1 from (
             select sort, entry, feed from items where timeline = ? and timeline > 0 and sort > ?
             order by sort desc, entry desc limit ${countedRows}
           ) i where ${wantedBy(query)} and ${unhidden} limit ?
         )`,
        kind,
        sort,
        listedBy(query),
        ...hiddenValues(query.hidden),
        most,
      )?.count ?? 0,
  )
  return Math.min(
    most,
    counts.reduce((sum, each) => sum + each, 0),
  )
}

const kindsOf = ({ comments }: TimelineQuery): readonly number[] =>
  comments ? [timelineOf.notes, timelineOf.comments] : [timelineOf.notes]

const wantedBy = ({ feeds }: TimelineQuery): string => (feeds === null ? isWatched : isListed)

const listedBy = ({ feeds, hops }: TimelineQuery): Listed => (feeds === null ? hops : JSON.stringify(feeds))

function rowsOfKind(
  db: Sqlite,
  kind: number,
  query: TimelineQuery,
  position: Position,
  count: number,
): readonly Position[] {
  const listed = listedBy(query)
  if (query.feeds === null || query.feeds.length > fewFeeds) {
    const walked = walk(db, kind, listed, query.hidden, position, count)
    if (walked.length >= count) return walked
  }
  return merge(db, kind, listed, query.hidden, position, count)
}

const isWatched = 'exists (select 1 from feeds f where f.id = i.feed and f.watched = 1 and f.hop <= ?)'
const isListed = 'i.feed in (select value from json_each(?))'

function walk(
  db: Sqlite,
  kind: number,
  listed: Listed,
  hidden: Hidden,
  { sort, entry }: Position,
  count: number,
): readonly Position[] {
  const wanted = typeof listed === 'number' ? isWatched : isListed
  const sql = `
    select i.sort, i.entry from (
      select sort, entry, feed from items where timeline = ? and timeline > 0 and (sort, entry) < (?, ?)
      order by sort desc, entry desc limit ${walkedRows}
    ) i where ${wanted} and ${unhidden} limit ?`
  return [...db.rows<Row>(sql, kind, sort, entry, listed, ...hiddenValues(hidden), count)]
}

type Row = { readonly sort: number; readonly entry: number }

/** Feeds, as a JSON list, or how far away watched ones are at most. */
type Listed = string | number

/** All of it, exactly: the rest of the position's own instant, then feed by feed from the newest down. */
function merge(
  db: Sqlite,
  kind: number,
  listed: Listed,
  hidden: Hidden,
  position: Position,
  count: number,
): readonly Position[] {
  const wanted = typeof listed === 'number' ? isWatched : isListed
  let found: readonly Position[] = [
    ...db.rows<Row>(
      `select i.sort, i.entry from items i
       where i.timeline = ? and i.timeline > 0 and i.sort = ? and i.entry < ? and ${wanted} and ${unhidden}
       order by i.entry desc limit ?`,
      kind,
      position.sort,
      position.entry,
      listed,
      ...hiddenValues(hidden),
      count,
    ),
  ]
  for (const { feed, top } of feedsByNewest(db, kind, listed, hidden, position.sort)) {
    const floor = found.length < count ? 0 : (found.at(-1)?.sort ?? 0)
    if (top < floor) break
    const rows = [
      ...db.rows<Row>(
        `select i.sort, i.entry from items i
         where i.feed = ? and i.timeline = ? and i.timeline > 0 and i.sort >= ? and i.sort < ? and ${unhidden}
         order by i.sort desc, i.entry desc limit ?`,
        feed,
        kind,
        floor,
        position.sort,
        ...hiddenValues(hidden),
        count,
      ),
    ]
    found = mergeRows([found, rows], newerFirst, count)
  }
  return found
}

/** The feeds that have something before `sort`, the one with the newest first. */
function feedsByNewest(
  db: Sqlite,
  kind: number,
  listed: Listed,
  hidden: Hidden,
  sort: number,
): Iterable<{ readonly feed: number; readonly top: number }> {
  const feeds =
    typeof listed === 'number' ? 'f.watched = 1 and f.hop <= ?' : 'f.id in (select value from json_each(?))'
  return db.rows<{ feed: number; top: number }>(
    `select feed, top from (
       select f.id as feed, (
         select max(i.sort) from items i where i.feed = f.id and i.timeline = ? and i.timeline > 0 and i.sort < ?
       ) as top
       from feeds f where ${feeds} and f.id not in (select value from json_each(?))
     ) where top is not null order by top desc`,
    kind,
    sort,
    listed,
    hidden.feeds,
  )
}

/**
 * In which order wanted blobs are asked for (spec B17): newest first, and each feed gets its share.
 *
 *     feed 1   n1 n2 n3 n4 n5 … nobody has them ┐
 *     feed 2   m1 m2                            ├─▶ n1 m1 o1 │ n2 m2 │ n3 …
 *     feed 3   o1                               ┘
 *
 * @module
 */
import { cidOfBytes, identityOfKey, maxDetachedBytes } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import type { BlobWant, WatchPolicy } from '../store.ts'

export type BlobPolicy = WatchPolicy['blobs']

/** With more feeds than fit, how often in a row the same ones are asked about: each other list is a new question. */
const callsPerTurn = 64

type WantRow = {
  readonly root: Uint8Array
  readonly size: number
  readonly sort: number
  readonly identity: Uint8Array
}

export interface WantOrder {
  /** What the table's `wants` does. */
  wants(limit: number, spare: number): readonly BlobWant[]
  /** Something may be wanted that was not: called with each write that could make it so, and after a roll-back. */
  added(): void
}

/** Keeps whose turn it is, and whether nothing is wanted: each session of a hub begins with that question. */
export function wantOrder(db: Sqlite): WantOrder {
  let isNothingWanted = false
  /** The feeds above it have their turn. */
  let below = 0
  let calls = 0

  /** Feeds with ids above that one, ascending, that want something: one look at the index each. */
  function wantingFeeds(above: number, limit: number): readonly number[] {
    const rows = db.rows<{ feed: number }>(
      `with recursive wanting (feed) as (
         select min(feed) from blob_links where wanted = 1 and feed > ?
         union all
         select (select min(feed) from blob_links where wanted = 1 and feed > wanting.feed)
           from wanting where wanting.feed is not null
       )
       select feed from wanting where feed is not null limit ?`,
      above,
      limit,
    )
    return Array.from(rows, ({ feed }) => feed)
  }

  function feedsInTurn(limit: number): readonly number[] {
    const feeds = wantingFeeds(below, limit)
    const isCut = feeds.length === limit
    const others = isCut || below === 0 ? [] : wantingFeeds(0, limit - feeds.length)
    calls++
    if (calls % callsPerTurn === 0) below = isCut ? (feeds.at(-1) ?? 0) : 0
    return [...new Set([...feeds, ...others])]
  }

  function newest(limit: number): readonly WantRow[] {
    return [
      ...db.rows<WantRow>(
        `select l.root, l.size, l.sort, f.identity from blob_links l join feeds f on f.id = l.feed
          where l.wanted = 1 order by l.sort desc limit ?`,
        limit,
      ),
    ]
  }

  function newestOf(feed: number, limit: number): Iterable<WantRow> {
    return db.rows<WantRow>(
      `select l.root, l.size, l.sort, f.identity from blob_links l join feeds f on f.id = l.feed
        where l.wanted = 1 and l.feed = ? order by l.sort desc limit ?`,
      feed,
      limit,
    )
  }

  function shares(limit: number, spare: number): readonly WantRow[] {
    const feeds = feedsInTurn(limit)
    const share = Math.ceil((limit + spare) / Math.max(1, feeds.length))
    const ranked: { readonly row: WantRow; readonly rank: number }[] = []
    for (const feed of feeds) {
      let rank = 0
      for (const row of newestOf(feed, share)) ranked.push({ row, rank: rank++ })
    }
    ranked.sort((a, b) => a.rank - b.rank || b.row.sort - a.row.sort)
    return ranked.map(({ row }) => row)
  }

  return {
    wants(limit, spare) {
      if (isNothingWanted) return []
      const rows = newest(limit + 1)
      isNothingWanted = rows.length === 0
      const isAll = rows.length <= limit
      // What some feeds leave of their shares goes to the newest of all.
      return (isAll ? rows : [...shares(limit, spare), ...rows]).flatMap(wantOf)
    },
    added() {
      isNothingWanted = false
    },
  }
}

export function isWantedBy(policy: BlobPolicy | null, size: number, isText: boolean): boolean {
  return size <= largestWanted(policy) || (isText && policy !== null && size <= maxDetachedBytes)
}

/** Bytes of the largest blob that the policy fetches by itself; −1 for none. */
export function largestWanted(policy: BlobPolicy | null): number {
  switch (policy?.type) {
    case 'all':
      return Number.MAX_SAFE_INTEGER
    case 'up-to':
      return policy.bytes
    case 'none':
    case undefined:
      return -1
  }
}

function wantOf({ root, size, identity }: WantRow): readonly BlobWant[] {
  const cid = cidOfBytes(root)
  return cid === null ? [] : [{ root: cid, size, identity: identityOfKey(identity) }]
}

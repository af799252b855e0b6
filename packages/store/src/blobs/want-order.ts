/**
 * In which order wanted blobs are asked for (spec B17): newest first, and each feed gets its share. Half of a share that is full
 * goes through what is older, turn by turn.
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

/** Ms for which the same ones are asked about, where more are wanted than fit: each other list is a new question. */
export const wantTurnMs = 60_000

type WantRow = {
  readonly root: Uint8Array
  readonly size: number
  readonly sort: number
  readonly identity: Uint8Array
}

export interface WantOrder {
  /** What the table's `wants` does. */
  wants(limit: number, spare: number): readonly BlobWant[]
  /** Another number when others have their turn. */
  turn(): number
  /** Something may be wanted that was not: called with each write that could make it so, and after a roll-back. */
  added(): void
}

/** Keeps whose turn it is, and whether nothing is wanted: each session of a hub begins with that question. */
export function wantOrder(db: Sqlite, now: () => number): WantOrder {
  let isNothingWanted = false
  /** The feeds above it have their turn, and the next. */
  let below = 0
  let nextBelow = 0
  /** Of feeds with more than their share: how many of their newest were passed over, and will be. */
  const passed = new Map<number, number>()
  const nextPassed = new Map<number, number>()
  let lastTurn = 0

  const turn = (): number => Math.floor(now() / wantTurnMs)

  function takeTurns(): void {
    if (turn() === lastTurn) return
    lastTurn = turn()
    below = nextBelow
    for (const [feed, count] of nextPassed) {
      if (count === 0) passed.delete(feed)
      else passed.set(feed, count)
    }
  }

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
    nextBelow = isCut ? (feeds.at(-1) ?? 0) : 0
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

  function newestOf(feed: number, limit: number, offset = 0): readonly WantRow[] {
    return [
      ...db.rows<WantRow>(
        `select l.root, l.size, l.sort, f.identity from blob_links l join feeds f on f.id = l.feed
          where l.wanted = 1 and l.feed = ? order by l.sort desc limit ? offset ?`,
        feed,
        limit,
        offset,
      ),
    ]
  }

  /** What nobody has may be its newest: some older ones are asked for as well, others each turn. */
  function shareOf(feed: number, share: number): readonly WantRow[] {
    const rows = newestOf(feed, share)
    if (rows.length < share) return rows
    const newest = Math.floor(share / 2)
    const offset = Math.max(newest, passed.get(feed) ?? 0)
    const older = newestOf(feed, share - newest, offset)
    nextPassed.set(feed, older.length < share - newest ? 0 : offset + older.length)
    return [...rows.slice(0, newest), ...older]
  }

  function shares(limit: number): readonly WantRow[] {
    const feeds = feedsInTurn(limit)
    const share = Math.max(1, Math.floor(limit / Math.max(1, feeds.length)))
    const ranked: { readonly row: WantRow; readonly rank: number }[] = []
    nextPassed.clear()
    for (const feed of feeds)
      for (const [rank, row] of shareOf(feed, share).entries()) ranked.push({ row, rank })
    ranked.sort((a, b) => a.rank - b.rank || b.row.sort - a.row.sort)
    return ranked.map(({ row }) => row)
  }

  return {
    wants(limit, spare) {
      if (isNothingWanted) return []
      takeTurns()
      const rows = newest(limit + spare)
      isNothingWanted = rows.length === 0
      const isAll = rows.length <= limit
      // What some feeds leave of their shares goes to the newest of all.
      return (isAll ? rows : [...shares(limit), ...rows]).flatMap(wantOf)
    },
    turn,
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

/**
 * What a person is told of: answers, mentions, reactions, new followers (spec S44).
 *
 *     mentions, responses of own identities ─newest first▶ rows ─read▶ Notice        what no longer stands: nothing
 *
 * @module
 */
import {
  type ContentName,
  type Identity,
  identityKey,
  identityOfKey,
  type Payload,
  type Reference,
} from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import type { Item, Page, PageRequest } from '../store.ts'
import { isSuperseded } from './claims.ts'
import { feedIdOf, type ItemReader } from './items.ts'
import { maxPosition, mergeRows, newerFirst, type Position, readPage } from './pages.ts'
import { type Hidden, hiddenValues, unhidden, upperHex } from './people.ts'
import type { Resolver, Siblings } from './resolve.ts'
import { claimKind } from './tables.ts'

export interface Notice {
  /** `reply`: a comment on something of one's own; `mention`: a note or comment that names one. */
  readonly kind: 'reply' | 'mention' | 'reaction' | 'follow'
  /** The entry that says so. */
  readonly item: Item
  /** What it is about: one's own, of replies and reactions; null: it is none of these, or not here. */
  readonly target: Item | null
  /** Where the conversation begins that it belongs to; null: of a follow. */
  readonly thread: ContentName | null
}

export interface Notices {
  /** What others said and did about an account, the newest first; nothing of those who are blocked or muted. */
  list(of: Identity, page?: PageRequest): Page<Notice>
  /** Of the newest 1,000, those that are `wanted` by author and comparable; read one by one. */
  newest(of: Identity, wanted: (author: Identity, comparable: number) => boolean): Iterable<Notice>
}

/** Rows that are looked at for what is unread. */
const newestRows = 1_000

type Row = {
  readonly sort: number
  readonly entry: number
  readonly author: Uint8Array
  readonly comparable: number
}

export interface NoticesPorts {
  readonly items: ItemReader
  readonly resolver: Pick<Resolver, 'resolve'>
  readonly siblings: Siblings
  readonly hidden: () => Hidden
}

export function createNotices(db: Sqlite, { items, resolver, siblings, hidden }: NoticesPorts): Notices {
  const accountOf = (identity: Identity): readonly Identity[] => [
    ...new Set([identity, ...siblings(identity)]),
  ]

  const feedsOf = (author: Identity): readonly number[] =>
    accountOf(author).flatMap((identity) => feedIdOf(db, identity) ?? [])

  function rowsOf(own: readonly Identity[], position: Position, count: number): readonly Row[] {
    const feeds = JSON.stringify(own.flatMap((identity) => feedIdOf(db, identity) ?? []))
    const shunned = hiddenValues(hidden())
    const lists = own.flatMap((identity) =>
      sources.map((sql) => [
        ...db.rows<Row>(sql, identityKey(identity), position.sort, position.entry, feeds, ...shunned, count),
      ]),
    )
    return mergeRows(lists, newerFirst, count)
  }

  /** Null: it is about nothing of theirs, or no longer so. */
  function noticeOf(own: ReadonlySet<Identity>, { entry }: Position): Notice | null {
    const item = items.byId(entry)
    if (item?.state.type !== 'shown') return null
    const { payload } = item.state
    switch (payload.type) {
      case 'tag':
        return isOutdone(item.identity, entry) ? null : reaction(own, item, payload.target)
      case 'follow': {
        const isNews = !isOutdone(item.identity, entry) && isFirstFollow(own, item.identity, entry)
        return isNews ? { kind: 'follow', item, target: null, thread: null } : null
      }
      default:
        return said(own, item, payload)
    }
  }

  function reaction(own: ReadonlySet<Identity>, item: Item, { identity, content }: Reference): Notice | null {
    const target = resolver.resolve(identity, content)
    if (target === null || !own.has(target.identity)) return null
    if (target.state.type !== 'shown') return null
    return { kind: 'reaction', item, target, thread: threadOf(target, target.state.payload) }
  }

  function said(own: ReadonlySet<Identity>, item: Item, payload: Payload): Notice {
    const thread = threadOf(item, payload)
    if (payload.type !== 'comment' || !own.has(payload.target.identity)) {
      return { kind: 'mention', item, target: null, thread }
    }
    const target = resolver.resolve(payload.target.identity, payload.target.content)
    return { kind: 'reply', item, target, thread }
  }

  /** Whether another device of that account said something newer of the same. */
  const isOutdone = (author: Identity, entry: number): boolean => isSuperseded(db, entry, feedsOf(author))

  /** Who follows a device, and then its account, has followed once. */
  function isFirstFollow(own: ReadonlySet<Identity>, author: Identity, entry: number): boolean {
    const feeds = feedsOf(author)
    const keys = [...own].map((identity) => upperHex(identityKey(identity)))
    const first = db.first<{ entry: number }>(
      `select c.entry from claims c where c.kind = ${claimKind.follow} and c.current = 1 and c.value = 1
       and c.feed in (select value from json_each(?)) and hex(c.person) in (select value from json_each(?))
       order by c.comparable, c.cid limit 1`,
      JSON.stringify(feeds),
      JSON.stringify(keys),
    )
    return first === null || first.entry === entry
  }

  return {
    list(of, page) {
      const own = accountOf(of)
      const ours = new Set(own)
      return readPage(
        page,
        maxPosition,
        (position, count) => rowsOf(own, position, count),
        (row) => noticeOf(ours, row),
      )
    },
    *newest(of, wanted) {
      const own = accountOf(of)
      const ours = new Set(own)
      for (const row of rowsOf(own, maxPosition, newestRows)) {
        if (!wanted(identityOfKey(row.author), row.comparable)) continue
        const notice = noticeOf(ours, row)
        if (notice !== null) yield notice
      }
    },
  }
}

/** What was sealed for some is no timeline's (Q20), and told of by its conversation. */
const sources = [
  ['mentions', 'and i.timeline > 0'],
  ['responses', ''],
].map(
  ([table, condition]) => `
    select x.sort, x.entry, f.identity as author, e.comparable from ${table} x
    join items i on i.entry = x.entry join entries e on e.id = x.entry join feeds f on f.id = i.feed
    where x.subject = ? and (x.sort, x.entry) < (?, ?) ${condition}
    and i.feed not in (select value from json_each(?)) and ${unhidden}
    order by x.sort desc, x.entry desc limit ?`,
)

function threadOf(item: Item, payload: Payload): ContentName {
  const { identity, content } = payload.type === 'comment' ? (payload.thread ?? payload.target) : item
  return { identity, content }
}

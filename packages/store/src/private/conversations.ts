/**
 * Conversations: what some people said to each other, whoever began it and under whichever keys (spec Q20 to Q23).
 *
 *     peer opened a message ─assign▶ (feed, content) → conversation ─▶ by newest, page by page, unread by author
 *
 * Which conversation a message belongs to is kept by feed and content, as its text is; where it stands follows its entry,
 * so that what is erased or rebased away goes, and what a rebase moved stays.
 *
 * @module
 */
import { type Account, cidDigest, type Identity, identityOfKey, type RawCid } from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { ProjectedEntry } from '../projector.ts'
import { digestKey, place } from '../schema.ts'
import { sortOf } from '../sort.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Item, Page, PageRequest } from '../store.ts'
import { feedIdOf, type ItemReader } from '../views/items.ts'
import { maxPosition, type Position, readPage } from '../views/pages.ts'

export interface ConversationName {
  /** One for each set of people, and one for each group. */
  readonly name: string
  readonly kind: 'people' | 'group'
  /** All but oneself; of a group none, who belongs to it is told elsewhere. */
  readonly persons: readonly Account[]
}

export interface NewMessage {
  readonly author: Identity
  readonly content: RawCid
  readonly conversation: ConversationName
}

export interface Conversation extends ConversationName {
  /** `Item.sort` of the newest message, ms. */
  readonly newestAt: number
}

/** How far somebody's messages go. */
export interface ConversationAuthor {
  readonly identity: Identity
  /** Of the newest message that is shown. */
  readonly comparable: number
}

export interface Conversations {
  /** These contents are messages of those conversations; in one transaction. */
  assign(messages: readonly NewMessage[]): void
  /** Null: nothing was ever said there. */
  conversation(name: string): Conversation | null
  /** Those with something in them, the newest first. */
  conversations(page?: PageRequest): Page<Conversation>
  /** The newest first. */
  messages(name: string, page?: PageRequest): Page<Item>
  /** The first message that is shown, of anybody or of one author. */
  oldest(name: string, author?: Identity): Item | null
  /** The conversation that a message belongs to. */
  conversationOf(author: Identity, content: RawCid): Conversation | null
  authors(name: string): readonly ConversationAuthor[]
  /** Messages of an author above a comparable; more than 1,000 are not counted. */
  countAbove(name: string, author: Identity, comparable: number): number
  /** Those that name a device as a person of its own (`root` null); up to `limit`. */
  withDevices(limit: number): readonly Conversation[]
  /** Its messages are those of another from now on: it turned out who its people are. */
  merge(name: string, into: ConversationName): void
}

/** Nobody reads a greater number, and it is asked for with every list. */
const maxCounted = 1_000

type Row = {
  readonly id: number
  readonly name: string
  readonly kind: 'people' | 'group'
  readonly persons: string
  readonly newest: number
}

type MessageRow = {
  readonly feed: number
  readonly content: Uint8Array
  readonly conversation: number
}

export interface ConversationProjector {
  show(entry: ProjectedEntry): void
  hide(entryId: number): void
}

export function createConversations(
  db: Sqlite,
  changes: Pick<Changes, 'commit' | 'touchViews'>,
  items: ItemReader,
): Conversations & { readonly projector: ConversationProjector } {
  const byName = (name: string): Row | null =>
    db.first<Row>('select * from conversations where name = ?', name)

  function idOf({ name, kind, persons }: ConversationName): number {
    db.run(
      'insert into conversations (name, kind, persons, newest) values (?, ?, ?, 0) on conflict do nothing',
      name,
      kind,
      JSON.stringify(persons),
    )
    return byName(name)?.id ?? 0
  }

  /** Something in it came or went. */
  function refresh(conversation: number): void {
    db.run(
      `update conversations set newest = coalesce(
         (select max(sort) from messages where conversation = ?1 and entry is not null), 0
       ) where id = ?1`,
      conversation,
    )
    changes.touchViews()
  }

  /** The first entry that carries it now; whoever says the same thing again says nothing new. */
  function placeOf(feed: number, content: Uint8Array): void {
    const shown = db.first<{ id: number; comparable: number; seen: number }>(
      `select id, comparable, seen from entries where content_key = ? and content = ? and +feed = ?
       and place = ${place.chain} and hidden_at is null order by length limit 1`,
      digestKey(content),
      content,
      feed,
    )
    db.run(
      'update messages set entry = ?, sort = ?, comparable = ? where feed = ? and content = ?',
      shown?.id ?? null,
      shown === null ? 0 : sortOf(shown, null, null),
      shown?.comparable ?? 0,
      feed,
      content,
    )
  }

  const conversationOf = ({ name, kind, persons, newest }: Row): Conversation => ({
    name,
    kind,
    persons: JSON.parse(persons) as readonly Account[],
    newestAt: newest,
  })

  return {
    assign(messages) {
      if (messages.length === 0) return
      changes.commit(() => {
        const ids = new Map<string, number>()
        const feeds = new Map<Identity, number | null>()
        for (const { author, content, conversation } of messages) {
          const id = ids.get(conversation.name) ?? idOf(conversation)
          ids.set(conversation.name, id)
          const feed = feeds.get(author) ?? feedIdOf(db, author)
          feeds.set(author, feed)
          if (feed === null) continue
          const digest = cidDigest(content)
          db.run(
            `insert into messages (feed, content, conversation, entry, sort, comparable) values (?, ?, ?, null, 0, 0)
             on conflict do update set conversation = excluded.conversation`,
            feed,
            digest,
            id,
          )
          placeOf(feed, digest)
        }
        for (const id of ids.values()) refresh(id)
      })
    },
    conversation(name) {
      const row = byName(name)
      return row === null ? null : conversationOf(row)
    },
    conversations: (page) =>
      readPage(
        page,
        maxPosition,
        ({ sort, entry }, count) =>
          Array.from(
            db.rows<Row>(
              `select * from conversations where newest > 0 and (newest, id) < (?, ?)
               order by newest desc, id desc limit ?`,
              sort,
              entry,
              count,
            ),
            (row) => ({ sort: row.newest, entry: row.id, row }),
          ),
        ({ row }) => conversationOf(row),
      ),
    messages(name, page) {
      const id = byName(name)?.id ?? 0
      return readPage<Position, Item>(
        page,
        maxPosition,
        ({ sort, entry }, count) => [
          ...db.rows<{ sort: number; entry: number }>(
            `select sort, entry from messages where conversation = ? and entry is not null and (sort, entry) < (?, ?)
             and feed not in (select feed from leaving)
             order by sort desc, entry desc limit ?`,
            id,
            sort,
            entry,
            count,
          ),
        ],
        ({ entry }) => items.byId(entry),
      )
    },
    oldest(name, author) {
      const id = byName(name)?.id ?? 0
      const first =
        author === undefined
          ? db.first<{ entry: number }>(
              `select entry from messages where conversation = ? and entry is not null
               order by sort, entry limit 1`,
              id,
            )
          : db.first<{ entry: number }>(
              `select entry from messages where conversation = ? and feed = ? and entry is not null
               order by comparable, entry limit 1`,
              id,
              feedIdOf(db, author),
            )
      return first === null ? null : items.byId(first.entry)
    },
    conversationOf(author, content) {
      const row = db.first<Row>(
        `select c.* from messages m join conversations c on c.id = m.conversation where m.feed = ? and m.content = ?`,
        feedIdOf(db, author),
        cidDigest(content),
      )
      return row === null ? null : conversationOf(row)
    },
    authors: (name) =>
      Array.from(
        db.rows<{ identity: Uint8Array; comparable: number }>(
          // From author to author by the index: a conversation may have very many messages.
          `with recursive authors (feed) as (
             select min(feed) from messages where conversation = ?1 and entry is not null
             union all
             select (select min(feed) from messages where conversation = ?1 and entry is not null and feed > a.feed)
             from authors a where a.feed is not null
           )
           select f.identity, (
             select max(comparable) from messages where conversation = ?1 and feed = f.id and entry is not null
           ) as comparable
           from authors a join feeds f on f.id = a.feed`,
          byName(name)?.id ?? 0,
        ),
        ({ identity, comparable }) => ({ identity: identityOfKey(identity), comparable }),
      ),
    countAbove: (name, author, comparable) =>
      db.first<{ count: number }>(
        `select count(*) as count from (
           select 1 from messages where conversation = ? and feed = ? and comparable > ? and entry is not null
           limit ${maxCounted}
         )`,
        byName(name)?.id ?? 0,
        feedIdOf(db, author),
        comparable,
      )?.count ?? 0,
    withDevices: (limit) =>
      Array.from(
        db.rows<Row>(
          `select * from conversations where kind = 'people' and persons like '%"root":null%' limit ?`,
          limit,
        ),
        conversationOf,
      ),
    merge(name, into) {
      changes.commit(() => {
        const from = byName(name)
        const to = idOf(into)
        if (from === null || from.id === to) return
        db.run('update messages set conversation = ? where conversation = ?', to, from.id)
        db.run('delete from conversations where id = ?', from.id)
        refresh(to)
      })
    },
    projector: {
      show({ feed, contentDigest, payload }) {
        if (payload !== null) return
        const row = db.first<{ conversation: number }>(
          'select conversation from messages where feed = ? and content = ? and entry is null',
          feed,
          contentDigest,
        )
        if (row === null) return
        placeOf(feed, contentDigest)
        refresh(row.conversation)
      },
      hide(entryId) {
        const row = db.first<MessageRow>(
          'select feed, content, conversation from messages where entry = ?',
          entryId,
        )
        // Its bytes may be on the chain yet, or have gone: whichever entry carries it now.
        if (row === null) return
        placeOf(row.feed, row.content)
        refresh(row.conversation)
      },
    },
  }
}

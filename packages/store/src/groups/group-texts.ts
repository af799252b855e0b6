/**
 * What was opened of each conversation of a group, and where it stands (spec Q11, Q12, Q16).
 *
 *     opened text ─operation │ key │ message▶ (conversation, identity, content) ─▶ the text itself is in the views
 *
 * Which conversation a text was sealed for is known only while it is opened, so it is noted then.
 *
 * @module
 */
import {
  cidDigest,
  encodeBase64url,
  type Identity,
  identityKey,
  identityOfKey,
  parseBase64url,
  type RawCid,
  rawCidOfDigest,
} from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { Sqlite } from '../sqlite.ts'

/** `told`: an own device told the text; for which conversation it was sealed is not known yet, and the name is empty. */
export type GroupTextKind = 'operation' | 'key' | 'message' | 'told'

const kindNumbers: Readonly<Record<GroupTextKind, number>> = { operation: 0, key: 1, message: 2, told: 3 }

export interface GroupText {
  /** Ascends with each that is noted. */
  readonly id: number
  /** 16 bytes, base64url: of operations and messages the group, of keys what they are for. */
  readonly conversation: string
  readonly kind: GroupTextKind
  readonly identity: Identity
  readonly content: RawCid
  /** SHA-256 of the key that opened a message, base64url; else empty. */
  readonly key: string
}

export interface GroupTexts {
  /** False when it was noted before, or its author has too many there (`maxOfAuthor`). `sort`: the place among messages, ms. */
  add(text: Omit<GroupText, 'id'>, sort: number): boolean
  remove(id: number): void
  /** Up to `limit`: of each author the oldest noted, then of each the next. */
  of(conversation: string, kind: GroupTextKind, limit: number): readonly GroupText[]
  count(conversation: string, kind: GroupTextKind): number
  /** Whether there is one of that kind. */
  has(conversation: string, kind: GroupTextKind): boolean
  /** Null when it was not noted. */
  find(text: Pick<GroupText, 'conversation' | 'kind' | 'identity' | 'content'>): GroupText | null
  /** Messages, newest first, below a place. */
  messages(
    conversation: string,
    page: { readonly limit: number; readonly below: MessagePlace | null },
  ): readonly (GroupText & MessagePlace)[]
  /** Conversations of which there is something of that kind, the first noted first. */
  conversations(kind: GroupTextKind): readonly string[]
}

export interface MessagePlace {
  readonly sort: number
  readonly id: number
}

/** Part of the main file's migrations. */
export const groupTables = `
  create table group_texts (
    id integer primary key, conversation blob not null, kind integer not null, identity blob not null,
    content blob not null, key blob not null, sort integer not null
  );
  create unique index group_texts_name on group_texts (conversation, kind, identity, content);
  create index group_texts_sort on group_texts (conversation, kind, sort, id);
`

type Row = {
  readonly id: number
  readonly conversation: Uint8Array
  readonly kind: number
  readonly identity: Uint8Array
  readonly content: Uint8Array
  readonly key: Uint8Array
  readonly sort: number
}

const nothing = new Uint8Array(0)
const bytesOf = (text: string): Uint8Array => parseBase64url(text) ?? nothing

export function createGroupTexts(db: Sqlite, { commit }: Pick<Changes, 'commit'>): GroupTexts {
  const countOf = (conversation: Uint8Array, kind: GroupTextKind, identity: Identity): number =>
    db.first<{ count: number }>(
      'select count(*) as count from group_texts where conversation = ? and kind = ? and identity = ?',
      conversation,
      kindNumbers[kind],
      identityKey(identity),
    )?.count ?? 0

  return {
    add: ({ conversation, kind, identity, content, key }, sort) =>
      commit(() => {
        const name = bytesOf(conversation)
        if (kind !== 'message' && countOf(name, kind, identity) >= maxOfAuthor) return false
        return (
          db.run(
            `insert or ignore into group_texts (conversation, kind, identity, content, key, sort)
             values (?, ?, ?, ?, ?, ?)`,
            name,
            kindNumbers[kind],
            identityKey(identity),
            cidDigest(content),
            bytesOf(key),
            sort,
          ) > 0
        )
      }),
    remove: (id) => commit(() => void db.run('delete from group_texts where id = ?', id)),
    of: (conversation, kind, limit) =>
      Array.from(
        db.rows<Row>(
          // Many who write much keep nobody's first ones out.
          `select * from (
             select *, row_number() over (partition by identity order by id) as turn
             from group_texts where conversation = ? and kind = ?
           ) order by turn, id limit ?`,
          bytesOf(conversation),
          kindNumbers[kind],
          limit,
        ),
        textOf,
      ),
    count: (conversation, kind) =>
      db.first<{ count: number }>(
        'select count(*) as count from group_texts where conversation = ? and kind = ?',
        bytesOf(conversation),
        kindNumbers[kind],
      )?.count ?? 0,
    has: (conversation, kind) =>
      db.first(
        'select 1 from group_texts where conversation = ? and kind = ? limit 1',
        bytesOf(conversation),
        kindNumbers[kind],
      ) !== null,
    find({ conversation, kind, identity, content }) {
      const row = db.first<Row>(
        'select * from group_texts where conversation = ? and kind = ? and identity = ? and content = ?',
        bytesOf(conversation),
        kindNumbers[kind],
        identityKey(identity),
        cidDigest(content),
      )
      return row === null ? null : textOf(row)
    },
    messages: (conversation, { limit, below }) =>
      Array.from(
        db.rows<Row>(
          `select * from group_texts where conversation = ? and kind = ${kindNumbers.message} and (sort, id) < (?, ?)
           order by sort desc, id desc limit ?`,
          bytesOf(conversation),
          below?.sort ?? Number.MAX_SAFE_INTEGER,
          below?.id ?? 0,
          limit,
        ),
        (row) => ({ ...textOf(row), sort: row.sort }),
      ),
    conversations: (kind) =>
      Array.from(
        db.rows<{ conversation: Uint8Array }>(
          'select conversation from group_texts where kind = ? group by conversation order by min(id)',
          kindNumbers[kind],
        ),
        ({ conversation }) => encodeBase64url(conversation),
      ),
  }
}

/** Operations, and again hand-outs, of one author in one conversation: twice what the rules look at, so that nobody fills a disk. */
export const maxOfAuthor = 2_048

const kinds: readonly GroupTextKind[] = ['operation', 'key', 'message', 'told']

function textOf({ id, conversation, kind, identity, content, key }: Row): GroupText {
  return {
    id,
    conversation: encodeBase64url(conversation),
    kind: kinds[kind] as GroupTextKind,
    identity: identityOfKey(identity),
    content: rawCidOfDigest(content),
    key: encodeBase64url(key),
  }
}

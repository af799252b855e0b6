/**
 * Rows of `entries` and `bodies` (spec S3).
 *
 * @module
 */
import { decodeEntry, decodeOpenedEntry, type SignedEntry } from '@effigy/core'
import { createRowInsert } from '../insert-rows.ts'
import { digestKey, type Place, place } from '../schema.ts'
import type { Sqlite, SqlValue } from '../sqlite.ts'
import { storageError } from '../storage-error.ts'

export type EntryRow = {
  readonly id: number
  readonly feed: number
  readonly length: number
  readonly place: Place
  readonly comparable: number
  readonly seen: number
  readonly type: number
  readonly hidden_at: number | null
  readonly cid: Uint8Array
  readonly content: Uint8Array
  readonly bytes: Uint8Array
  /** What was inside, where `bytes` are sealed (E9). */
  readonly inner: Uint8Array | null
}

/** Few columns: each blob that a row has costs as much as all its numbers. */
export type EntryWithBody = Pick<EntryRow, 'id' | 'length' | 'cid' | 'bytes' | 'inner'> & {
  readonly body: Uint8Array | null
}

export interface NewEntry {
  readonly feed: number
  readonly length: number
  readonly place: Place
  readonly comparable: number
  readonly seen: number
  readonly type: number
  readonly cid: Uint8Array
  readonly content: Uint8Array
  readonly bytes: Uint8Array
  readonly inner: Uint8Array | null
  readonly body: Uint8Array | null
}

export interface EntryTable {
  /** Gives the new `entries.id`: one more than the last. */
  insert(entry: NewEntry): number
  /** The same for many, with their bodies; gives the id of the first, the others follow. */
  insertAll(list: readonly NewEntry[]): number
  byId(id: number): EntryRow | null
  byDigest(digest: Uint8Array): EntryRow | null
  /** On the shown chain. */
  at(feed: number, length: number): EntryRow | null
  /** Its digest alone: a fifth of the work. */
  digestAt(feed: number, length: number): Uint8Array | null
  /** Of the shown chain; ascending. */
  between(feed: number, first: number, last: number): Iterable<EntryRow>
  /** At most `limit` of the shown chain, descending, with their bodies where these are asked for and not erased. */
  downFrom(
    feed: number,
    last: number,
    first: number,
    options: { readonly limit: number; readonly bodies: boolean },
  ): Iterable<EntryWithBody>
  /** Whether anything lies off the shown chain at these lengths. */
  hasOffChain(feed: number, first: number, last: number): boolean
  /** Rows off the shown chain, of one place, at that length or above. */
  offChain(feed: number, from: number, where: Place): readonly EntryRow[]
  byContent(content: Uint8Array): readonly EntryRow[]
  /** Feeds that show it. */
  feedsShowing(content: Uint8Array): readonly number[]
  setPlace(id: number, where: Place, hiddenAt: number | null): void
  setType(id: number, type: number): void
  delete(id: number): void
  body(id: number): Uint8Array | null
  /** That of any entry with this content, wherever it stands: each of them may be read with it. */
  bodyOf(content: Uint8Array): Uint8Array | null
  putBody(id: number, bytes: Uint8Array): void
  /** Keeps a text that is here already beside one more entry, unless it stands beside enough of them. */
  copyBody(id: number, content: Uint8Array, bytes: Uint8Array): void
  /** If nobody else has it, it passes to another entry that is shown with that content. */
  dropBody(id: number): void
  dropBodiesOf(content: Uint8Array): void
}

/**
 * Entries beside which one text stands, the oldest here: whoever names it in thousands of entries has it kept no
 * oftener, and each of those asks no more rows for it (T16).
 */
const maxCopies = 16

const oldestWith = `select id from entries where content_key = ? and content = ? order by id limit ${maxCopies}`

const columns = 'id, feed, length, place, comparable, seen, type, hidden_at, cid, content, bytes, inner'

export function createEntryTable(db: Sqlite): EntryTable {
  /** After a roll-back too: an id that was given out once is never another entry's, or it would get its verdict. */
  let newest: number | null = null

  const newestId = (): number => {
    newest ??= db.first<{ id: number | null }>('select max(id) as id from entries')?.id ?? 0
    return newest
  }

  const insertRows = createRowInsert(
    db,
    `entries (id, key, feed, length, place, comparable, seen, type, content_key, cid, content, bytes, inner)`,
    13,
  )
  const insertBodies = createRowInsert(db, 'bodies (entry, bytes)', 2)

  const insertAll = (list: readonly NewEntry[]): number => {
    const first = newestId() + 1
    newest = first + list.length - 1
    insertRows(list.length, (values, at) => putRow(values, first + at, list[at] as NewEntry))
    const bodies: { readonly id: number; readonly body: Uint8Array }[] = []
    for (const [at, { body }] of list.entries()) if (body !== null) bodies.push({ id: first + at, body })
    insertBodies(bodies.length, (values, at) => {
      const { id, body } = bodies[at] as (typeof bodies)[number]
      values.push(id, body)
    })
    return first
  }

  const putBody = (id: number, bytes: Uint8Array): void => {
    // To replace it would count it twice: no trigger hears of what goes that way.
    db.run(
      'insert into bodies (entry, bytes) values (?, ?) on conflict (entry) do update set bytes = excluded.bytes',
      id,
      bytes,
    )
  }

  /** Nothing happens where the other has it too, or where there is none. */
  const passBody = (id: number): void => {
    db.run(
      `insert or ignore into bodies (entry, bytes)
       select o.id, b.bytes from bodies b join entries e on e.id = b.entry
       join entries o on o.content_key = e.content_key and o.content = e.content and o.id <> e.id
       where b.entry = ? and o.place = ${place.chain} and o.hidden_at is null
       and o.feed not in (select feed from leaving) order by o.id limit 1`,
      id,
    )
  }

  return {
    insert: (entry) => insertAll([entry]),
    insertAll,
    byId: (id) => db.first<EntryRow>(`select ${columns} from entries where id = ?`, id),
    byDigest: (digest) =>
      db.first<EntryRow>(
        `select ${columns} from entries where key = ? and cid = ?`,
        digestKey(digest),
        digest,
      ),
    at: (feed, length) =>
      db.first<EntryRow>(
        `select ${columns} from entries where feed = ? and length = ? and place = ${place.chain}`,
        feed,
        length,
      ),
    digestAt: (feed, length) =>
      db.first<{ cid: Uint8Array }>(
        `select cid from entries where feed = ? and length = ? and place = ${place.chain}`,
        feed,
        length,
      )?.cid ?? null,
    between: (feed, first, last) =>
      db.rows<EntryRow>(
        `select ${columns} from entries where feed = ? and length between ? and ? and place = ${place.chain}
         order by length`,
        feed,
        first,
        last,
      ),
    downFrom: (feed, last, first, { limit, bodies }) =>
      db.rows<EntryWithBody>(
        `select e.id, e.length, e.cid, e.bytes, e.inner, case when ? and e.hidden_at is null then b.bytes end as body
         from entries e left join bodies b on b.entry = e.id
         where e.feed = ? and e.length between ? and ? and e.place = ${place.chain}
         order by e.length desc limit ?`,
        bodies ? 1 : 0,
        feed,
        first,
        last,
        limit,
      ),
    hasOffChain: (feed, first, last) =>
      db.first(
        `select 1 as one from entries where feed = ? and length between ? and ? and place <> ${place.chain} limit 1`,
        feed,
        first,
        last,
      ) !== null,
    offChain: (feed, from, where) => [
      ...db.rows<EntryRow>(
        `select ${columns} from entries where feed = ? and length >= ? and place <> ${place.chain} and place = ?
         order by length`,
        feed,
        from,
        where,
      ),
    ],
    byContent: (content) => [
      ...db.rows<EntryRow>(
        `select ${columns} from entries where content_key = ? and content = ?`,
        digestKey(content),
        content,
      ),
    ],
    feedsShowing: (content) =>
      Array.from(
        db.rows<{ feed: number }>(
          `select distinct feed from entries
           where content_key = ? and content = ? and place = ${place.chain} and hidden_at is null`,
          digestKey(content),
          content,
        ),
        ({ feed }) => feed,
      ),
    setPlace: (id, where, hiddenAt) => {
      db.run('update entries set place = ?, hidden_at = ? where id = ?', where, hiddenAt, id)
    },
    setType: (id, type) => {
      db.run('update entries set type = ? where id = ?', type, id)
    },
    delete(id) {
      passBody(id)
      db.run('delete from entries where id = ?', id)
      db.run('delete from bodies where entry = ?', id)
    },
    body: (id) =>
      db.first<{ bytes: Uint8Array }>('select bytes from bodies where entry = ?', id)?.bytes ?? null,
    bodyOf: (content) =>
      db.first<{ bytes: Uint8Array }>(
        `select bytes from bodies where entry in (${oldestWith}) limit 1`,
        digestKey(content),
        content,
      )?.bytes ?? null,
    putBody,
    copyBody(id, content, bytes) {
      const oldest = db.rows<{ id: number }>(oldestWith, digestKey(content), content)
      if ([...oldest].some((row) => row.id === id)) putBody(id, bytes)
    },
    dropBody(id) {
      passBody(id)
      db.run('delete from bodies where entry = ?', id)
    },
    dropBodiesOf(content) {
      db.run(
        'delete from bodies where entry in (select id from entries where content_key = ? and content = ?)',
        digestKey(content),
        content,
      )
    },
  }
}

function putRow(values: SqlValue[], id: number, entry: NewEntry): void {
  const { feed, length, place: where, comparable, seen, type, cid, content, bytes, inner } = entry
  const key = digestKey(cid)
  const contentKey = digestKey(content)
  values.push(id, key, feed, length, where, comparable, seen, type, contentKey, cid, content, bytes, inner)
}

/** The entry of a row. Its hash was checked when it came, so it is not computed again. */
export function signedEntry({ cid, bytes, inner }: Pick<EntryRow, 'cid' | 'bytes' | 'inner'>): SignedEntry {
  const decoded = inner === null ? decodeEntry(bytes, () => cid) : decodeOpenedEntry(bytes, inner, () => cid)
  // What we stored was an entry; if it is none now, the disk has changed it.
  if (!decoded.ok) throw storageError('storage-damaged')
  return decoded.value
}

/**
 * Full-text search, some way behind the entries (spec S21).
 *
 *     items with a higher id than the last indexed, and the late ones ─indexSearch▶ searchable + FTS5
 *     what somebody typed ─▶ quoted words, a prefix where one ends in `*` ─▶ newest first
 *
 * The rowid of a text is made of its sort, so that "newest first" is the index's own order.
 *
 * @module
 */
import { type Payload, readPayload, searchableText } from '@effigy/core'
import type { Among, SearchFilter } from '../query-port.ts'
import type { Sqlite } from '../sqlite.ts'
import type { SearchProgress } from '../store.ts'
import { type ItemReader, type ItemRow, type TextColumns, textColumns } from './items.ts'
import { createKeptTexts } from './kept-texts.ts'
import type { Opened } from './opened.ts'
import type { Position } from './pages.ts'
import { type Hidden, hiddenValues, unhidden } from './people.ts'

/** Room for texts of one millisecond; what is beyond stands as if a millisecond later. */
const idsPerInstant = 1024

/** UTF-16 units of a text that may be indexed for as many entries as name it, and for how many of one feed a longer one is. */
const shortText = 1000
const longTextEntries = 16

/** Words of one search, and UTF-16 units of its text. */
const maxWords = 32
const maxQueryLength = 1000

/** Finds of one page that are looked through for posts or messages alone: some 10 ms of work. */
const sliceLength = 4096

const isAmong: Readonly<Record<Among, string>> = {
  posts: 'and i.timeline <> 0',
  messages: 'and exists (select 1 from messages m where m.entry = i.entry)',
}

export interface SearchIndex {
  /** An item was added: it is indexed later. */
  shown(entry: number, payload: Payload): void
  /** An item was deleted, and goes from the index. */
  hidden(entry: number): void
  /** In a transaction. */
  index(limit: number): void
  progress(): SearchProgress
  /** `sort` is the place in the index. */
  rows(
    text: string,
    hidden: Hidden,
    /** `feeds.id`; null: all. */
    feeds: readonly number[] | null,
    bounds: Omit<SearchFilter, 'identities'>,
    position: Position,
    count: number,
  ): readonly Position[]
  /** After a roll-back, or when the views were emptied. */
  forget(): void
}

type TextRow = TextColumns &
  Pick<ItemRow, 'feed' | 'type'> & {
    readonly entry: number
    readonly sort: number
  }

/** What is indexed of an item. */
interface Text {
  readonly entry: number
  readonly sort: number
  readonly text: string
}

const textRows = `
  select i.entry, i.sort, e.feed, e.type, e.content, ${textColumns}
  from items i join entries e on e.id = i.entry left join bodies b on b.entry = i.entry`

export function createSearchIndex(db: Sqlite, items: ItemReader, opened: Opened): SearchIndex {
  /** Every item up to this entry is indexed or in `search_late`. */
  let last: number | null = null
  let behind: number | null = null
  /** Of items above `last`. */
  const kept = createKeptTexts()

  const lastIndexed = (): number => {
    last ??= db.first<{ value: number }>("select value from meta where key = 'search.indexed'")?.value ?? 0
    return last
  }

  /** Counted once, then kept: a count at each slice would be quadratic. */
  const countBehind = (): number => {
    behind ??=
      db.first<{ count: number }>(
        `select (select count(*) from items where entry > ?) + (select count(*) from search_late) as count`,
        lastIndexed(),
      )?.count ?? 0
    return behind
  }

  function textOf(row: TextRow): string {
    const found = items.textOf(row)
    if (found.type === 'encrypted') {
      const payload = opened.payload(row.feed, row.content)
      return payload === null ? '' : searchableText(payload)
    }
    if (found.type !== 'clear') return ''
    // A type's number stands there because the text passed its schema on the way in.
    if (row.type > 0) return searchableText(JSON.parse(found.text) as Payload)
    const payload = readPayload(found.text, found.place)
    return payload.ok ? searchableText(payload.value) : ''
  }

  const textOfRow = (row: TextRow): Text => ({ entry: row.entry, sort: row.sort, text: textOf(row) })

  /** Of the next items, ascending: from memory where all are kept, else from the bytes. */
  function freshTexts(limit: number): readonly Text[] {
    const next = [
      ...db.rows<{ entry: number; sort: number }>(
        'select entry, sort from items where entry > ? order by entry limit ?',
        lastIndexed(),
        limit,
      ),
    ]
    const texts: Text[] = []
    for (const { entry, sort } of next) {
      const text = kept.of(entry)
      if (text === null) break
      texts.push({ entry, sort, text })
    }
    for (const { entry } of next) kept.drop(entry)
    if (texts.length === next.length) return texts
    const rows = db.rows<TextRow>(
      `${textRows} where i.entry > ? order by i.entry limit ?`,
      lastIndexed(),
      limit,
    )
    return Array.from(rows, textOfRow)
  }

  /** Most texts are the first of their millisecond. */
  function takeId(sort: number, entry: number): number | null {
    const insert = 'insert or ignore into searchable (id, entry) values (?, ?)'
    const first = sort * idsPerInstant
    if (db.run(insert, first, entry) > 0) return first
    const free = freeId(sort)
    // Ignored again: the entry is there already.
    return db.run(insert, free, entry) > 0 ? free : null
  }

  function freeId(sort: number): number {
    for (let base = sort * idsPerInstant; ; base += idsPerInstant) {
      const top = db.first<{ id: number | null }>(
        'select max(id) as id from searchable where id >= ? and id < ?',
        base,
        base + idsPerInstant,
      )
      const id = (top?.id ?? base - 1) + 1
      if (id < base + idsPerInstant) return id
    }
  }

  /** It is found by enough entries of its feed that have this very text: others, of a few hundred bytes each, would fill the index. */
  function isRepeated(entry: number): boolean {
    const indexed = db.first<{ count: number }>(
      `select count(*) as count from (
         select 1 from entries e join entries o on o.content_key = e.content_key and o.content = e.content
         join searchable s on s.entry = o.id where e.id = ? and o.feed = e.feed limit ${longTextEntries})`,
      entry,
    )
    return indexed?.count === longTextEntries
  }

  return {
    shown(entry, payload) {
      let added = 1
      if (entry > lastIndexed()) kept.keep(entry, searchableText(payload))
      else added = db.run('insert or ignore into search_late (entry) values (?)', entry)
      if (behind !== null) behind += added
    },
    hidden(entry) {
      let removed = 1
      if (entry > lastIndexed()) kept.drop(entry)
      else {
        const row = db.first<{ id: number }>('select id from searchable where entry = ?', entry)
        if (row !== null) {
          db.run('delete from search where rowid = ?', row.id)
          db.run('delete from searchable where id = ?', row.id)
        }
        removed = db.run('delete from search_late where entry = ?', entry)
      }
      if (behind !== null) behind -= removed
    },
    index(limit) {
      const late = [
        ...db.rows<TextRow>(
          `${textRows} where i.entry in (select entry from search_late order by entry limit ?)`,
          limit,
        ),
      ]
      const texts = late.map(textOfRow)
      for (const { entry } of late) db.run('delete from search_late where entry = ?', entry)
      const fresh = freshTexts(limit - late.length)
      // FTS5 writes out what it has gathered whenever a rowid is not above the one before.
      for (const { entry, sort, text } of [...texts, ...fresh].sort((a, b) => a.sort - b.sort)) {
        const isLeftOut = text === '' || (text.length > shortText && isRepeated(entry))
        const id = isLeftOut ? null : takeId(sort, entry)
        if (id !== null) db.run('insert into search (rowid, text) values (?, ?)', id, text)
      }
      if (behind !== null) behind -= late.length + fresh.length
      const top = fresh.at(-1)
      if (top === undefined) return
      db.run("insert or replace into meta (key, value) values ('search.indexed', ?)", top.entry)
      last = top.entry
    },
    progress: () => ({ behind: countBehind() }),
    rows(text, hidden, feeds, { since = 0, before = Number.MAX_SAFE_INTEGER, among }, position, count) {
      const query = matchQuery(text)
      if (query === null) return []
      const below = Math.min(position.sort, idBound(before))
      const least = idBound(since)
      /** The last of a slice, behind which there is more. */
      const cut =
        among &&
        db.first<{ id: number }>(
          `select t.rowid as id from search t where search match ? and t.rowid < ? and t.rowid >= ? order by t.rowid desc limit 1 offset ${sliceLength - 1}`,
          query,
          below,
          least,
        )?.id
      const found: Position[] = [
        ...db.rows<{ sort: number; entry: number }>(
          `select s.id as sort, s.entry from search t
           join searchable s on s.id = t.rowid join items i on i.entry = s.entry
           where search match ? and t.rowid < ? and t.rowid >= ? and (?4 is null or i.feed in (select value from json_each(?4)))
           and ${unhidden} ${among ? isAmong[among] : ''} order by t.rowid desc limit ?`,
          query,
          below,
          cut ?? least,
          feeds === null ? null : JSON.stringify(feeds),
          ...hiddenValues(hidden),
          count,
        ),
      ]
      // The page goes on behind what was looked through, not behind what was found in it.
      while (cut !== undefined && found.length < count) found.push({ sort: cut, entry: 0 })
      return found
    },
    forget: () => {
      last = null
      behind = null
      kept.clear()
    },
  }
}

/** The least id of an instant, ms. */
const idBound = (ms: number): number =>
  Math.min(Math.max(Math.trunc(ms) || 0, 0) * idsPerInstant, Number.MAX_SAFE_INTEGER)

/**
 * FTS5's language out of what somebody typed, so that nothing in it is syntax; null when there is
 * no word in it. A word that the tokenizer splits (`foo-bar`) is searched as a phrase.
 */
export function matchQuery(text: string): string | null {
  const words = text
    .slice(0, maxQueryLength)
    .toWellFormed()
    .split(/[\s\0]+/u)
    // Signs alone are no words, and FTS5 finds nothing with an empty phrase.
    .filter((word) => /[\p{L}\p{N}\p{Co}]/u.test(word))
    .slice(0, maxWords)
    .map((word) => {
      const quoted = `"${word.replaceAll('*', '').replaceAll('"', '""')}"`
      return word.endsWith('*') ? `${quoted}*` : quoted
    })
  return words.length === 0 ? null : words.join(' ')
}

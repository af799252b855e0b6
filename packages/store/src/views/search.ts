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
import { readPayload, searchableText } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import type { SearchProgress } from '../store.ts'
import { type ItemReader, type ItemRow, itemColumns, itemTables } from './items.ts'
import type { Opened } from './opened.ts'
import type { Position } from './pages.ts'
import { type Hidden, hiddenValues, unhidden } from './people.ts'

/** Room for texts of one millisecond; what is beyond stands as if a millisecond later. */
const idsPerInstant = 1024

/** Words of one search, and UTF-16 units of its text. */
const maxWords = 32
const maxQueryLength = 1000

export type SearchRow = { readonly sort: number; readonly entry: number; readonly item: number }

export interface SearchIndex {
  isIndexed(entry: number): boolean
  /** In a transaction. */
  index(limit: number): void
  progress(): SearchProgress
  /** `sort` is the place in the index, `item` the entry. */
  rows(text: string, hidden: Hidden, position: Position, count: number): readonly SearchRow[]
  /** After a roll-back, or when the views were emptied. */
  forget(): void
}

export function createSearchIndex(db: Sqlite, items: ItemReader, opened: Opened): SearchIndex {
  let last: number | null = null

  const lastIndexed = (): number => {
    last ??= db.first<{ value: number }>("select value from meta where key = 'search.indexed'")?.value ?? 0
    return last
  }

  function textOf(entry: number): { readonly sort: number; readonly text: string } | null {
    const row = db.first<ItemRow>(`select ${itemColumns} from ${itemTables} where e.id = ?`, entry)
    if (row === null) return null
    const sort = Math.min(row.comparable, row.seen)
    const found = items.textOf(row)
    if (found.type === 'encrypted') {
      const payload = opened.payload(row.feed, row.content)
      return payload === null ? null : { sort, text: searchableText(payload) }
    }
    if (found.type !== 'clear') return null
    const payload = readPayload(found.text, { detached: found.detached })
    return payload.ok ? { sort, text: searchableText(payload.value) } : null
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

  return {
    isIndexed: (entry) => entry <= lastIndexed(),
    index(limit) {
      const late = [
        ...db.rows<{ entry: number }>('select entry from search_late order by entry limit ?', limit),
      ]
      const fresh = [
        ...db.rows<{ entry: number }>(
          'select entry from items where entry > ? order by entry limit ?',
          lastIndexed(),
          limit - late.length,
        ),
      ]
      const texts = [...late, ...fresh].flatMap(({ entry }) => {
        const found = textOf(entry)
        return found === null || found.text === '' ? [] : [{ entry, ...found }]
      })
      // FTS5 writes out what it has gathered whenever a rowid is not above the one before.
      texts.sort((a, b) => a.sort - b.sort)
      for (const { entry, sort, text } of texts) {
        const id = freeId(sort)
        if (db.run('insert or ignore into searchable (id, entry) values (?, ?)', id, entry) === 0) continue
        db.run('insert into search (rowid, text) values (?, ?)', id, text)
      }
      for (const { entry } of late) db.run('delete from search_late where entry = ?', entry)
      const top = fresh.at(-1)
      if (top === undefined) return
      db.run("insert or replace into meta (key, value) values ('search.indexed', ?)", top.entry)
      last = top.entry
    },
    progress() {
      const fresh = db.first<{ count: number }>(
        'select count(*) as count from items where entry > ?',
        lastIndexed(),
      )
      const late = db.first<{ count: number }>('select count(*) as count from search_late')
      return { behind: (fresh?.count ?? 0) + (late?.count ?? 0) }
    },
    rows(text, hidden, position, count) {
      const query = matchQuery(text)
      if (query === null) return []
      return [
        ...db.rows<SearchRow>(
          `select s.id as sort, 0 as entry, s.entry as item from search t
           join searchable s on s.id = t.rowid join items i on i.entry = s.entry
           where search match ? and t.rowid < ? and ${unhidden} order by t.rowid desc limit ?`,
          query,
          position.sort,
          ...hiddenValues(hidden),
          count,
        ),
      ]
    },
    forget: () => {
      last = null
    },
  }
}

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
  if (words.length === 0) return null
  return words
    .map((word) => {
      const isPrefix = word.endsWith('*')
      const quoted = `"${word.replaceAll('*', '').replaceAll('"', '""')}"`
      return isPrefix ? `${quoted}*` : quoted
    })
    .join(' ')
}

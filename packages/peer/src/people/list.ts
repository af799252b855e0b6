/**
 * Lists of people by name, page by page, and found by the beginnings of words.
 *
 * @module
 */
import { accountKey } from '@effigy/core'
import type { PeopleList, PeoplePage, PersonName } from './people.ts'

const defaultLimit = 50
const maxLimit = 500

/** UTF-16 units of what is searched for. */
const maxSearchLength = 100

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })

export type Listed = Pick<PersonName, 'identity' | 'root' | 'petname' | 'name'>

/** `of`: all there is to say of somebody who is on the page. */
export function pageOf(
  people: readonly Listed[],
  { search = '', limit = defaultLimit, after = null }: PeoplePage,
  of: (person: Listed) => PersonName,
): PeopleList {
  const words = wordsOf(search.slice(0, maxSearchLength))
  const found = words.length === 0 ? [...people] : people.filter((person) => isFound(person, words))
  const places = found.map((person) => ({
    person,
    shown: person.petname ?? person.name,
    key: accountKey(person),
  }))
  places.sort(inOrder)
  const last = after === null ? null : readCursor(after)
  const first = last === null ? 0 : places.findIndex((place) => inOrder(place, last) > 0)
  const count = Math.min(Math.max(1, Math.floor(limit)), maxLimit)
  const page = first < 0 ? [] : places.slice(first, first + count)
  const end = page.at(-1)
  const hasMore = first >= 0 && first + count < places.length
  return {
    items: page.map(({ person }) => of(person)),
    count: places.length,
    next: hasMore && end !== undefined ? JSON.stringify([end.shown, end.key]) : null,
  }
}

interface Place {
  readonly shown: string
  readonly key: string
}

/** Who has no name stands at the end. */
function inOrder(a: Place, b: Place): number {
  const named = Number(a.shown === '') - Number(b.shown === '')
  return named || collator.compare(a.shown, b.shown) || (a.key < b.key ? -1 : Number(a.key > b.key))
}

/** What a page before gave; anything else begins anew. */
function readCursor(text: string): Place | null {
  try {
    const value: unknown = JSON.parse(text)
    const [shown, key] = Array.isArray(value) ? value : []
    return typeof shown === 'string' && typeof key === 'string' ? { shown, key } : null
  } catch {
    return null
  }
}

function isFound({ petname, name }: Listed, words: readonly string[]): boolean {
  const there = wordsOf(`${petname ?? ''} ${name}`)
  return words.every((word) => there.some((each) => each.startsWith(word)))
}

/** Without accents and case. */
function wordsOf(text: string): readonly string[] {
  const folded = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
}

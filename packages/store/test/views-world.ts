/**
 * A store of rows without signatures, for the tests of the views: what the feed store would write,
 * and the calls it would make.
 *
 * @module
 */
import {
  type Comment,
  type ContentName,
  cidDigest,
  type Identity,
  identityKey,
  identityOfKey,
  type Payload,
  type RawCid,
  type Reference,
  rawCidOfDigest,
  utf8,
} from '@effigy/core'
import { waitsForSignature } from '../src/projector.ts'
import { digestKey, migrations, place } from '../src/schema.ts'
import { type Sqlite, transaction } from '../src/sqlite.ts'
import { createViews, type Views, type ViewsOptions } from '../src/views/index.ts'
import { medium } from './medium.ts'

export interface Added extends ContentName {
  readonly id: number
  readonly cid: RawCid
}

export interface AddOptions {
  readonly comparable?: number
  readonly seen?: number
  readonly verified?: boolean
  /** The payload text as the entry holds it, where that is not the payload's own: ciphertext. */
  readonly text?: string
}

export interface ViewsWorld extends Disposable {
  readonly db: Sqlite
  readonly views: Views
  /** The identity with that number, watched. */
  person(number: number): Identity
  watch(identity: Identity, watched: boolean): void
  add(identity: Identity, payload: Payload | null, options?: AddOptions): Added
  /** Its body has arrived, or it is back. */
  show(id: number): void
  verify(id: number): void
  /** Left the chain. */
  hide(id: number): void
  erase(id: number): void
  /** Ends an erase. */
  restore(id: number): void
  drop(id: number): void
  /** Everything the views hold, for comparison; what depends on the order of arrival left out. */
  dump(): unknown
}

export function openViewsWorld(options: ViewsOptions = {}): ViewsWorld {
  const db = medium.openSqlite(':memory:', { migrations })
  const views = createViews(db, options)
  const shown = new Map<number, { readonly identity: Identity; readonly payload: Payload | null }>()
  let nonce = 0

  const feedOf = (identity: Identity): number => {
    const key = identityKey(identity)
    db.run('insert or ignore into feeds (identity, first_seen, watched) values (?, 0, 1)', key)
    return there(db.first<{ id: number }>('select id from feeds where identity = ?', key)).id
  }
  const typeOf = (payload: Payload | null): number => {
    if (payload === null) return 0
    db.run('insert or ignore into types (name) values (?)', payload.type)
    return there(db.first<{ id: number }>('select id from types where name = ?', payload.type)).id
  }
  const newest = (): { id: number } => there(db.first<{ id: number }>('select max(id) as id from entries'))
  const isVerified = (id: number): boolean =>
    db.first('select 1 as one from unverified where first = ?', id) === null

  function show(id: number): void {
    const { identity, payload } = there(shown.get(id))
    const row = there(
      db.first<{
        feed: number
        comparable: number
        seen: number
        cid: Uint8Array
        content: Uint8Array
        length: number
      }>('select feed, comparable, seen, cid, content, length from entries where id = ?', id),
    )
    views.show({
      id,
      feed: row.feed,
      identity,
      cid: rawCidOfDigest(row.cid),
      cidDigest: row.cid,
      contentDigest: row.content,
      length: row.length,
      comparable: row.comparable,
      seen: row.seen,
      links: [],
      verified: isVerified(id),
      type: typeOf(payload),
      payload,
    })
  }

  return {
    db,
    views,
    person(number) {
      const identity = identityOfKey(sha(`person ${number}`))
      feedOf(identity)
      return identity
    },
    watch: (identity, watched) => {
      db.run('update feeds set watched = ? where id = ?', watched ? 1 : 0, feedOf(identity))
    },
    add(identity, payload, { comparable, seen, verified = true, text } = {}) {
      const feed = feedOf(identity)
      const last = db.first<{ length: number; comparable: number }>(
        'select length, comparable from entries where feed = ? order by length desc limit 1',
        feed,
      )
      const length = (last?.length ?? 0) + 1
      const at = comparable ?? (last?.comparable ?? 0) + 1
      const payloadText = text ?? JSON.stringify(payload)
      const content = sha(payloadText)
      nonce += 1
      const bytes = utf8(
        `${JSON.stringify({ v: 1, identity, nonce, payload: payloadText })}\n${'A'.repeat(86)}`,
      )
      const cid = sha(bytes)
      transaction(db, () => {
        db.run(
          `insert into entries (key, feed, length, place, comparable, seen, type, content_key, cid, content, bytes)
           values (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)`,
          digestKey(cid),
          feed,
          length,
          at,
          seen ?? 1_000_000,
          typeOf(text === undefined ? payload : null),
          digestKey(content),
          cid,
          content,
          bytes,
        )
        const { id } = newest()
        if (!verified) db.run('insert into unverified (first, last) values (?, ?)', id, id)
        shown.set(id, { identity, payload: text === undefined ? payload : null })
        show(id)
      })
      const { id } = newest()
      return { id, identity, content: rawCidOfDigest(content), cid: rawCidOfDigest(cid) }
    },
    show: (id) => {
      transaction(db, () => {
        db.run('update entries set place = 0, hidden_at = null where id = ?', id)
        show(id)
      })
    },
    verify(id) {
      transaction(db, () => {
        db.run('delete from unverified where first = ?', id)
        const row = there(
          db.first<{ place: number; hidden: number | null }>(
            'select place, hidden_at as hidden from entries where id = ?',
            id,
          ),
        )
        const type = there(shown.get(id)).payload?.type ?? ''
        if (row.place === place.chain && row.hidden === null && waitsForSignature(type)) show(id)
      })
    },
    hide(id) {
      transaction(db, () => {
        db.run('update entries set place = 1, hidden_at = 1 where id = ?', id)
        views.hide(id)
      })
    },
    erase(id) {
      transaction(db, () => {
        db.run(
          'insert or ignore into erasures (feed, content, entry) select feed, content, 0 from entries where id = ?',
          id,
        )
        db.run('update entries set hidden_at = 1 where id = ?', id)
        views.hide(id)
      })
    },
    restore(id) {
      transaction(db, () => {
        db.run(
          'delete from erasures where (feed, content) in (select feed, content from entries where id = ?)',
          id,
        )
        db.run('update entries set hidden_at = null where id = ?', id)
        show(id)
      })
    },
    drop(id) {
      transaction(db, () => {
        views.hide(id)
        // The number may be given again.
        db.run('delete from unverified where first = ?', id)
        db.run('delete from entries where id = ?', id)
      })
    },
    dump: () =>
      Object.fromEntries(
        dumped.map(([name, order]) => [name, [...db.rows(`select * from ${name} order by ${order}`)]]),
      ),
    [Symbol.dispose]: () => db[Symbol.dispose](),
  }
}

function there<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('the test asks for what it did not add')
  return value
}

const dumped = [
  ['items', 'entry'],
  ['replies', 'entry'],
  ['mentions', 'subject, sort, entry'],
  ['labels', 'label, sort, entry'],
  ['was', 'content_key, entry, author, content'],
  ['claims', 'entry'],
  ['responses', 'subject, sort, entry'],
  ['device_states', 'key, feed, comparable, cid'],
] as const

export function sha(data: string | Uint8Array): Uint8Array {
  return medium.sha256(typeof data === 'string' ? utf8(data) : data)
}

/** Payloads of the shapes that matter here; `at` tells equal ones apart. */
let clock = 0
export function note(text: string, more: Record<string, unknown> = {}): Payload {
  clock += 1
  return { type: 'public_note', at: clock, text, ...more } as Payload
}

export function commentOn(target: ContentName, text: string, thread: ContentName | null = null): Comment {
  clock += 1
  return {
    type: 'comment',
    at: clock,
    text,
    target: referenceTo(target),
    thread: thread === null ? null : referenceTo(thread),
  }
}

export function stance(
  type: 'follow' | 'block' | 'mute',
  identity: Identity,
  value = true,
  root: string | null = null,
): Payload {
  clock += 1
  return { type, at: clock, target: { identity, root }, value } as Payload
}

export function tagOn(target: ContentName, labels: readonly string[]): Payload {
  clock += 1
  return { type: 'tag', at: clock, target: referenceTo(target), labels } as Payload
}

export function referenceTo({ identity, content }: ContentName): Reference {
  return { identity, content, entry: rawCidOfDigest(sha('entry')), synod: null }
}

export function named(name: string): Payload {
  clock += 1
  return {
    type: 'identification',
    at: clock,
    name,
    about: '',
    avatar: null,
    hubs: [],
    box: keyText,
  } as unknown as Payload
}

const keyText = 'A'.repeat(43)

export const digestOf = cidDigest

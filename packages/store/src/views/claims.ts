/**
 * Statements of which the newest counts, by (comparable, CID), for each author and subject (spec P11, P12, P13).
 *
 *     follow, unfollow, follow again ─▶ one row each, one of them current
 *     hide the current one           ─▶ the one before is current again
 *
 * Which device's statement counts among those of one account is asked later: accounts change.
 *
 * @module
 */
import { compareBytes } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import { claimKind, part } from './tables.ts'

export interface Claim {
  readonly entry: number
  /** One of `claimKind`. */
  readonly kind: number
  readonly feed: number
  readonly subject: Uint8Array
  /** Of a stance, the key of the identity that it is about. */
  readonly person: Uint8Array | null
  readonly comparable: number
  /** Digest. */
  readonly cid: Uint8Array
  readonly value: boolean
  /** Of a tag, as JSON. */
  readonly labels: string | null
}

type Top = { readonly entry: number; readonly comparable: number; readonly cid: Uint8Array }

/** `[kind, feed, subject]`. */
type Subject = readonly [number, number, Uint8Array]

export function insertClaim(db: Sqlite, claim: Claim): void {
  const { entry, kind, feed, subject, person, comparable, cid, value, labels } = claim
  const top = topOf(db, [kind, feed, subject])
  const isNewest =
    top === null ||
    comparable > top.comparable ||
    (comparable === top.comparable && compareBytes(cid, top.cid) > 0)
  if (top !== null && isNewest) setCurrent(db, top.entry, kind, false)
  db.run(
    `insert into claims (entry, kind, feed, subject, person, comparable, cid, current, value, labels)
     values (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
    entry,
    kind,
    feed,
    subject,
    person,
    comparable,
    cid,
    value ? 1 : 0,
    labels,
  )
  if (isNewest) setCurrent(db, entry, kind, true)
}

export function deleteClaim(db: Sqlite, entry: number): void {
  const row = db.first<{ kind: number; feed: number; subject: Uint8Array; current: number }>(
    'select kind, feed, subject, current from claims where entry = ?',
    entry,
  )
  if (row === null) return
  if (row.current === 1) setCurrent(db, entry, row.kind, false)
  db.run('delete from claims where entry = ?', entry)
  if (row.current === 0) return
  const top = topOf(db, [row.kind, row.feed, row.subject])
  if (top !== null) setCurrent(db, top.entry, row.kind, true)
}

/** Whether one of `feeds`, those of the same account, said something newer of the same subject. */
export function isSuperseded(db: Sqlite, entry: number, feeds: readonly number[]): boolean {
  if (feeds.length < 2) return false
  const newer = db.first(
    `select 1 as one from claims c join claims o on o.kind = c.kind and o.subject = c.subject and o.current = 1
     where c.entry = ? and o.feed in (select value from json_each(?)) and (o.comparable, o.cid) > (c.comparable, c.cid)`,
    entry,
    JSON.stringify(feeds),
  )
  return newer !== null
}

/** The key of what is tagged: digest of the content, key of its author. */
export function tagSubject(content: Uint8Array, author: Uint8Array): Uint8Array {
  const subject = new Uint8Array(64)
  subject.set(content)
  subject.set(author, 32)
  return subject
}

/** Labels as they are looked up: `Katze` and `katze` are one. */
export function labelKey(label: string): string {
  return label.normalize('NFC').toLowerCase()
}

function topOf(db: Sqlite, [kind, feed, subject]: Subject): Top | null {
  return db.first<Top>(
    `select entry, comparable, cid from claims where kind = ? and feed = ? and subject = ?
     order by comparable desc, cid desc limit 1`,
    kind,
    feed,
    subject,
  )
}

function setCurrent(db: Sqlite, entry: number, kind: number, current: boolean): void {
  db.run('update claims set current = ? where entry = ?', current ? 1 : 0, entry)
  if (kind === claimKind.follow) setResponse(db, entry, 'c.person', current)
  if (kind !== claimKind.tag) return
  setResponse(db, entry, 'substr(c.subject, 33, 32)', current)
  if (!current) {
    db.run('delete from labels where entry = ?', entry)
    return
  }
  // Labels on one's own payloads find them; those on others' are reactions.
  const own = db.first<{ labels: string; sort: number }>(
    `select c.labels, i.sort from claims c join items i on i.entry = c.entry
     where c.entry = ? and i.parts & ${part.labels} <> 0`,
    entry,
  )
  if (own !== null) insertLabels(db, entry, own.sort, JSON.parse(own.labels) as string[])
}

/** `about`: the SQL of the key of whom the claim is about. Of labels on one's own payloads nobody is told. */
function setResponse(db: Sqlite, entry: number, about: string, stands: boolean): void {
  if (!stands) db.run('delete from responses where entry = ?', entry)
  else {
    db.run(
      `insert or ignore into responses (subject, sort, entry)
       select ${about}, i.sort, c.entry from claims c join items i on i.entry = c.entry
       where c.entry = ? and c.value = 1 and i.parts & ${part.labels} = 0`,
      entry,
    )
  }
}

export function insertLabels(db: Sqlite, entry: number, sort: number, labels: readonly string[]): void {
  for (const label of labels) {
    db.run('insert or ignore into labels (label, sort, entry) values (?, ?, ?)', labelKey(label), sort, entry)
  }
}

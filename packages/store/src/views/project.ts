/**
 * From one entry to its rows in the views, and back (spec S5).
 *
 *     show ─▶ items ─▶ replies, mentions, labels, was, claims, only where the payload has them
 *     hide ─▶ the same rows go; of an erased comment a ghost stays, so that its thread tells of it
 *
 * A plain note is one statement. Whatever the order of calls, the rows depend on what is shown alone.
 *
 * @module
 */
import {
  type Comment,
  cidDigest,
  type Identity,
  identityKey,
  type Payload,
  parseBase64url,
  payloadMentions,
  payloadTags,
  payloadWas,
} from '@effigy/core'
import { createRowInsert } from '../insert-rows.ts'
import { type ProjectedEntry, type Projector, waitsForSignature } from '../projector.ts'
import { digestKey, place } from '../schema.ts'
import { sortOf } from '../sort.ts'
import type { Sqlite, SqlValue } from '../sqlite.ts'
import { type Claim, deleteClaim, insertClaim, insertLabels, tagSubject } from './claims.ts'
import { deleteStates, insertStates } from './device-states.ts'
import type { Opened } from './opened.ts'
import type { SearchIndex } from './search.ts'
import { claimKind, part, timelineOf } from './tables.ts'

/** What of an entry the views are made of. */
export type Viewed = Omit<ProjectedEntry, 'links' | 'length' | 'cid'>

export interface ProjectDeps {
  readonly db: Sqlite
  readonly opened: Opened
  readonly search: Pick<SearchIndex, 'shown' | 'hidden'>
  readonly onChange: () => void
}

export interface ViewProjector extends Projector {
  show(entry: Viewed): void
  showNew(entries: readonly Viewed[]): void
  /** Of an entry whose content is erased: what a thread shows in its place. */
  showErased(entry: Viewed): void
}

/** A row of `items`, and what else is made of the entry. */
interface NewItem {
  readonly entry: Viewed
  readonly payload: Payload
  readonly sort: number
  readonly parts: number
  readonly row: readonly SqlValue[]
}

const intoItems = 'items (entry, feed, sort, type, timeline, by_type, parts)'
const insertItem = `insert into ${intoItems} values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`

export function createProjector({ db, opened, search, onChange }: ProjectDeps): ViewProjector {
  const insertItems = createRowInsert(db, intoItems, 7)

  /** Null when no view has it. */
  function itemOf(entry: Viewed): NewItem | null {
    const payload = entry.payload ?? opened.payload(entry.feed, entry.contentDigest)
    if (payload === null || payload.type === 'void') return null
    if (!entry.verified && waitsForSignature(payload.type)) return null
    const sort = sortOf(entry, payload, entry.identity)
    // What was sealed for some belongs to conversations, and to no timeline (Q20).
    const timeline =
      entry.payload === null ? timelineOf.none : (timelines.get(payload.type) ?? timelineOf.none)
    const parts = partsOf(payload, entry.identity)
    const type = entry.type === 0 ? openedType(db, payload.type) : entry.type
    const byType = timeline !== timelineOf.none && isListedAnyway(payload.type) ? 0 : 1
    return {
      entry,
      payload,
      sort,
      parts,
      row: [entry.id, entry.feed, sort, type, timeline, byType, parts],
    }
  }

  function show(entry: Viewed): void {
    const item = itemOf(entry)
    if (item !== null && db.run(insertItem, ...item.row) > 0) added(item)
  }

  function showNew(entries: readonly Viewed[]): void {
    const items = entries.map(itemOf).filter((item) => item !== null)
    insertItems(items.length, (values, at) => values.push(...(items[at] as NewItem).row))
    for (const item of items) added(item)
  }

  function added({ entry, payload, sort, parts }: NewItem): void {
    onChange()
    search.shown(entry.id, payload)
    if (parts !== 0) insertParts(entry, payload, sort, parts)
  }

  function insertParts(entry: Viewed, payload: Payload, sort: number, parts: number): void {
    if ((parts & part.reply) !== 0 && payload.type === 'comment') insertReply(entry, payload, sort, 0)
    if ((parts & part.mentions) !== 0) {
      for (const identity of namedBy(payload, entry.identity)) {
        db.run(
          'insert or ignore into mentions (subject, sort, entry) values (?, ?, ?)',
          identityKey(identity),
          sort,
          entry.id,
        )
      }
    }
    if ((parts & part.was) !== 0) {
      for (const { identity, content } of payloadWas(payload)) {
        const digest = cidDigest(content)
        db.run(
          'insert or ignore into was (content_key, entry, author, content) values (?, ?, ?, ?)',
          digestKey(digest),
          entry.id,
          identityKey(identity),
          digest,
        )
      }
    }
    if ((parts & part.state) !== 0 && payload.type === 'device_state') {
      insertStates(db, payload, {
        entry: entry.id,
        feed: entry.feed,
        comparable: entry.comparable,
        cid: entry.cidDigest,
      })
    }
    const claim = (parts & part.claim) !== 0 ? claimOf(entry, payload) : null
    if (claim !== null) insertClaim(db, claim)
    else if ((parts & part.labels) !== 0) insertLabels(db, entry.id, sort, payloadTags(payload))
  }

  function insertReply(entry: Viewed, { target, thread }: Comment, sort: number, ghost: 0 | 1): void {
    const root = thread ?? target
    const targetDigest = cidDigest(target.content)
    const rootDigest = thread === null ? targetDigest : cidDigest(root.content)
    db.run(
      `insert or replace into replies (entry, feed, sort, ghost, target_key, target, target_author, root_key, root, root_author)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      entry.id,
      entry.feed,
      sort,
      ghost,
      digestKey(targetDigest),
      targetDigest,
      identityKey(target.identity),
      digestKey(rootDigest),
      rootDigest,
      identityKey(root.identity),
    )
  }

  return {
    show,
    showNew,
    showErased(entry) {
      const payload = entry.payload ?? opened.payload(entry.feed, entry.contentDigest)
      if (payload?.type === 'comment') {
        insertReply(entry, payload, sortOf(entry, payload, entry.identity), 1)
      }
    },
    hide(entryId) {
      const row = db.first<{ parts: number }>('select parts from items where entry = ?', entryId)
      if (row !== null) {
        onChange()
        deleteParts(db, entryId, row.parts)
        db.run('delete from items where entry = ?', entryId)
        search.hidden(entryId)
      }
      // Erased or not can be written after this call, so the thread asks when it is shown.
      if (row === null || (row.parts & part.reply) !== 0) keepGhost(db, entryId)
    },
  }
}

const timelines: ReadonlyMap<string, number> = new Map([
  ['public_note', timelineOf.notes],
  ['private_note', timelineOf.notes],
  ['image', timelineOf.notes],
  ['media', timelineOf.notes],
  ['collection', timelineOf.notes],
  ['comment', timelineOf.comments],
])

/** The types most entries have: their pages come from `items_timeline`, and one index less is written. */
export function isListedAnyway(type: string): boolean {
  return type === 'public_note' || type === 'comment'
}

/** Types that were only ever seen encrypted have numbers of their own, below zero: `types` is not ours to write. */
function openedType(db: Sqlite, name: string): number {
  db.run('insert or ignore into opened_types (name) values (?)', name)
  return -(db.first<{ id: number }>('select id from opened_types where name = ?', name)?.id ?? 0)
}

function partsOf(payload: Payload, author: Identity): number {
  let parts = payload.was === undefined ? 0 : part.was
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
      if (payload.mentions !== undefined && payload.mentions.length > 0) parts |= part.mentions
      if (payload.tags !== undefined && payload.tags.length > 0) parts |= part.labels
      return parts
    case 'comment':
      if (payload.tags !== undefined && payload.tags.length > 0) parts |= part.labels
      if (namedBy(payload, author).length > 0) parts |= part.mentions
      return parts | part.reply
    case 'image':
    case 'media':
    case 'collection':
      return payload.tags === undefined ? parts : parts | part.labels
    case 'tag':
      // Whether whoever wrote the target is of the same account, they say who read it: accounts change.
      return (
        parts | part.claim | (payload.target.identity === author || isPin(payload.labels) ? part.labels : 0)
      )
    case 'follow':
    case 'block':
    case 'mute':
    case 'identification':
      return parts | part.claim
    case 'device_state':
      return parts | part.state
    default:
      return parts
  }
}

/** On what an account wrote itself, on whichever device (P11). */
const isPin = (labels: readonly string[]): boolean => labels.includes('pin')

/** Whom a payload calls: those it names, and the author of what it answers. */
function namedBy(payload: Payload, author: Identity): readonly Identity[] {
  const named = payloadMentions(payload).map(({ identity }) => identity)
  if (payload.type === 'comment' && payload.target.identity !== author) named.push(payload.target.identity)
  return named
}

function claimOf(entry: Viewed, payload: Payload): Claim | null {
  const { id, feed, comparable, cidDigest: cid } = entry
  const common = { entry: id, feed, comparable, cid, person: null, labels: null }
  switch (payload.type) {
    case 'follow':
    case 'block':
    case 'mute': {
      const { target, value } = payload
      const person = identityKey(target.identity)
      // By root, else by identity (P12).
      const subject = (target.root === null ? null : parseBase64url(target.root)) ?? person
      return { ...common, kind: claimKind[payload.type], subject, person, value }
    }
    case 'identification':
      return { ...common, kind: claimKind.identification, subject: new Uint8Array(), value: true }
    case 'tag': {
      const { target } = payload
      const subject = tagSubject(cidDigest(target.content), identityKey(target.identity))
      const labels = JSON.stringify(payload.labels)
      return { ...common, kind: claimKind.tag, subject, value: payload.labels.length > 0, labels }
    }
    default:
      return null
  }
}

function deleteParts(db: Sqlite, entry: number, parts: number): void {
  if ((parts & part.claim) !== 0) deleteClaim(db, entry)
  if ((parts & part.labels) !== 0) db.run('delete from labels where entry = ?', entry)
  if ((parts & part.mentions) !== 0) db.run('delete from mentions where entry = ?', entry)
  if ((parts & part.state) !== 0) deleteStates(db, entry)
  if ((parts & part.was) !== 0) db.run('delete from was where entry = ?', entry)
}

function keepGhost(db: Sqlite, entry: number): void {
  const row = db.first<{ place: number }>('select place from entries where id = ?', entry)
  if (row?.place === place.chain) db.run('update replies set ghost = 1 where entry = ?', entry)
  else db.run('delete from replies where entry = ?', entry)
}

/**
 * Keys that open sealed feeds, and which feeds stay shut (spec X20 to X26, E9).
 *
 *     a chain came, sealed ─ key here ─▶ opened, judged, stored, shown
 *                          └ no key ──▶ close: only its head is followed ─ keep(key) ─▶ fetched now
 *
 * Who may hand a key out is the caller's to judge. A key is known by its id, so a false one opens nothing.
 *
 * @module
 */
import { type Identity, identityKey, identityOfKey } from '@effigy/core'
import { feedKeyId } from '@effigy/crypto'
import type { Changes } from '../changes.ts'
import type { Sqlite } from '../sqlite.ts'

/** Opens what one feed seals from an epoch on, until another key takes its place. A secret. */
export interface FeedKey {
  readonly feed: Identity
  /** The first epoch that it is for. */
  readonly epoch: number
  /** 32 bytes. */
  readonly key: Uint8Array
}

/** A feed whose newest epoch, as far as it came, is sealed under a key that is not here. */
export interface ClosedFeed {
  readonly feed: Identity
  readonly epoch: number
  /** base64url of 16 bytes. */
  readonly keyId: string
}

/** A signed text in which the author of a feed hands out its key (X24); read by `@effigy/core`. */
export interface KeptLetter {
  readonly feed: Identity
  readonly epoch: number
  readonly at: number
  readonly record: Uint8Array
}

export interface FeedKeys {
  /** Keeps a key, durable when it returns; false when it was here. Of each feed the newest `maxFeedKeys` stay. */
  keep(key: FeedKey): boolean
  /** The key of that id; null: it is not here. */
  find(feed: Identity, keyId: string): FeedKey | null
  /** Newest epoch first. */
  of(feed: Identity): readonly FeedKey[]

  /** Its chain of that epoch needs a key that is not here: nothing more of it is needed until it is. */
  close(closed: ClosedFeed): void
  /** Null when it is open, or its key came. */
  closed(feed: Identity): ClosedFeed | null
  /** Feeds that are closed, and watched. */
  allClosed(): readonly ClosedFeed[]

  /** Keeps a letter whose signature is verified, unless a newer one is here (epoch, then time). */
  keepLetter(letter: KeptLetter): boolean
  letter(feed: Identity): KeptLetter | null
}

/** Within the store: what the rules of feeds ask. */
export interface FeedKeyTable extends FeedKeys {
  isClosed(feed: Identity, epoch: number): boolean
  /** A feed that is forgotten. */
  drop(feed: Identity): void
  /** After a roll-back. */
  forget(): void
}

/** Each is for an epoch; who rewrites more often has older readers ask again. */
export const maxFeedKeys = 16

type KeyRow = {
  readonly feed: Uint8Array
  readonly key_id: string
  readonly epoch: number
  readonly key: Uint8Array
}
type ClosedRow = { readonly feed: Uint8Array; readonly epoch: number; readonly key_id: string }

export interface FeedKeyDeps {
  readonly db: Sqlite
  readonly changes: Changes
  readonly sha256: (bytes: Uint8Array) => Uint8Array
}

export function createFeedKeys({ db, changes, sha256 }: FeedKeyDeps): FeedKeyTable {
  /** As in the table: asked for with each need. At most one a watched feed. */
  let shut: Map<Identity, ClosedFeed> | null = null

  const load = (): Map<Identity, ClosedFeed> => {
    if (shut === null) {
      const rows = db.rows<ClosedRow>('select feed, epoch, key_id from closed_feeds')
      shut = new Map(Array.from(rows, (row) => [identityOfKey(row.feed), closedOf(row)]))
    }
    return shut
  }

  function open(feed: Identity): void {
    if (load().delete(feed)) db.run('delete from closed_feeds where feed = ?', identityKey(feed))
  }

  const find = (feed: Identity, keyId: string): FeedKey | null => {
    const row = db.first<KeyRow>(
      'select feed, key_id, epoch, key from feed_keys where feed = ? and key_id = ?',
      identityKey(feed),
      keyId,
    )
    return row === null ? null : keyOf(row)
  }

  function keepKey({ feed, epoch, key }: FeedKey): boolean {
    const keyId = feedKeyId(key, { sha256 })
    const known = find(feed, keyId)
    if (known !== null && known.epoch <= epoch) return false
    const name = identityKey(feed)
    db.run(
      'insert or replace into feed_keys (feed, key_id, epoch, key) values (?, ?, ?, ?)',
      name,
      keyId,
      epoch,
      key,
    )
    db.run(
      `delete from feed_keys where feed = ?1 and key_id not in
         (select key_id from feed_keys where feed = ?1 order by epoch desc, key_id limit ${maxFeedKeys})`,
      name,
    )
    if (load().get(feed)?.keyId === keyId) open(feed)
    // What was not needed without it is now.
    changes.touchFeed(feed)
    return known === null
  }

  const letter = (feed: Identity): KeptLetter | null => {
    const row = db.first<{ epoch: number; at: number; record: Uint8Array }>(
      'select epoch, at, record from feed_key_letters where feed = ?',
      identityKey(feed),
    )
    return row === null ? null : { feed, ...row }
  }

  return {
    keep: (key) => changes.commitDurably(() => keepKey(key)),
    find,
    of: (feed) =>
      Array.from(
        db.rows<KeyRow>(
          'select feed, key_id, epoch, key from feed_keys where feed = ? order by epoch desc, key_id',
          identityKey(feed),
        ),
        keyOf,
      ),
    close: (closed) =>
      changes.commit(() => {
        const { feed, epoch, keyId } = closed
        if (find(feed, keyId) !== null) return
        load().set(feed, closed)
        db.run(
          'insert or replace into closed_feeds (feed, epoch, key_id) values (?, ?, ?)',
          identityKey(feed),
          epoch,
          keyId,
        )
        changes.touchFeed(feed)
      }),
    closed: (feed) => load().get(feed) ?? null,
    allClosed: () => [...load().values()],
    isClosed: (feed, epoch) => load().get(feed)?.epoch === epoch,
    keepLetter: (given) =>
      changes.commit(() => {
        const known = letter(given.feed)
        if (known !== null && compareLetters(given, known) <= 0) return false
        db.run(
          'insert or replace into feed_key_letters (feed, epoch, at, record) values (?, ?, ?, ?)',
          identityKey(given.feed),
          given.epoch,
          given.at,
          given.record,
        )
        return true
      }),
    letter,
    drop(feed) {
      open(feed)
      db.run('delete from feed_keys where feed = ?', identityKey(feed))
      db.run('delete from feed_key_letters where feed = ?', identityKey(feed))
    },
    forget: () => {
      shut = null
    },
  }
}

const compareLetters = (a: KeptLetter, b: KeptLetter): number => a.epoch - b.epoch || a.at - b.at

const keyOf = ({ feed, epoch, key }: KeyRow): FeedKey => ({ feed: identityOfKey(feed), epoch, key })

function closedOf({ feed, epoch, key_id }: ClosedRow): ClosedFeed {
  return { feed: identityOfKey(feed), epoch, keyId: key_id }
}

/**
 * What others promised to keep of ours, and what came of asking after it (spec V32-V38).
 *
 *     lease accepted ─put▶ promise ─spot check▶ passed │ failed      holder's receipt ▶ gone      told ▶ not listed any more
 *
 * @module
 */
import { cidBytes, cidOfBytes, type Identity, identityKey, identityOfKey, type RawCid } from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { Sqlite, SqlValue } from '../sqlite.ts'

/** The newest lease of one holder on one feed. */
export interface LeasePromise {
  readonly holder: Identity
  readonly for: Identity
  readonly epoch: number
  readonly length: number
  readonly head: RawCid
  /** Files up to this size each, bytes; 0: none. */
  readonly blobs: number
  /** Ms on the holder's clock. */
  readonly until: number
  readonly bytes: number
  /** When it came here first, ms on our own clock; so are all times below. */
  readonly at: number
  /** When it last answered a spot check rightly; null: never. */
  readonly passedAt: number | null
  /** Since when it does not keep its word, as far as is known; null: it does. */
  readonly failedAt: number | null
  /** How; null where `failedAt` is. */
  readonly failure: string | null
}

export type PromiseNews =
  | { readonly type: 'passed'; readonly at: number }
  | { readonly type: 'failed'; readonly at: number; readonly code: string }

export interface LeasePromises {
  /**
   * Durable. Takes the place of the one before; what was found out about the holder and that feed stays, but that it let
   * go (`gone`, `not-listed`): whether it has it again is not known yet.
   */
  put(promise: Omit<LeasePromise, 'passedAt' | 'failedAt' | 'failure'>): void
  get(holder: Identity, feed: Identity): LeasePromise | null
  /** By holder and feed, as their keys are ordered. */
  list(): readonly LeasePromise[]
  note(holder: Identity, feed: Identity, news: PromiseNews): void
  remove(holder: Identity, feed: Identity): boolean
}

/** Part of the main file's migrations. */
export const promiseTables = `
  create table lease_promises (
    holder blob not null, feed blob not null,
    epoch integer not null, length integer not null, head blob not null,
    blobs integer not null, until integer not null, bytes integer not null, at integer not null,
    passed integer, failed integer, failure text,
    primary key (holder, feed)
  ) without rowid;
`

interface Row extends Record<string, SqlValue> {
  readonly holder: Uint8Array
  readonly feed: Uint8Array
  readonly epoch: number
  readonly length: number
  readonly head: Uint8Array
  readonly blobs: number
  readonly until: number
  readonly bytes: number
  readonly at: number
  readonly passed: number | null
  readonly failed: number | null
  readonly failure: string | null
}

/**
 * The promises in `db`, whose tables are migrated already: one of a holder and a feed, on the medium when `put` returns. The medium's
 * failure is thrown as `EffigyError`.
 */
export function createPromiseTable(
  db: Sqlite,
  { commit, commitDurably }: Pick<Changes, 'commit' | 'commitDurably'>,
): LeasePromises {
  return {
    put(promise) {
      const { holder, for: feed, epoch, length, head, blobs, until, bytes, at } = promise
      commitDurably(() =>
        db.run(
          `insert into lease_promises (holder, feed, epoch, length, head, blobs, until, bytes, at)
             values (?, ?, ?, ?, ?, ?, ?, ?, ?)
           on conflict (holder, feed) do update set epoch = excluded.epoch, length = excluded.length,
             head = excluded.head, blobs = excluded.blobs, until = excluded.until, bytes = excluded.bytes,
             at = excluded.at,
             passed = case when failure in ('gone', 'not-listed') then null else passed end,
             failed = case when failure in ('gone', 'not-listed') then null else failed end,
             failure = case when failure in ('gone', 'not-listed') then null else failure end`,
          identityKey(holder),
          identityKey(feed),
          epoch,
          length,
          cidBytes(head),
          blobs,
          until,
          bytes,
          at,
        ),
      )
    },
    get(holder, feed) {
      const row = db.first<Row>(
        'select * from lease_promises where holder = ? and feed = ?',
        identityKey(holder),
        identityKey(feed),
      )
      return row === null ? null : promiseOf(row)
    },
    list: () => Array.from(db.rows<Row>('select * from lease_promises order by holder, feed'), promiseOf),
    note(holder, feed, news) {
      const hasPassed = news.type === 'passed'
      commit(() =>
        db.run(
          `update lease_promises set passed = coalesce(?, passed), failed = ?, failure = ?
           where holder = ? and feed = ?`,
          hasPassed ? news.at : null,
          hasPassed ? null : news.at,
          hasPassed ? null : news.code,
          identityKey(holder),
          identityKey(feed),
        ),
      )
    },
    remove: (holder, feed) =>
      commit(
        () =>
          db.run(
            'delete from lease_promises where holder = ? and feed = ?',
            identityKey(holder),
            identityKey(feed),
          ) > 0,
      ),
  }
}

function promiseOf(row: Row): LeasePromise {
  const { epoch, length, blobs, until, bytes, at, passed, failed, failure } = row
  return {
    holder: identityOfKey(row.holder),
    for: identityOfKey(row.feed),
    epoch,
    length,
    // Written by `put` alone.
    head: cidOfBytes(row.head) as RawCid,
    blobs,
    until,
    bytes,
    at,
    passedAt: passed,
    failedAt: failed,
    failure,
  }
}

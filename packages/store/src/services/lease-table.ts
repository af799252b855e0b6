/**
 * Leases in SQLite (lease-store.ts).
 *
 * @module
 */
import { cidBytes, cidOfBytes, identityKey, identityOfKey, type RawCid } from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { Sqlite, SqlValue } from '../sqlite.ts'
import type { HeldLease, LeaseStore } from './lease-store.ts'

/** Part of the main file's migrations. */
export const leaseTables = `
  create table leases (
    feed blob primary key,
    owner blob not null, until integer not null, bytes integer not null, record blob not null
  ) without rowid;
  create index leases_owner on leases (owner);
  create index leases_until on leases (until);
  create table leases_gone (
    owner blob not null, feed blob not null, head blob not null, at integer not null,
    primary key (owner, feed)
  ) without rowid;
  create index leases_gone_at on leases_gone (at);
`

/** Part of the main file's migrations: V32. */
export const leasesBefore = `
  alter table leases add column released integer not null default 0;
  alter table leases add column before_until integer;
  alter table leases add column before_blobs integer;
`

interface Row extends Record<string, SqlValue> {
  readonly feed: Uint8Array
  readonly owner: Uint8Array
  readonly until: number
  readonly bytes: number
  readonly record: Uint8Array
  readonly released: number
  readonly before_until: number | null
  readonly before_blobs: number | null
}

const columns = 'feed, owner, until, bytes, record, released, before_until, before_blobs'

/**
 * The leases that this peer gave, in `db`, whose tables are migrated already. A lease is on the medium when `put` returns; the medium's
 * failure is thrown as `EffigyError`.
 */
export function createLeaseTable(
  db: Sqlite,
  { commit, commitDurably }: Pick<Changes, 'commit' | 'commitDurably'>,
): LeaseStore {
  return {
    put(lease) {
      commitDurably(() =>
        db.run(
          `insert or replace into leases (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?)`,
          identityKey(lease.for),
          identityKey(lease.owner),
          lease.until,
          lease.bytes,
          lease.record,
          Number(lease.isReleased),
          lease.before?.until ?? null,
          lease.before?.blobs ?? null,
        ),
      )
    },
    get(feed) {
      const row = db.first<Row>(`select ${columns} from leases where feed = ?`, identityKey(feed))
      return row === null ? null : leaseOf(row)
    },
    of: (owner) =>
      sorted(
        Array.from(
          db.rows<Row>(`select ${columns} from leases where owner = ?`, identityKey(owner)),
          leaseOf,
        ),
      ),
    feeds: () =>
      Array.from(db.rows<{ feed: Uint8Array }>('select feed from leases'), ({ feed }) =>
        identityOfKey(feed),
      ).sort(),
    promised(owner) {
      const row =
        owner === null
          ? db.first<{ bytes: number }>('select coalesce(sum(bytes), 0) as bytes from leases')
          : db.first<{ bytes: number }>(
              'select coalesce(sum(bytes), 0) as bytes from leases where owner = ?',
              identityKey(owner),
            )
      return row?.bytes ?? 0
    },
    remove: (feed, gone = null) =>
      commit(() => {
        if (gone !== null) {
          db.run(
            'insert or replace into leases_gone (owner, feed, head, at) values (?, ?, ?, ?)',
            identityKey(gone.owner),
            identityKey(gone.for),
            cidBytes(gone.head),
            gone.at,
          )
        }
        return db.run('delete from leases where feed = ?', identityKey(feed)) > 0
      }),
    gone: (owner, limit) =>
      Array.from(
        db.rows<{ feed: Uint8Array; head: Uint8Array; at: number }>(
          'select feed, head, at from leases_gone where owner = ? order by at desc limit ?',
          identityKey(owner),
          limit,
        ),
        ({ feed, head, at }) => ({
          for: identityOfKey(feed),
          owner,
          // Written by `remove` alone.
          head: cidOfBytes(head) as RawCid,
          at,
        }),
      ),
    forgetGone: (before, limit) =>
      commit(() =>
        db.run(
          `delete from leases_gone where (owner, feed) in
             (select owner, feed from leases_gone where at <= ? order by at limit ?)`,
          before,
          limit,
        ),
      ),
    ended: (now, limit) =>
      sorted(
        Array.from(
          db.rows<Row>(
            `select ${columns} from leases where until <= ? or before_until <= ? limit ?`,
            now,
            now,
            limit,
          ),
          leaseOf,
        ),
      ),
  }
}

function leaseOf({ feed, owner, until, bytes, record, ...row }: Row): HeldLease {
  const before = row.before_until === null ? null : { until: row.before_until, blobs: row.before_blobs ?? 0 }
  return {
    ...{ for: identityOfKey(feed), owner: identityOfKey(owner), until, bytes, record },
    ...{ isReleased: row.released === 1, before },
  }
}

/** As people write the names, which is another order than that of the keys. */
function sorted(leases: readonly HeldLease[]): readonly HeldLease[] {
  return leases.toSorted((a: HeldLease, b: HeldLease) => (a.for < b.for ? -1 : 1))
}

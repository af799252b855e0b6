/**
 * Drops that were taken, in SQLite (taken-drops.ts).
 *
 * @module
 */
import {
  cidBytes,
  cidOfBytes,
  encodeBase64url,
  type Identity,
  identityKey,
  identityOfKey,
  parseBase64url,
  type RawCid,
} from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { Sqlite, SqlValue } from '../sqlite.ts'
import type { TakenDrop, TakenDrops } from './taken-drops.ts'

/** Part of the main file's migrations. `at` is the sender's clock, `taken` and `since` our own. */
export const takenTables = `
  create table taken_drops (
    id integer primary key,
    cid blob not null unique,
    sender blob not null, nonce blob not null, type text not null,
    at integer not null, taken integer not null, request integer not null, by_hand integer not null,
    size integer not null, bytes blob not null,
    unique (sender, nonce)
  );
  create index taken_drops_room on taken_drops (request, sender, size);
  create index taken_drops_time on taken_drops (request, taken);
  create table drop_senders (sender blob primary key, since integer not null) without rowid;
`

interface Row extends Record<string, SqlValue> {
  readonly cid: Uint8Array
  readonly sender: Uint8Array
  readonly nonce: Uint8Array
  readonly type: string
  readonly at: number
  readonly taken: number
  readonly request: number
  readonly by_hand: number
  readonly size: number
}

const columns = 'cid, sender, nonce, type, at, taken, request, by_hand, size'

/**
 * The drops that were taken, in `db`, whose tables are migrated already. A drop is on the medium when `put` returns; the medium's
 * failure is thrown as `EffigyError`.
 */
export function createTakenTable(
  db: Sqlite,
  { commit, commitDurably }: Pick<Changes, 'commit' | 'commitDurably'>,
): TakenDrops {
  return {
    put: (drop, sealed) =>
      commitDurably(
        () =>
          db.run(
            `insert or ignore into taken_drops (${columns}, bytes) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            cidBytes(drop.id),
            identityKey(drop.from),
            parseBase64url(drop.nonce) ?? new Uint8Array(0),
            drop.type,
            drop.at,
            drop.takenAt,
            Number(drop.isRequest),
            Number(drop.byHand),
            sealed.length,
            sealed,
          ) > 0,
      ),
    get(id) {
      const row = db.first<Row>(`select ${columns} from taken_drops where cid = ?`, cidBytes(id))
      return row === null ? null : dropOf(row)
    },
    bytes: (id) =>
      db.first<{ bytes: Uint8Array }>('select bytes from taken_drops where cid = ?', cidBytes(id))?.bytes ??
      null,
    list: (isRequest, limit) =>
      Array.from(
        db.rows<Row>(
          `select ${columns} from taken_drops where request = ? order by taken, id limit ?`,
          Number(isRequest),
          limit,
        ),
        dropOf,
      ),
    usage(isRequest, from, acted) {
      const of = (from === null ? '' : ' and sender = ?') + (acted ? ` and ${besides(acted)}` : '')
      const row = db.first<{ items: number; bytes: number }>(
        `select count(*) as items, coalesce(sum(size), 0) as bytes from taken_drops where request = ?${of}`,
        Number(isRequest),
        ...(from === null ? [] : [identityKey(from)]),
        ...(acted ?? []),
      )
      return { items: row?.items ?? 0, bytes: row?.bytes ?? 0 }
    },
    accept: (id) =>
      commitDurably(
        () =>
          db.run(
            'update taken_drops set request = 0, by_hand = 0 where cid = ? and request = 1',
            cidBytes(id),
          ) > 0,
      ),
    remove: (id) => commitDurably(() => db.run('delete from taken_drops where cid = ?', cidBytes(id)) > 0),
    expire: (before, limit, acted) =>
      commit(() =>
        db.run(
          `delete from taken_drops where id in
             (select id from taken_drops
              where taken <= ? and (request = 1${acted ? ` or ${besides(acted)}` : ''}) order by taken limit ?)`,
          before,
          ...(acted ?? []),
          limit,
        ),
      ),
    namedSince(from) {
      const row = db.first<{ since: number }>(
        'select since from drop_senders where sender = ?',
        identityKey(from),
      )
      return row?.since ?? null
    },
    name(senders, now) {
      commit(() => {
        const left = new Set(senders)
        for (const { sender } of [...db.rows<{ sender: Uint8Array }>('select sender from drop_senders')]) {
          if (!left.delete(identityOfKey(sender))) db.run('delete from drop_senders where sender = ?', sender)
        }
        for (const sender of left) {
          db.run('insert into drop_senders (sender, since) values (?, ?)', identityKey(sender), now)
        }
      })
    },
  }
}

const besides = (types: readonly string[]): string => `type not in (${types.map(() => '?')})`

function dropOf(row: Row): TakenDrop {
  return {
    // Written by `put` alone.
    id: cidOfBytes(row.cid) as RawCid,
    from: identityOfKey(row.sender) as Identity,
    nonce: encodeBase64url(row.nonce),
    type: row.type,
    at: row.at,
    takenAt: row.taken,
    isRequest: row.request === 1,
    byHand: row.by_hand === 1,
    size: row.size,
  }
}

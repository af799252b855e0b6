/**
 * A drop box in SQLite (drop-store.ts). Names are the 36 bytes of a CID and the 32 of a key.
 *
 * @module
 */
import { cidBytes, cidOfBytes, type Identity, identityKey, identityOfKey, type RawCid } from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { Sqlite, SqlValue } from '../sqlite.ts'
import type { DropInfo, DropReceiver, DropStore, DropUsage } from './drop-store.ts'
import { withStrangers } from './with-strangers.ts'

/** Part of the main file's migrations. A receiver of no bytes: for whoever can open it. */
export const dropTables = `
  create table drops (
    id integer primary key,
    cid blob not null unique,
    receiver blob not null, sender blob not null, friend integer not null,
    size integer not null, at integer not null, expires integer not null,
    bytes blob not null
  );
  create index drops_receiver on drops (receiver, friend);
  create index drops_expires on drops (expires);
  create table drop_seen (drop_id integer not null, device blob not null, primary key (drop_id, device)) without rowid;
  create table drop_friends (
    receiver blob not null, friend blob not null, primary key (receiver, friend)
  ) without rowid;
`

/**
 * Part of the main file's migrations: a drop is its receiver's (V20), whoever was sent the same bytes before. What is
 * counted for each drop that comes stands in an index, so that a full box is counted as fast as an empty one.
 */
export const dropsByReceiver = `
  create table drops_kept (
    id integer primary key,
    cid blob not null,
    receiver blob not null, sender blob not null, friend integer not null,
    size integer not null, at integer not null, expires integer not null,
    bytes blob not null,
    unique (receiver, cid)
  );
  insert into drops_kept (id, cid, receiver, sender, friend, size, at, expires, bytes)
    select id, cid, receiver, sender, friend, size, at, expires, bytes from drops;
  drop table drops;
  alter table drops_kept rename to drops;
  create index drops_receiver on drops (receiver, friend, size);
  create index drops_expires on drops (expires);
`

/** Part of the main file's migrations: what one sender has there is counted for each drop, and offers go by senders. */
export const dropsBySender = `
  drop index drops_receiver;
  create index drops_receiver on drops (receiver, friend, sender, size);
`

interface Row extends Record<string, SqlValue> {
  readonly cid: Uint8Array
  readonly receiver: Uint8Array
  readonly sender: Uint8Array
  readonly friend: number
  readonly size: number
  readonly at: number
  readonly expires: number
}

const nobody = new Uint8Array(0)
/** No identity is that short: the one drop that only costs what a drop costs (`pretend`). */
const decoy = Uint8Array.of(0)
/** Of the decoy: it never expires. */
const never = Number.MAX_SAFE_INTEGER
const columns = 'cid, receiver, sender, friend, size, at, expires'

/**
 * The drops in `db`, whose tables are migrated already. A drop is on the medium when `add` returns; the medium's failure
 * is thrown as `EffigyError`.
 */
export function createDropTable(
  db: Sqlite,
  { commit, commitDurably }: Pick<Changes, 'commit' | 'commitDurably'>,
): DropStore {
  const idOf = (to: DropReceiver, id: RawCid): number | null =>
    db.first<{ id: number }>(
      'select id from drops where receiver = ? and cid = ?',
      receiverOf(to),
      cidBytes(id),
    )?.id ?? null

  function drop(id: number): void {
    db.run('delete from drop_seen where drop_id = ?', id)
    db.run('delete from drops where id = ?', id)
  }

  function insert(receiver: Uint8Array, info: DropInfo, bytes: Uint8Array): void {
    db.run(
      `insert into drops (${columns}, bytes) values (?, ?, ?, ?, ?, ?, ?, ?)`,
      cidBytes(info.id),
      receiver,
      identityKey(info.from),
      Number(info.isFriend),
      info.size,
      info.at,
      receiver === decoy ? never : info.expires,
      bytes,
    )
  }

  return {
    add: (info, bytes) =>
      commitDurably(() => {
        if (idOf(info.to, info.id) !== null) return false
        insert(receiverOf(info.to), info, bytes)
        return true
      }),
    pretend: (info, bytes) =>
      commitDurably(() => {
        db.run('delete from drops where receiver = ?', decoy)
        insert(decoy, info, bytes)
      }),
    info(to, id) {
      const row = db.first<Row>(
        `select ${columns} from drops where receiver = ? and cid = ?`,
        receiverOf(to),
        cidBytes(id),
      )
      return row === null ? null : infoOf(row)
    },
    bytes: (to, id) =>
      db.first<{ bytes: Uint8Array }>(
        'select bytes from drops where receiver = ? and cid = ?',
        receiverOf(to),
        cidBytes(id),
      )?.bytes ?? null,
    waiting: (to, limit) =>
      Array.from(
        db.rows<Row>(
          `select ${columns} from drops where receiver = ? order by friend desc, id limit ?`,
          receiverOf(to),
          limit,
        ),
        infoOf,
      ),
    unseen: (to, device, limit) =>
      withStrangers(
        [1, 0].flatMap((friend) =>
          Array.from(
            db.rows<Row>(
              `select ${columns} from drops where receiver = ? and friend = ?
                 and not exists (select 1 from drop_seen where drop_id = drops.id and device = ?)
               order by row_number() over (partition by sender order by id), id limit ?`,
              receiverOf(to),
              friend,
              identityKey(device),
              limit,
            ),
            infoOf,
          ),
        ),
        limit,
      ),
    usage: (to, isFriend, from) =>
      db.first<{ items: number; bytes: number }>(
        `select count(*) as items, coalesce(sum(size), 0) as bytes from drops where receiver = ? and friend = ?${from ? ' and sender = ?' : ''}`,
        receiverOf(to),
        Number(isFriend),
        ...(from ? [identityKey(from)] : []),
      ) as DropUsage,
    boxes: (limit) =>
      Array.from(
        db.rows<{ receiver: Uint8Array; items: number; bytes: number }>(
          `select receiver, count(*) as items, sum(size) as bytes from drops where receiver <> ?
           group by receiver order by bytes desc, receiver limit ?`,
          decoy,
          limit,
        ),
        ({ receiver, items, bytes }) => ({ to: receiverIn(receiver), items, bytes }),
      ),
    get totalBytes() {
      const row = db.first<{ bytes: number }>(
        'select coalesce(sum(size), 0) as bytes from drops where receiver <> ?',
        decoy,
      )
      return row?.bytes ?? 0
    },
    acknowledge(to, cid, device) {
      const id = idOf(to, cid)
      if (id === null) return []
      commit(() =>
        db.run('insert or ignore into drop_seen (drop_id, device) values (?, ?)', id, identityKey(device)),
      )
      const rows = db.rows<{ device: Uint8Array }>('select device from drop_seen where drop_id = ?', id)
      return Array.from(rows, (row) => identityOfKey(row.device))
    },
    remove(to, cid) {
      const id = idOf(to, cid)
      if (id === null) return false
      commit(() => drop(id))
      return true
    },
    clear: (to) =>
      commit(() => {
        const receiver = receiverOf(to)
        const usage = db.first<{ items: number; bytes: number }>(
          'select count(*) as items, coalesce(sum(size), 0) as bytes from drops where receiver = ?',
          receiver,
        ) as DropUsage
        db.run('delete from drop_seen where drop_id in (select id from drops where receiver = ?)', receiver)
        db.run('delete from drops where receiver = ?', receiver)
        return usage
      }),
    expire(now, limit) {
      const due = Array.from(
        db.rows<{ id: number }>('select id from drops where expires <= ? limit ?', now, limit),
        ({ id }) => id,
      )
      if (due.length > 0) commit(() => due.forEach(drop))
      return due.length
    },
    setFriends(to, friends) {
      const receiver = identityKey(to)
      commit(() => {
        db.run('delete from drop_friends where receiver = ?', receiver)
        for (const friend of new Set(friends)) {
          db.run('insert into drop_friends (receiver, friend) values (?, ?)', receiver, identityKey(friend))
        }
      })
    },
    isFriend: (to, from) =>
      db.first(
        'select 1 as one from drop_friends where receiver = ? and friend = ?',
        identityKey(to),
        identityKey(from),
      ) !== null,
    listed: (to) =>
      (to === null
        ? db.first<{ names: number }>('select count(*) as names from drop_friends')
        : db.first<{ names: number }>(
            'select count(*) as names from drop_friends where receiver = ?',
            identityKey(to),
          )
      )?.names ?? 0,
    listReceivers(after, limit) {
      const found: Identity[] = []
      let last = after === null ? nobody : identityKey(after)
      while (found.length < limit) {
        // One look into the key for each, however long the lists are.
        const next = db.first<{ receiver: Uint8Array }>(
          'select receiver from drop_friends where receiver > ? order by receiver limit 1',
          last,
        )
        if (next === null) break
        last = next.receiver
        found.push(identityOfKey(last))
      }
      return found
    },
  }
}

function receiverOf(to: DropReceiver): Uint8Array {
  return to === null ? nobody : identityKey(to)
}

function receiverIn(bytes: Uint8Array): DropReceiver {
  return bytes.length === 0 ? null : identityOfKey(bytes)
}

function infoOf({ cid, receiver, sender, friend, size, at, expires }: Row): DropInfo {
  return {
    id: cidOfBytes(cid) as RawCid,
    to: receiverIn(receiver),
    from: identityOfKey(sender),
    isFriend: friend === 1,
    size,
    at,
    expires,
  }
}

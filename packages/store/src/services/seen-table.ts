/**
 * The drops that were opened here, in SQLite (seen-drops.ts).
 *
 * @module
 */
import { type Identity, identityKey, parseBase64url } from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { Sqlite } from '../sqlite.ts'
import { defaultSeenRoom, type SeenDrops, type SeenRoom } from './seen-drops.ts'

/** Part of the main file's migrations. `at` is the sender's clock, `until` our own. */
export const seenTables = `
  create table seen_drops (
    sender blob not null, nonce blob not null, listed integer not null, at integer not null, until integer not null,
    primary key (sender, nonce)
  ) without rowid;
  create index seen_drops_at on seen_drops (listed, at, nonce);
  create index seen_drops_until on seen_drops (until);
  create table seen_forgotten (listed integer primary key, count integer not null, at integer);
  insert into seen_forgotten (listed, count, at) values (0, 0, null), (1, 0, null);
`

type Row = { readonly sender: Uint8Array; readonly nonce: Uint8Array; listed: number; at: number }

/**
 * The drops that were opened, in `db`, whose tables are migrated already. `room`: drops remembered of senders that are listed, and of
 * all others; beyond it the oldest are forgotten.
 */
export function createSeenTable(
  db: Sqlite,
  { commit, commitDurably }: Pick<Changes, 'commit' | 'commitDurably'>,
  room: SeenRoom = defaultSeenRoom,
): SeenDrops {
  const nonceOf = (nonce: string): Uint8Array => parseBase64url(nonce) ?? new Uint8Array(0)
  const has = (from: Identity, nonce: string): boolean =>
    db.first(
      'select 1 as one from seen_drops where sender = ? and nonce = ?',
      identityKey(from),
      nonceOf(nonce),
    ) !== null

  function forget({ sender, nonce, listed, at }: Row): void {
    db.run('delete from seen_drops where sender = ? and nonce = ?', sender, nonce)
    db.run(
      'update seen_forgotten set count = count - 1, at = max(coalesce(at, 0), ?) where listed = ?',
      at,
      listed,
    )
  }

  return {
    has,
    remember({ from, nonce, at, isListed }, until) {
      const listed = Number(isListed)
      return commitDurably(() => {
        if (has(from, nonce)) return false
        db.run(
          'insert into seen_drops (sender, nonce, listed, at, until) values (?, ?, ?, ?, ?)',
          identityKey(from),
          nonceOf(nonce),
          listed,
          at,
          until,
        )
        db.run('update seen_forgotten set count = count + 1 where listed = ?', listed)
        const row = db.first<{ count: number }>('select count from seen_forgotten where listed = ?', listed)
        const tooMany = (row?.count ?? 0) - (isListed ? room.listed : room.others)
        if (tooMany <= 0) return true
        const oldest = db.rows<Row>(
          'select sender, nonce, listed, at from seen_drops where listed = ? order by at, nonce limit ?',
          listed,
          tooMany,
        )
        for (const drop of [...oldest]) forget(drop)
        return true
      })
    },
    forgotten(isListed) {
      const row = db.first<{ at: number | null }>(
        'select at from seen_forgotten where listed = ?',
        Number(isListed),
      )
      return row?.at ?? null
    },
    expire(now, limit) {
      const due = [
        ...db.rows<Row>(
          'select sender, nonce, listed, at from seen_drops where until <= ? limit ?',
          now,
          limit,
        ),
      ]
      if (due.length > 0) commit(() => due.forEach(forget))
      return due.length
    },
  }
}

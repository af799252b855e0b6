/**
 * The log of accepted head changes (spec C3): who knows a position in it needs only what came after.
 *
 *     acceptHead, appendOwn ─▶ changed(feed) ─▶ head_log {feed, seq, digest} ─▶ changesSince(count)
 *     watchFeed ─▶ flipped(feed) ─▶ flipsSince(count)
 *
 * A position is [era, count]. Each opening of the store that writes to the log begins an era with a
 * random id; an era's positions are good up to where the next one begins. So a store that was restored
 * from a copy, or lost its last moments, knows nothing of the positions it gave out after that moment,
 * and says so.
 *
 * @module
 */
import { type HeadRecord, type Identity, identityKey, identityOfKey, type Sha256 } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import type { HeadLog, LogPosition } from '../store.ts'
import { headDigest, headDigestOf } from './head-digest.ts'
import { createMetSets } from './met-sets.ts'
import { createWatchedHeads } from './watched-heads.ts'

/** Eras that are remembered: a phone that opens its store ten times a day is known for a month. */
const maxEras = 300

export interface HeadLogTable extends HeadLog {
  /** The feed's highest record is another one, or more is known of a dispute. Inside the transaction. */
  changed(feed: number, record: HeadRecord): void
  /** Nothing is known any more that others may be told. Inside the transaction. */
  headless(feed: number, identity: Identity): void
  /** The feed is watched from now on, or no longer. Inside the transaction. */
  flipped(feed: number, watched: boolean): void
  /** After a roll-back: what is remembered is read anew. */
  forget(): void
}

export interface HeadLogPorts {
  readonly sha256: Sha256
  /** Runs in a transaction of its own, or in the one that is running. */
  readonly commit: <Value>(work: () => Value) => Value
}

export function createHeadLog(db: Sqlite, { sha256, commit }: HeadLogPorts): HeadLogTable {
  const watched = createWatchedHeads(db, {
    digestOf: (key, epoch, head) => headDigestOf(key, epoch, head, sha256),
    commit,
  })
  let last: number | null = null
  /** Where any feed flipped last. */
  let lastFlip: number | null = null
  /** Ours; null before the first change since the store was opened, or since a roll-back. */
  let era: Uint8Array | null = null

  function count(): number {
    last ??=
      db.first<{ last: number }>(
        `select max((select coalesce(max(seq), 0) from head_log where seq > 0),
                    (select coalesce(max(flipped), 0) from head_log where flipped > 0)) as last`,
      )?.last ?? 0
    return last
  }

  function newestFlip(): number {
    lastFlip ??=
      db.first<{ last: number }>('select coalesce(max(flipped), 0) as last from head_log where flipped > 0')
        ?.last ?? 0
    return lastFlip
  }

  /** Begun with the first change since the store was opened. */
  function ownEra(): Uint8Array {
    if (era !== null) return era
    db.run('insert into head_eras (start, id) values (?, randomblob(8))', count())
    db.run('delete from head_eras where n <= (select max(n) from head_eras) - ?', maxEras)
    era = lastEra()
    if (era === null) throw new Error('an era that was just begun is there')
    return era
  }

  function lastEra(): Uint8Array | null {
    return db.first<{ id: Uint8Array }>('select id from head_eras order by n desc limit 1')?.id ?? null
  }

  function next(): number {
    ownEra()
    last = count() + 1
    return last
  }

  /** Before this opening has changed anything, the position is the last one of the era before, in any copy. */
  function position(): LogPosition {
    const log = era ?? lastEra() ?? commit(ownEra)
    return { log, count: count() }
  }

  function known(identity: Identity): ReturnType<HeadLog['known']> {
    const row = db.first<{ seq: number | null; flipped: number | null; watched: number }>(
      'select l.seq, l.flipped, f.watched from feeds f left join head_log l on l.feed = f.id where f.identity = ?',
      identityKey(identity),
    )
    return row === null
      ? null
      : { changed: row.seq ?? 0, flipped: row.flipped ?? 0, watched: row.watched === 1 }
  }

  return {
    ...createMetSets(db, commit),
    changed(feed, record) {
      const digest = headDigest(record.head, sha256)
      db.run(
        'insert into head_log (feed, seq) values (?, ?) on conflict (feed) do update set seq = excluded.seq',
        feed,
        next(),
      )
      watched.changed(feed, identityKey(record.head.identity), digest)
    },
    headless: (feed, identity) => watched.changed(feed, identityKey(identity), new Uint8Array(0)),
    flipped(feed, isWatched) {
      lastFlip = next()
      db.run(
        `insert into head_log (feed, flipped) values (?, ?)
         on conflict (feed) do update set flipped = excluded.flipped`,
        feed,
        lastFlip,
      )
      watched.flipped(feed, isWatched)
    },
    forget() {
      last = null
      lastFlip = null
      // Positions may have been given out of a transaction that was open for a while: they are not given to others.
      era = null
      watched.forget()
    },

    position,
    continues({ log, count: at }) {
      const row = db.first<{ n: number }>('select n from head_eras where id = ?', log)
      if (row === null || at < 0) return false
      const after = db.first<{ start: number }>(
        'select start from head_eras where n > ? order by n limit 1',
        row.n,
      )
      return at <= (after?.start ?? count())
    },
    changesSince(at, limit) {
      const identities: Identity[] = []
      const sql = `select f.identity from head_log l join feeds f on f.id = l.feed
                   where l.seq > 0 and l.seq > ? order by l.seq limit ?`
      for (const { identity } of db.rows<{ identity: Uint8Array }>(sql, at, limit + 1)) {
        identities.push(identityOfKey(identity))
      }
      return identities.length > limit ? null : identities
    },
    flipsSince(at) {
      const flips: { identity: Identity; watched: boolean }[] = []
      const sql = `select f.identity, f.watched from head_log l join feeds f on f.id = l.feed
                   where l.flipped > 0 and l.flipped > ?`
      for (const row of db.rows<{ identity: Uint8Array; watched: number }>(sql, at)) {
        flips.push({ identity: identityOfKey(row.identity), watched: row.watched === 1 })
      }
      return flips
    },
    // Nearly always nothing has since: then no row is read.
    hasFlipped: (identity, at) => newestFlip() > at && (known(identity)?.flipped ?? 0) > at,
    known,
    digestOf(identity) {
      const row = db.first<{ id: number }>('select id from feeds where identity = ?', identityKey(identity))
      return row === null ? null : watched.digestOf(row.id)
    },
    watchedHeads: watched.all,
    incomplete() {
      const identities: Identity[] = []
      const sql = `select identity from feeds where watched = 1 and epoch is not null
                   and (held_count < length or chain_epoch <> epoch or disputed_above is not null)`
      for (const { identity } of db.rows<{ identity: Uint8Array }>(sql))
        identities.push(identityOfKey(identity))
      return identities
    },
  }
}

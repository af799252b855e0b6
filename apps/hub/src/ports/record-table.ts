/**
 * The one table of the hub's records; every statement on it is here.
 *
 * @module
 */
import type { Sqlite } from '@effigy/store'
import type { HubPage, HubRecord, ListOptions } from './hub-store.ts'

/** Numbered from 1, and only ever added to. */
export const recordMigrations: readonly string[] = [
  `
  create table records (
    bucket text not null,
    key text not null,
    value blob not null,
    revision integer not null,
    expires_ms integer,
    primary key (bucket, key)
  ) without rowid;
  create index records_by_expiry on records (expires_ms) where expires_ms is not null;
  create table revisions (last integer not null);
  insert into revisions values (0);
  `,
]

export interface RecordTable {
  /** Also when it is expired. */
  get(bucket: string, key: string): HubRecord | null
  list(bucket: string, options: ListOptions, nowMs: number): HubPage
  /** @returns its revision. */
  put(bucket: string, record: Omit<HubRecord, 'revision'>): number
  delete(bucket: string, key: string): void
  /** At most `count` of those that are over; the names of the erased. */
  eraseExpired(nowMs: number, count: number): readonly { readonly bucket: string; readonly key: string }[]
}

type Row = { key: string; value: Uint8Array; revision: number; expires_ms: number | null }

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export function createRecordTable(db: Sqlite): RecordTable {
  return {
    get(bucket, key) {
      const row = db.first<Row>(
        'select key, value, revision, expires_ms from records where bucket = ? and key = ?',
        bucket,
        key,
      )
      return row === null ? null : recordOf(row)
    },
    list(bucket, { prefix = '', after = '', limit }, nowMs) {
      const rows = db.rows<Row>(
        `select key, value, revision, expires_ms from records
          where bucket = ? and key > ? and key >= ? and key < ? and (expires_ms is null or expires_ms > ?)
          order by key limit ?`,
        bucket,
        after,
        prefix,
        // Above every character that a key may have.
        `${prefix}\x7f`,
        nowMs,
        limit + 1,
      )
      const records = Array.from(rows, recordOf)
      const next = records.length > limit ? (records[limit - 1]?.key ?? null) : null
      return { records: records.slice(0, limit), next }
    },
    put(bucket, { key, value, expiresMs }) {
      const revision = nextRevision()
      db.run(
        'insert or replace into records (bucket, key, value, revision, expires_ms) values (?, ?, ?, ?, ?)',
        bucket,
        key,
        encoder.encode(value),
        revision,
        expiresMs,
      )
      return revision
    },
    delete(bucket, key) {
      db.run('delete from records where bucket = ? and key = ?', bucket, key)
    },
    eraseExpired(nowMs, count) {
      const names = [
        ...db.rows<{ bucket: string; key: string }>(
          'select bucket, key from records where expires_ms <= ? order by expires_ms limit ?',
          nowMs,
          count,
        ),
      ]
      for (const { bucket, key } of names) this.delete(bucket, key)
      return names
    },
  }

  function nextRevision(): number {
    return db.first<{ last: number }>('update revisions set last = last + 1 returning last')?.last ?? 0
  }
}

function recordOf({ key, value, revision, expires_ms: expiresMs }: Row): HubRecord {
  return { key, value: decoder.decode(value), revision, expiresMs }
}

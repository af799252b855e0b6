/**
 * Plaintexts of encrypted payloads that somebody else opened: decryption is asynchronous
 * and needs keys, the views are neither.
 *
 *     peer ─decrypt▶ rememberOpened(identity, content, text) ─▶ opened ─▶ projected like any other
 *
 * Kept by feed and content: who copies a ciphertext into a feed of his own does not become its author.
 *
 * @module
 */
import { type Payload, readPayload } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'

export interface Opened {
  /** Null when it was not opened here. */
  payload(feed: number, content: Uint8Array): Payload | null
  /** Whether another text was known before. */
  save(feed: number, content: Uint8Array, text: string): boolean
  /** What an entry said that was erased: its ciphertext stands in the chain, and may stay (P9). */
  drop(entry: number): void
}

export function createOpened(db: Sqlite): Opened {
  return {
    payload(feed, content) {
      const row = db.first<{ payload: string }>(
        'select payload from opened where feed = ? and content = ?',
        feed,
        content,
      )
      if (row === null) return null
      const payload = readPayload(row.payload, { encrypted: true })
      return payload.ok ? payload.value : null
    },
    save(feed, content, text) {
      const known = db.first<{ payload: string }>(
        'select payload from opened where feed = ? and content = ?',
        feed,
        content,
      )
      if (known?.payload === text) return false
      db.run('insert or replace into opened (feed, content, payload) values (?, ?, ?)', feed, content, text)
      return known !== null
    },
    drop(entry) {
      db.run(
        `delete from opened where (feed, content) in (select feed, content from entries where id = ?1) and not exists (
           select 1 from entries e where e.content_key = (select content_key from entries where id = ?1)
           and e.content = opened.content and e.feed = opened.feed and e.hidden_at is null
         )`,
        entry,
      )
    },
  }
}

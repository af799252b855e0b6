/**
 * Who told the texts that this device could not open itself (spec Y24): when the teller turns out to have been in a
 * thief's hands, they are asked for anew.
 *
 *     text told by an own device ─note▶ (feed, content) → tellers ─ opened here with a key ▶ nobody's word any more
 *
 * @module
 */
import { cidDigest, type Identity, identityKey, identityOfKey, type RawCid } from '@effigy/core'
import type { Changes } from '../changes.ts'
import { digestKey, place } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import { feedIdOf } from '../views/items.ts'

export interface ToldTexts {
  /** The text of that content is known by the word of these: who told it here, who told it to them, and so on. */
  note(author: Identity, content: RawCid, tellers: readonly Identity[]): void
  /** Empty: by nobody's, or it was opened here since. */
  tellersOf(author: Identity, content: RawCid): readonly Identity[]
  /** Everybody by whose word something is known. */
  tellers(): readonly Identity[]
  /** The least length of an entry of a feed whose text one of these told; null: none. */
  lowest(author: Identity, tellers: readonly Identity[]): number | null
}

export function createToldTexts(
  db: Sqlite,
  changes: Pick<Changes, 'commit'>,
): ToldTexts & { readonly drop: (author: Identity, content: RawCid) => void } {
  return {
    note(author, content, tellers) {
      const feed = feedIdOf(db, author)
      if (feed === null) return
      const digest = cidDigest(content)
      changes.commit(() => {
        db.run('delete from told_texts where feed = ? and content = ?', feed, digest)
        for (const teller of new Set(tellers)) {
          db.run(
            'insert into told_texts (feed, content, content_key, teller) values (?, ?, ?, ?)',
            feed,
            digest,
            digestKey(digest),
            identityKey(teller),
          )
        }
      })
    },
    tellersOf: (author, content) =>
      Array.from(
        db.rows<{ teller: Uint8Array }>(
          'select teller from told_texts where feed = ? and content = ?',
          feedIdOf(db, author),
          cidDigest(content),
        ),
        ({ teller }) => identityOfKey(teller),
      ),
    tellers: () =>
      Array.from(db.rows<{ teller: Uint8Array }>('select distinct teller from told_texts'), ({ teller }) =>
        identityOfKey(teller),
      ),
    lowest(author, tellers) {
      const feed = feedIdOf(db, author)
      const lengths = tellers.flatMap(
        (teller) =>
          db.first<{ length: number | null }>(
            `select min(e.length) as length from told_texts t join entries e
             on e.content_key = t.content_key and e.content = t.content and +e.feed = t.feed
             where t.teller = ? and t.feed = ? and e.place = ${place.chain} and e.hidden_at is null`,
            identityKey(teller),
            feed,
          )?.length ?? [],
      )
      return lengths.length === 0 ? null : Math.min(...lengths)
    },
    drop(author, content) {
      db.run(
        'delete from told_texts where feed = ? and content = ?',
        feedIdOf(db, author),
        cidDigest(content),
      )
    },
  }
}

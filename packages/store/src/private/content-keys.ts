/**
 * Content read keys: who gave them, and which may open what somebody wrote (DESIGN 2.6, spec Q21).
 *
 *     read_key of an author ─▶ (giver, conversation, generation, key)
 *     candidates(author) ─▶ keys that the author gave, and keys of groups that the author is in; last used first
 *
 * @module
 */
import { encodeBase64url, type Identity, identityKey, identityOfKey, parseBase64url } from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { Sqlite } from '../sqlite.ts'

/** Kept of one giver; whoever gives more loses the one that was not used for longest. */
export const maxKeysOfGiver = 1_024

/** Looked at when the last used ones of an author do not open. */
const maxCandidates = 1_024

/** An author's keys that are tried first. */
export const maxFirstCandidates = 16

export interface ContentKey {
  /** Ascends with each key that is learned. */
  readonly id: number
  readonly giver: Identity
  /** 16 bytes, base64url. */
  readonly conversation: string
  readonly generation: number
  /** 32 bytes. */
  readonly key: Uint8Array
}

export interface ContentKeys {
  /** Keeps a key that `giver` gave; null when it was known. A key that is not 32 bytes, or a conversation not 16: null. */
  add(key: Omit<ContentKey, 'id'>): ContentKey | null
  /** What may open a text of `author`: 16 last used first, then up to 1,024 in all. Lazy. */
  candidates(author: Identity): Iterable<ContentKey>
  /** The same, learned after `id`. */
  candidatesSince(author: Identity, id: number): readonly ContentKey[]
  /** It opened something. */
  used(id: number): void
  /** Of one conversation, the greatest generation first; who gave the key may be asked for. Up to `limit` (64). */
  of(
    conversation: string,
    options?: { readonly giver?: Identity; readonly limit?: number },
  ): readonly ContentKey[]
  /** All, newest first, below `id`. */
  list(page?: { readonly below?: number; readonly limit?: number }): readonly ContentKey[]
  /** Who may write under all keys of a conversation (a group), in place of who was said before. */
  setMembers(conversation: string, identities: Iterable<Identity>): void
  /** The `id` of the key that was learned last; 0: none. */
  readonly newest: number
}

type Row = {
  readonly id: number
  readonly giver: Uint8Array
  readonly conversation: Uint8Array
  readonly generation: number
  readonly key: Uint8Array
}

const columns = 'k.id, k.giver, k.conversation, k.generation, k.key'
const ofAuthor = `(k.giver = ?1 or k.conversation in (select conversation from content_key_members where identity = ?1))`

export function createContentKeys(
  db: Sqlite,
  changes: Pick<Changes, 'commit'>,
  /** More keys than before may open what somebody wrote. */
  onMember: (identity: Identity) => void,
): ContentKeys {
  const list = (sql: string, ...values: (string | number | Uint8Array)[]): readonly ContentKey[] =>
    Array.from(db.rows<Row>(sql, ...values), keyOf)

  const candidates = (author: Identity, first: number, count: number): readonly ContentKey[] =>
    list(
      `select ${columns} from content_keys k where ${ofAuthor} order by k.used desc, k.id desc limit ?2 offset ?3`,
      identityKey(author),
      count,
      first,
    )

  return {
    add({ giver, conversation, generation, key }) {
      const name = parseBase64url(conversation)
      if (name?.length !== 16 || key.length !== 32) return null
      return changes.commit(() => {
        const by = identityKey(giver)
        const { changed, id } = insert(db, by, name, generation, key)
        if (!changed) return null
        const count = db.first<{ count: number }>(
          'select count(*) as count from content_keys where giver = ?',
          by,
        )
        if ((count?.count ?? 0) > maxKeysOfGiver) {
          db.run(
            'delete from content_keys where id = (select id from content_keys where giver = ? and id <> ? order by used, id limit 1)',
            by,
            id,
          )
        }
        return { id, giver, conversation, generation, key }
      })
    },
    *candidates(author) {
      const first = candidates(author, 0, maxFirstCandidates)
      yield* first
      if (first.length < maxFirstCandidates) return
      yield* candidates(author, maxFirstCandidates, maxCandidates - maxFirstCandidates)
    },
    candidatesSince: (author, id) =>
      list(
        `select ${columns} from content_keys k where ${ofAuthor} and k.id > ?2 order by k.id desc limit ?3`,
        identityKey(author),
        id,
        maxCandidates,
      ),
    used(id) {
      changes.commit(() =>
        db.run(
          `update content_keys set used = 1 + (select max(used) from content_keys)
           where id = ? and (used = 0 or used < (select max(used) from content_keys))`,
          id,
        ),
      )
    },
    of(conversation, { giver, limit = 64 } = {}) {
      const name = parseBase64url(conversation)
      if (name === null) return []
      const by = giver === undefined ? '' : 'and k.giver = ?3'
      const sql = `select ${columns} from content_keys k where k.conversation = ?1 ${by}
                   order by k.generation desc, k.key desc limit ?2`
      return giver === undefined ? list(sql, name, limit) : list(sql, name, limit, identityKey(giver))
    },
    list: ({ below = Number.MAX_SAFE_INTEGER, limit = 100 } = {}) =>
      list(`select ${columns} from content_keys k where k.id < ? order by k.id desc limit ?`, below, limit),
    setMembers(conversation, identities) {
      const name = parseBase64url(conversation)
      if (name === null) return
      changes.commit(() => {
        const before = new Set(
          Array.from(
            db.rows<{ identity: Uint8Array }>(
              'select identity from content_key_members where conversation = ?',
              name,
            ),
            (row) => identityOfKey(row.identity),
          ),
        )
        const after = new Set(identities)
        for (const gone of before) {
          if (after.has(gone)) continue
          db.run(
            'delete from content_key_members where identity = ? and conversation = ?',
            identityKey(gone),
            name,
          )
        }
        for (const added of after) {
          if (before.has(added)) continue
          db.run(
            'insert into content_key_members (identity, conversation) values (?, ?)',
            identityKey(added),
            name,
          )
          // What they wrote before may open now.
          onMember(added)
        }
      })
    },
    get newest() {
      return (
        db.first<{ seq: number }>("select seq from sqlite_sequence where name = 'content_keys'")?.seq ?? 0
      )
    },
  }
}

function insert(
  db: Sqlite,
  giver: Uint8Array,
  conversation: Uint8Array,
  generation: number,
  key: Uint8Array,
): { readonly changed: boolean; readonly id: number } {
  const changed =
    db.run(
      'insert or ignore into content_keys (giver, conversation, generation, key, used) values (?, ?, ?, ?, 0)',
      giver,
      conversation,
      generation,
      key,
    ) > 0
  const row = db.first<{ id: number }>(
    'select id from content_keys where giver = ? and conversation = ? and generation = ? and key = ?',
    giver,
    conversation,
    generation,
    key,
  )
  return { changed, id: row?.id ?? 0 }
}

function keyOf({ id, giver, conversation, generation, key }: Row): ContentKey {
  return { id, giver: identityOfKey(giver), conversation: encodeBase64url(conversation), generation, key }
}

/**
 * Content read keys: who gave them, and which may open what somebody wrote (spec Q21).
 *
 *     read_key of an author ─▶ (giver, conversation, generation, key)
 *     candidates(author) ─▶ keys that the author gave, and keys of groups that the author is in; last used first
 *
 * @module
 */
import {
  type Account,
  encodeBase64url,
  type Identity,
  identityKey,
  identityOfKey,
  parseBase64url,
} from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { Sqlite } from '../sqlite.ts'

/** Kept of one giver; whoever gives more loses the one that was not used for longest. */
export const maxKeysOfGiver = 1_024

/** Kept of one key, the first: whoever hands one out again and again names more readers than there are. */
export const maxPrintsOfKey = 1_024

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
  /** The people of a conversation but its giver, as that one says; null: those of a group. */
  readonly persons: readonly Account[] | null
  /** Who has it, as its giver says (P16). */
  readonly prints: readonly string[]
}

export type NewContentKey = Omit<ContentKey, 'id' | 'persons' | 'prints'> &
  Partial<Pick<ContentKey, 'persons' | 'prints'>>

export interface ContentKeys {
  /** Keeps a key that `giver` gave. Of one that is known who has it is added. False: a key has 32 bytes, a conversation's name 16. */
  add(key: NewContentKey): boolean
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
  /** Those that `giver` gave, the newest first; up to 1,024. */
  by(giver: Identity): readonly ContentKey[]
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
  readonly persons: string | null
  readonly prints: string
}

const columns = 'k.id, k.giver, k.conversation, k.generation, k.key, k.persons, k.prints'
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

  function forgetOldest(giver: Uint8Array): void {
    const { count = 0 } =
      db.first<{ count: number }>('select count(*) as count from content_keys where giver = ?', giver) ?? {}
    if (count <= maxKeysOfGiver) return
    db.run(
      `delete from content_keys where id = (
         select id from content_keys where giver = ?1 and id < (select max(id) from content_keys where giver = ?1)
         order by used, id limit 1
       )`,
      giver,
    )
  }

  return {
    add({ giver, conversation, generation, key, persons = null, prints = [] }) {
      const name = parseBase64url(conversation)
      if (name?.length !== 16 || key.length !== 32) return false
      const by = identityKey(giver)
      changes.commit(() => {
        const known = db.first<Row>(
          `select ${columns} from content_keys k where giver = ? and conversation = ? and generation = ? and key = ?`,
          by,
          name,
          generation,
          key,
        )
        if (known !== null) {
          const all = printsIn([...keyOf(known).prints, ...prints])
          const said = persons === null ? known.persons : JSON.stringify(persons)
          db.run('update content_keys set persons = ?, prints = ? where id = ?', said, all, known.id)
          return
        }
        db.run(
          'insert into content_keys (giver, conversation, generation, key, used, persons, prints) values (?, ?, ?, ?, 0, ?, ?)',
          by,
          name,
          generation,
          key,
          persons === null ? null : JSON.stringify(persons),
          printsIn(prints),
        )
        forgetOldest(by)
      })
      return true
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
    by: (giver) =>
      list(
        `select ${columns} from content_keys k where k.giver = ? order by k.id desc limit ?`,
        identityKey(giver),
        maxKeysOfGiver,
      ),
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

const printsIn = (prints: readonly string[]): string =>
  JSON.stringify([...new Set(prints)].slice(0, maxPrintsOfKey))

function keyOf({ id, giver, conversation, generation, key, persons, prints }: Row): ContentKey {
  return {
    id,
    giver: identityOfKey(giver),
    conversation: encodeBase64url(conversation),
    generation,
    key,
    persons: persons === null ? null : (JSON.parse(persons) as readonly Account[]),
    prints: JSON.parse(prints) as readonly string[],
  }
}

/**
 * What others said to a payload: conversations and reactions (spec P10, P11).
 *
 *     a payload that answers nothing ─▶ all that hangs from it, in two index ranges a name
 *     a comment                      ─▶ what answers it, and what answers that, walked
 *
 * @module
 */
import {
  type ContentName,
  cidDigest,
  compareBytes,
  type Identity,
  identityKey,
  identityOfKey,
} from '@effigy/core'
import { digestKey, place } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import { tagSubject } from './claims.ts'
import { mergeRows, minPosition, olderFirst, type Position } from './pages.ts'
import type { Hidden } from './people.ts'
import { claimKind } from './tables.ts'

type ReplyRow = {
  readonly sort: number
  readonly entry: number
  readonly author: Uint8Array
  readonly content: Uint8Array
}

/**
 * Comments under one comment that are walked, and statements that this may take (S47): one for each name, one for the names
 * that a comment had. What lies beyond is only in the whole conversation.
 */
const maxLookUps = 10_000

/** A ghost is shown, as erased, while it still has its place in the chain. */
const visible = `
  (r.ghost = 0 or (e.place = ${place.chain} and e.hidden_at is not null))
  and r.feed not in (select value from json_each(?))
  and hex(r.target_author) not in (select value from json_each(?))
  and hex(r.root_author) not in (select value from json_each(?))`

const columns = 'r.sort, r.entry, f.identity as author, e.content'
const tables = 'replies r join entries e on e.id = r.entry join feeds f on f.id = r.feed'

/** Everything that hangs from, or answers, one of the names; oldest first. */
export function conversationRows(
  db: Sqlite,
  names: readonly ContentName[],
  hidden: Hidden,
  position: Position,
  count: number,
): readonly Position[] {
  const lists = names.flatMap((name) =>
    (['root', 'target'] as const).map((by) => answers(db, by, digestsOf(name), hidden, position, count)),
  )
  return mergeRows(lists, olderFirst, count)
}

/** Everything that answers one of the names, or answers what does; oldest first. What is near is looked for first. */
export function rowsBelow(
  db: Sqlite,
  names: readonly ContentName[],
  hidden: Hidden,
  position: Position,
  count: number,
  lookUps: number = maxLookUps,
): readonly Position[] {
  const found = new Map<number, Position>()
  const waiting: (Digests | ReplyRow)[] = names.map(digestsOf)
  let left = lookUps
  // It grows on the way.
  for (const next of waiting) {
    if (left-- < 1 || found.size >= lookUps) break
    if ('entry' in next && left-- > 0) waiting.push(...wasOf(db, next))
    for (const row of answers(db, 'target', next, hidden, minPosition, lookUps - found.size)) {
      if (!found.has(row.entry)) waiting.push(row)
      found.set(row.entry, row)
    }
  }
  const after = [...found.values()].filter((row) => olderFirst(position, row) < 0)
  return after.sort(olderFirst).slice(0, count)
}

/** Labels on one of the names, by whom; the newest tag of each account counts. */
export function reactionRows(
  db: Sqlite,
  names: readonly ContentName[],
  hidden: Hidden,
  account: (identity: Identity) => Identity,
): readonly { readonly label: string; readonly by: readonly Identity[] }[] {
  const newest = new Map<Identity, TagRow>()
  for (const row of tagRows(db, names, hidden)) {
    const by = account(identityOfKey(row.identity))
    const known = newest.get(by)
    if (known === undefined || isNewer(row, known)) newest.set(by, row)
  }
  const byLabel = new Map<string, Identity[]>()
  for (const { identity, labels } of newest.values()) {
    for (const label of JSON.parse(labels) as readonly string[]) {
      const by = byLabel.get(label) ?? []
      byLabel.set(label, by)
      by.push(identityOfKey(identity))
    }
  }
  const reactions = [...byLabel].map(([label, by]) => ({ label, by }))
  return reactions.sort((a, b) => b.by.length - a.by.length || (a.label < b.label ? -1 : 1))
}

/** What those who are `meant` together last said of one of the names, and the comparable that the next word has to exceed. */
export function newestLabels(
  db: Sqlite,
  names: readonly ContentName[],
  hidden: Hidden,
  isMeant: (identity: Identity) => boolean,
): { readonly labels: readonly string[]; readonly comparable: number } {
  let newest: TagRow | null = null
  for (const row of tagRows(db, names, hidden)) {
    if (isMeant(identityOfKey(row.identity)) && (newest === null || isNewer(row, newest))) newest = row
  }
  if (newest === null) return { labels: [], comparable: 0 }
  return { labels: JSON.parse(newest.labels) as readonly string[], comparable: newest.comparable }
}

function* tagRows(db: Sqlite, names: readonly ContentName[], hidden: Hidden): Generator<TagRow> {
  for (const name of names) {
    const { author, content } = digestsOf(name)
    yield* db.rows<TagRow>(
      `select f.identity, c.comparable, c.cid, c.labels from claims c join feeds f on f.id = c.feed
       where c.kind = ${claimKind.tag} and coalesce(c.person, c.subject) = ? and c.current = 1
       and c.feed not in (select value from json_each(?))`,
      tagSubject(content, author),
      hidden.feeds,
    )
  }
}

type TagRow = {
  readonly identity: Uint8Array
  readonly comparable: number
  readonly cid: Uint8Array
  readonly labels: string
}

interface Digests {
  readonly author: Uint8Array
  readonly content: Uint8Array
}

function digestsOf({ identity, content }: ContentName): Digests {
  return { author: identityKey(identity), content: cidDigest(content) }
}

function answers(
  db: Sqlite,
  by: 'root' | 'target',
  { author, content }: Digests,
  hidden: Hidden,
  { sort, entry }: Position,
  count: number,
): readonly ReplyRow[] {
  return [
    ...db.rows<ReplyRow>(
      `select ${columns} from ${tables}
       where r.${by}_key = ? and (r.sort, r.entry) > (?, ?) and r.${by} = ? and r.${by}_author = ? and ${visible}
       order by r.sort, r.entry limit ?`,
      digestKey(content),
      sort,
      entry,
      content,
      author,
      hidden.feeds,
      hidden.keys,
      hidden.keys,
      count,
    ),
  ]
}

/** The names that an edited comment had before; only its author's own. */
function wasOf(db: Sqlite, { entry, author }: ReplyRow): readonly Digests[] {
  return [
    ...db.rows<{ author: Uint8Array; content: Uint8Array }>(
      'select author, content from was where entry = ? and author = ?',
      entry,
      author,
    ),
  ]
}

function isNewer(a: TagRow, b: TagRow): boolean {
  return (a.comparable - b.comparable || compareBytes(a.cid, b.cid)) > 0
}

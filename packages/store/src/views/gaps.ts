/**
 * What a thread hangs from, or answers, and is not here (spec S45).
 *
 *     comments of a thread ─what they answer─▶ resolve ─null▶ a gap: whose it is, and whether it may still come
 *
 * @module
 */
import {
  type ContentName,
  cidDigest,
  type Identity,
  identityKey,
  identityOfKey,
  rawCidOfDigest,
} from '@effigy/core'
import { digestKey } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Item, ThreadGap } from '../store.ts'
import type { Hidden } from './people.ts'

const maxGaps = 100

/** Different things that comments of one thread answer; what lies beyond is not looked for. */
const maxTargets = 2_000

type TargetRow = { readonly author: Uint8Array; readonly content: Uint8Array; readonly answers: number }

/** `names`: of the thread's beginning. Those of whom nothing is shown are no gaps. */
export function threadGaps(
  db: Sqlite,
  names: readonly ContentName[],
  hidden: Hidden,
  resolve: (name: ContentName) => Item | null,
): readonly ThreadGap[] {
  const answers = new Map<string, { readonly name: ContentName; count: number }>()
  for (const { identity, content } of names) {
    const digest = cidDigest(content)
    for (const row of db.rows<TargetRow>(
      targetsSql,
      digestKey(digest),
      digest,
      identityKey(identity),
      hidden.feeds,
      hidden.keys,
    )) {
      const name = { identity: identityOfKey(row.author), content: rawCidOfDigest(row.content) }
      const key = `${name.identity} ${name.content}`
      const known = answers.get(key)
      if (known === undefined) answers.set(key, { name, count: row.answers })
      else known.count += row.answers
    }
  }
  const gaps: ThreadGap[] = []
  for (const { name, count } of answers.values()) {
    if (gaps.length === maxGaps) break
    if (resolve(name) === null)
      gaps.push({ ...name, why: isWatched(db, name.identity) ? 'older' : 'not-watched', answers: count })
  }
  return gaps
}

const targetsSql = `
  select r.target_author as author, r.target as content, count(*) as answers from replies r
  where r.root_key = ? and r.root = ? and r.root_author = ? and r.ghost = 0
  and r.feed not in (select value from json_each(?))
  and hex(r.target_author) not in (select value from json_each(?))
  group by r.target, r.target_author order by min(r.sort) limit ${maxTargets}`

function isWatched(db: Sqlite, identity: Identity): boolean {
  return (
    db.first('select 1 as one from feeds where identity = ? and watched = 1', identityKey(identity)) !== null
  )
}

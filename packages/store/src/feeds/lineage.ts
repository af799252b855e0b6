/**
 * What is held of the chain below a head, and what two such chains share (spec F9).
 *
 *     head ─▶ rows off the shown chain ─▶ a run of the shown chain ─▶ … ─▶ beginning │ missing │ broken
 *
 * @module
 */
import { cidDigest, equalBytes, type Head } from '@effigy/core'
import { digestKey, place } from '../schema.ts'
import type { FeedContext } from './context.ts'
import { type EntryRow, signedEntry } from './entry-table.ts'
import type { Feed } from './feed-table.ts'
import type { Run } from './run-table.ts'

/** What a long branch is walked with: its entries themselves are not read again and again. */
export type LineageRow = Pick<EntryRow, 'id' | 'feed' | 'length' | 'place' | 'cid' | 'content'>

export interface Lineage {
  /** Off the shown chain, from the head downwards. */
  readonly rows: readonly LineageRow[]
  /** Their ids. */
  readonly ids: ReadonlySet<number>
  /** Runs of the shown chain that it passes through, and where it enters them. */
  readonly landings: readonly { readonly run: Run; readonly at: number }[]
  readonly end: LineageEnd
}

export type LineageEnd =
  | { readonly type: 'beginning' }
  /** From that length downwards nothing is known. */
  | ({ readonly type: 'open' } & OpenEnd)
  | { readonly type: 'broken'; readonly length: number }

/** An entry that is not here. */
export interface OpenEnd {
  readonly digest: Uint8Array
  readonly length: number
}

/** Follows the parents of a head through all that is here. */
export function lineageOf(context: FeedContext, feed: Feed, head: Head): Lineage {
  const { runs } = context
  const walk = walkedOf(context, feed, head)
  let { rows, ids } = walk
  const landings: { run: Run; at: number }[] = []
  let { next } = walk
  while (next !== null) {
    const row = rowOf(context, next.digest)
    if (row === null || row.feed !== feed.id) return { rows, ids, landings, end: { type: 'open', ...next } }
    if (row.place === place.broken)
      return { rows, ids, landings, end: { type: 'broken', length: row.length } }
    const run = row.place === place.chain ? runs.holding(feed.id, row.length) : null
    let below: Uint8Array | null
    if (run === null) {
      rows.push(row)
      ids.add(row.id)
      below = parentOf(context, row)
    } else {
      // What lies on the chain, and below it, is looked at anew each time: runs grow.
      if (landings.length === 0) {
        rows = [...rows]
        ids = new Set(ids)
      }
      landings.push({ run, at: row.length })
      below = run.below
    }
    next = below === null ? null : { digest: below, length: (run?.first ?? row.length) - 1 }
    if (landings.length === 0) walk.next = next
  }
  return { rows, ids, landings, end: { type: 'beginning' } }
}

function rowOf({ db }: FeedContext, digest: Uint8Array): LineageRow | null {
  return db.first<LineageRow>(
    'select id, feed, length, place, cid, content from entries where key = ? and cid = ?',
    digestKey(digest),
    digest,
  )
}

function parentOf({ entries }: FeedContext, { id }: LineageRow): Uint8Array | null {
  const row = entries.byId(id)
  const parent = row === null ? null : signedEntry(row).entry.parent
  return parent === null ? null : cidDigest(parent)
}

/** How far a branch was walked: entries that are not on the shown chain, and what comes below them. */
export interface Walked {
  readonly rows: LineageRow[]
  readonly ids: Set<number>
  next: OpenEnd | null
}

/** Heads whose branches are remembered, and entries of all of them: some 20 MB. */
const maxWalked = 64
const maxWalkedRows = 65_536

function walkedOf({ walked }: FeedContext, feed: Feed, head: Head): Walked {
  const key = `${feed.id} ${head.head}`
  const known = walked.get(key)
  if (known !== undefined) return known
  let held = 0
  for (const { rows } of walked.values()) held += rows.length
  for (const [oldest, { rows }] of walked) {
    if (walked.size < maxWalked && held < maxWalkedRows) break
    walked.delete(oldest)
    held -= rows.length
  }
  const next = { digest: cidDigest(head.head), length: head.length }
  const begun: Walked = { rows: [], ids: new Set(), next }
  walked.set(key, begun)
  return begun
}

export interface Shared {
  /** The two have at most that many entries in common. */
  readonly bound: number
  /** They have exactly that many. */
  readonly isExact: boolean
  /** Where to go on: what is missing of either, or the first entry below what both have. */
  readonly open: readonly OpenEnd[]
}

export function sharedBy(a: Lineage, b: Lineage): Shared {
  const met = highestShared(a, b)
  if (met !== null) return { bound: met, isExact: true, open: [] }
  if (a.end.type === 'beginning' && b.end.type === 'beginning') return { bound: 0, isExact: true, open: [] }
  if (a.end.type === 'open' && b.end.type === 'open' && equalBytes(a.end.digest, b.end.digest)) {
    return { bound: a.end.length, isExact: true, open: [a.end] }
  }
  const open = [a.end, b.end].filter((end) => end.type === 'open')
  return { bound: Math.min(endBound(a, b), endBound(b, a)), isExact: false, open }
}

/** The highest entry that is here and on both. */
function highestShared(a: Lineage, b: Lineage): number | null {
  const row = b.rows.find(({ id }) => a.ids.has(id))
  let highest = row?.length ?? null
  for (const { run, at } of b.landings) {
    const other = a.landings.find(({ run: { first } }) => first === run.first)
    if (other !== undefined) highest = Math.max(highest ?? 0, Math.min(at, other.at))
  }
  return highest
}

function endBound({ end }: Lineage, other: Lineage): number {
  switch (end.type) {
    case 'beginning':
      return Number.MAX_SAFE_INTEGER
    case 'broken':
      return end.length - 1
    case 'open':
      // Where the other has its entry for that length, it is another one. Elsewhere this may still join the other.
      if (isKnownAt(other, end.length)) return end.length - 1
      if (other.end.type === 'open' && other.end.length === end.length) return end.length - 1
      return Number.MAX_SAFE_INTEGER
  }
}

function isKnownAt({ rows, landings }: Lineage, length: number): boolean {
  return (
    rows.some((row) => row.length === length) ||
    landings.some(({ run, at }) => run.first <= length && length <= at)
  )
}

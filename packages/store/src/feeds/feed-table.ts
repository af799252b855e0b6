/**
 * Rows of `feeds` and `head_evidence` (spec S3).
 *
 * @module
 */
import {
  cidDigest,
  type FeedFaultCode,
  type HeadRecord,
  type Identity,
  identityKey,
  identityOfKey,
  rawCidOfDigest,
} from '@effigy/core'
import type { Sqlite, SqlValue } from '../sqlite.ts'
import type { WatchPolicy } from '../store.ts'
import { type FeedLimit, isUnsigned } from '../synods/limit.ts'

/** A row, to be changed and saved within one transaction. */
export interface Feed {
  readonly id: number
  readonly identity: Identity
  /** The highest verified one (H4). */
  record: HeadRecord | null
  /** The epoch whose heads attest the shown chain; 0 when nothing was taken yet. */
  chainEpoch: number
  heldCount: number
  heldBytes: number
  readonly firstSeen: number
  watched: boolean
  policy: WatchPolicy
  broken: { readonly length: number; readonly cid: Uint8Array; readonly code: FeedFaultCode } | null
  disputedAbove: number | null
  /** S33. */
  limit: FeedLimit | null
}

/** What a record beside the highest is for (`head_evidence.dispute`). */
export const evidence = { anchor: 0, fork: 1, equal: 2 } as const

export interface EvidenceRow {
  readonly record: HeadRecord
  /** Digest of the head, as the tables hold it. */
  readonly digest: Uint8Array
  readonly dispute: number
}

export const followAll: WatchPolicy = { depth: { type: 'all' }, blobs: { type: 'all' } }

/** Evidence of the newest four epochs is kept. */
const evidenceEpochs = 4

type FeedRow = {
  id: number
  identity: Uint8Array
  epoch: number | null
  length: number
  comparable: number
  bytes: number
  head: Uint8Array
  signature: Uint8Array
  chain_epoch: number
  held_count: number
  held_bytes: number
  first_seen: number
  watched: number
  policy: string | null
  broken_length: number | null
  broken_cid: Uint8Array
  broken_code: FeedFaultCode
  disputed_above: number | null
  feed_limit: string | null
}

type HeadRow = {
  epoch: number
  length: number
  comparable: number
  bytes: number
  head: Uint8Array
  signature: Uint8Array
  dispute: number
}

export interface FeedTable {
  find(identity: Identity): Feed | null
  byId(id: number): Feed | null
  /** The feed's row, made when it is new. */
  ensure(identity: Identity, now: number): Feed
  save(feed: Feed): void
  all(watchedOnly: boolean): Iterable<Feed>
  /** Signed: what others may know. */
  highest(identity: Identity): HeadRecord | null

  /** Records beside the highest, of one epoch or of all, newest epoch first. */
  evidence(feed: Feed, epoch?: number): readonly EvidenceRow[]
  keepEvidence(feed: Feed, record: HeadRecord, dispute: number): void
  dropEvidence(feed: Feed, record: HeadRecord): void

  /** After a roll-back: reads the rows anew. */
  forget(): void
}

/**
 * Rows kept in memory, the newest: each is asked for a dozen times while a feed is fetched, and once by each session of a hub
 * that watches it. Those hold the same record then, and whoever watches more than are kept reads each row anew. Below 1 KB each.
 */
const maxKept = 16_384

/**
 * A row in parts, of which those are written that changed: an index is written anew with each column of it that is set,
 * whether it is another or not.
 */
interface RowPart {
  readonly columns: string
  isChanged(before: Feed, now: Feed): boolean
  valuesOf(feed: Feed): readonly SqlValue[]
}

const parts: readonly RowPart[] = [
  {
    columns: 'chain_epoch = ?, held_count = ?, held_bytes = ?',
    isChanged: (before, now) =>
      before.chainEpoch !== now.chainEpoch ||
      before.heldCount !== now.heldCount ||
      before.heldBytes !== now.heldBytes,
    valuesOf: ({ chainEpoch, heldCount, heldBytes }) => [chainEpoch, heldCount, heldBytes],
  },
  {
    columns: 'epoch = ?, length = ?, comparable = ?, bytes = ?, head = ?, signature = ?',
    isChanged: (before, now) => before.record !== now.record,
    valuesOf({ record }) {
      if (record === null) return [null, null, null, null, null, null]
      const { epoch, length, comparable, bytes, head } = record.head
      return [epoch, length, comparable, bytes, cidDigest(head), record.signature]
    },
  },
  {
    columns: 'watched = ?, hop = ?, policy = ?',
    isChanged: (before, now) => before.watched !== now.watched || before.policy !== now.policy,
    valuesOf: ({ watched, policy }) => [
      watched ? 1 : 0,
      policy.hop ?? 0,
      policy === followAll ? null : JSON.stringify(policy),
    ],
  },
  {
    columns: 'broken_length = ?, broken_cid = ?, broken_code = ?, disputed_above = ?, feed_limit = ?',
    isChanged: (before, now) =>
      before.broken !== now.broken ||
      before.disputedAbove !== now.disputedAbove ||
      before.limit !== now.limit,
    valuesOf: ({ broken, disputedAbove, limit }) => [
      broken?.length ?? null,
      broken?.cid ?? null,
      broken?.code ?? null,
      disputedAbove,
      limit === null ? null : JSON.stringify(limit),
    ],
  },
]

export function createFeedTable(db: Sqlite): FeedTable {
  /** As they stand in the table; callers get copies, which are theirs to change. */
  const kept = new Map<number, Feed>()
  const keptIds = new Map<Identity, number>()
  /** Feeds without evidence: nearly all, and asked about a dozen times each. */
  const undisputed = new Set<number>()

  const forget = (): void => {
    kept.clear()
    keptIds.clear()
    undisputed.clear()
  }

  const remember = (feed: Feed): void => {
    if (kept.size >= maxKept && !kept.has(feed.id)) forgetOldest()
    kept.set(feed.id, { ...feed })
    keptIds.set(feed.identity, feed.id)
  }

  const forgetOldest = (): void => {
    const [oldest] = kept.values()
    if (oldest === undefined) return
    kept.delete(oldest.id)
    keptIds.delete(oldest.identity)
  }

  const read = (row: FeedRow | null): Feed | null => {
    if (row === null) return null
    const feed = feedOf(row)
    remember(feed)
    return feed
  }

  const keptAt = (id: number | undefined): Feed | null => {
    const feed = id === undefined ? undefined : kept.get(id)
    return feed === undefined ? null : { ...feed }
  }

  const find = (identity: Identity): Feed | null =>
    keptAt(keptIds.get(identity)) ??
    read(db.first<FeedRow>('select * from feeds where identity = ?', identityKey(identity)))

  const keep = (feed: Feed, { head, signature }: HeadRecord, dispute: number): void => {
    undisputed.delete(feed.id)
    db.run(
      `insert into head_evidence (feed, epoch, head, dispute, length, comparable, bytes, signature)
       values (?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (feed, epoch, head) do update set dispute = max(dispute, excluded.dispute)`,
      feed.id,
      head.epoch,
      cidDigest(head.head),
      dispute,
      head.length,
      head.comparable,
      head.bytes,
      signature,
    )
  }

  const isUndisputed = (feed: number): boolean => {
    if (undisputed.size >= maxKept) undisputed.clear()
    return db.first('select 1 as one from head_evidence where feed = ? limit 1', feed) === null
  }

  return {
    find,
    byId: (id) => keptAt(id) ?? read(db.first<FeedRow>('select * from feeds where id = ?', id)),
    ensure(identity, now) {
      const known = find(identity)
      if (known !== null) return known
      db.run('insert into feeds (identity, first_seen) values (?, ?)', identityKey(identity), now)
      const made = find(identity)
      if (made === null) throw new Error('a feed that was just inserted is there')
      if (undisputed.size < maxKept) undisputed.add(made.id)
      return made
    },
    save(feed) {
      const before = kept.get(feed.id)
      const changed = parts.filter(({ isChanged }) => before === undefined || isChanged(before, feed))
      if (changed.length > 0) {
        const columns = changed.map(({ columns }) => columns).join(', ')
        db.run(
          `update feeds set ${columns} where id = ?`,
          ...changed.flatMap(({ valuesOf }) => valuesOf(feed)),
          feed.id,
        )
      }
      remember(feed)
    },
    *all(watchedOnly) {
      if (!watchedOnly) {
        for (const row of db.rows<FeedRow>('select * from feeds')) yield feedOf(row)
        return
      }
      // Those watched for themselves first: where a list is cut, what others lead to is.
      for (const row of db.rows<FeedRow>('select * from feeds where watched = 1 and hop = 0'))
        yield feedOf(row)
      for (const row of db.rows<FeedRow>('select * from feeds where watched = 1 and hop > 0'))
        yield feedOf(row)
    },
    highest(identity) {
      const id = keptIds.get(identity)
      const record = (id === undefined ? find(identity) : kept.get(id))?.record ?? null
      return record === null || isUnsigned(record) ? null : record
    },
    evidence(feed, epoch) {
      if (undisputed.has(feed.id)) return []
      const rows: EvidenceRow[] = []
      const sql =
        'select * from head_evidence where feed = ? and epoch between ? and ? order by epoch desc, length, head'
      for (const row of db.rows<HeadRow>(sql, feed.id, epoch ?? 0, epoch ?? Number.MAX_SAFE_INTEGER)) {
        rows.push({ record: recordOf(feed.identity, row), digest: row.head, dispute: row.dispute })
      }
      if (rows.length === 0 && isUndisputed(feed.id)) undisputed.add(feed.id)
      return rows
    },
    keepEvidence(feed, record, dispute) {
      keep(feed, record, dispute)
      db.run(
        `delete from head_evidence where feed = ?1 and epoch not in
           (select distinct epoch from head_evidence where feed = ?1 order by epoch desc limit ${evidenceEpochs})`,
        feed.id,
      )
    },
    dropEvidence(feed, { head }) {
      db.run(
        'delete from head_evidence where feed = ? and epoch = ? and head = ?',
        feed.id,
        head.epoch,
        cidDigest(head.head),
      )
    },
    forget,
  }
}

function feedOf(row: FeedRow): Feed {
  const identity = identityOfKey(row.identity)
  const { epoch } = row
  return {
    id: row.id,
    identity,
    record: epoch === null ? null : recordOf(identity, { ...row, epoch }),
    chainEpoch: row.chain_epoch,
    heldCount: row.held_count,
    heldBytes: row.held_bytes,
    firstSeen: row.first_seen,
    watched: row.watched === 1,
    policy: row.policy === null ? followAll : (JSON.parse(row.policy) as WatchPolicy),
    broken:
      row.broken_length === null
        ? null
        : { length: row.broken_length, cid: row.broken_cid, code: row.broken_code },
    disputedAbove: row.disputed_above,
    limit: row.feed_limit === null ? null : (JSON.parse(row.feed_limit) as FeedLimit),
  }
}

function recordOf(identity: Identity, row: Omit<HeadRow, 'dispute'>): HeadRecord {
  const { epoch, length, comparable, bytes, head, signature } = row
  return { head: { identity, epoch, length, comparable, bytes, head: rawCidOfDigest(head) }, signature }
}

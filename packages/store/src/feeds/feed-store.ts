/**
 * `FeedStore` over one SQLite connection (spec S).
 *
 *     calls ─▶ one transaction each ─▶ heads, append, own, settle, … ─▶ tables
 *
 * @module
 */
import {
  cidDigest,
  equalBytes,
  type HeadRecord,
  type Identity,
  identityKey,
  type RawCid,
  rawCidOfDigest,
} from '@effigy/core'
import { place } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type {
  AppendOutcome,
  AttestedRun,
  FeedState,
  FeedStore,
  HeadLog,
  StoredEntry,
  WatchPolicy,
} from '../store.ts'
import { isKeptOut, isUnsigned } from '../synods/limit.ts'
import { appendRun } from './append.ts'
import { archiveHeads } from './archive-heads.ts'
import { branchesOf } from './branches.ts'
import { createFeedContext, type FeedContext, type FeedStoreOptions } from './context.ts'
import { dropHidden, finishForgetting, forgetFeed, forgetPart } from './drop.ts'
import { type EntryRow, signedEntry } from './entry-table.ts'
import { evidence, type Feed } from './feed-table.ts'
import { formerAt, formerChain } from './former.ts'
import { acceptHead, startEpoch } from './heads.ts'
import { commonLength, needBelow, needOf, servedHead } from './need.ts'
import { appendOwn, replaceOwn } from './own.ts'
import { markUnreadable } from './places.ts'
import { serve } from './serve.ts'
import { pendingEntries, settle } from './settle.ts'
import { insertEntry, showRow } from './show-entry.ts'

/** The feed store, and what the views and the blobs ask of it. */
export interface FeedTables extends FeedStore {
  readonly context: FeedContext
  readonly headLog: HeadLog
  /** A detached content arrived as a block: shows the entries that carry it. Inside a transaction. */
  contentArrived(content: RawCid, bytes: Uint8Array): void
  /** A content is not to be here any more (V93): shows the entries that carry it without it. Inside a transaction. */
  contentTakenDown(content: RawCid): void
  /** As `Store.countDay`. */
  countDay(): boolean
  /** By `feeds.id`: whether it is being forgotten. */
  isLeaving(feed: number): boolean
  /** Goes on with what is being forgotten; true: there is more. */
  forgetPart(): boolean
  /** Calls `show` for every entry of the shown chains, oldest first: how views are rebuilt. */
  showAgain(entry: number): void
  /** `feeds.id`; null when it was never seen. */
  idOf(identity: Identity): number | null
  /** By `feeds.id`; null when the feed is not watched. */
  blobPolicyOf(feed: number): WatchPolicy['blobs'] | null
  /** A detached payload text that came beside its entry; null when it is not here, or of hidden entries alone. */
  bodyOf(content: RawCid): Uint8Array | null
  /** Whose shown entries have it beside them: such a text is no block, and held by its entry. */
  bodyHolders(content: RawCid): readonly Identity[]
  /** Texts that shown entries have beside them, the newest first. */
  heldTexts(limit: number): Iterable<RawCid>
}

const nothingHeld = { runs: [], heldCount: 0, heldBytes: 0, broken: null, disputedAbove: null } as const

/** In one transaction, whoever appends: each session ends it sooner, but there may be many of them. */
const maxOpenBytes: number = 8 * 1024 * 1024

/** The feeds in `db`, whose tables are migrated already and which stays its owner's. Methods throw `EffigyError` as `Store` says. */
export function createFeedStore(db: Sqlite, options: FeedStoreOptions): FeedTables {
  const context = createFeedContext(db, options)
  const { feeds, entries, runs, unverified, changes, leaving } = context

  /** As others see it: of what is being forgotten nothing is here. */
  const stateOf = (feed: Feed): FeedState =>
    leaving.has(feed.id) ? { ...heldState(feed), ...nothingHeld } : heldState(feed)

  const heldState = (feed: Feed): FeedState => ({
    identity: feed.identity,
    record: feed.record === null || isUnsigned(feed.record) ? null : feed.record,
    runs: runs.all(feed.id).map(({ first, last }) => ({ first, last })),
    heldCount: feed.heldCount,
    heldBytes: feed.heldBytes,
    watched: feed.watched,
    policy: feed.policy,
    broken: feed.broken === null ? null : { ...feed.broken, cid: rawCidOfDigest(feed.broken.cid) },
    disputedAbove: feed.disputedAbove,
    limit: feed.limit,
  })

  /** Null of one that was never seen, or of which nothing is to be told. */
  const findShown = (identity: Identity): Feed | null => {
    const feed = feeds.find(identity)
    return feed === null || leaving.has(feed.id) ? null : feed
  }

  const shownRow = (cid: RawCid): EntryRow | null => {
    const row = entries.byDigest(cidDigest(cid))
    return row === null || leaving.has(row.feed) ? null : row
  }

  const storedEntry = (row: EntryRow): StoredEntry => ({
    signed: signedEntry(row),
    verified: !unverified.has(row.id),
    seen: row.seen,
    content: rawCidOfDigest(row.content),
    body: entries.body(row.id),
  })

  const showing = (content: Uint8Array): readonly number[] =>
    entries.feedsShowing(content).filter((feed) => !leaving.has(feed))

  /** Changes one feed in a transaction of its own; nothing when it was never seen. */
  const change = (identity: Identity, work: (feed: Feed) => void): void => {
    changes.commit(() => {
      const feed = feeds.find(identity)
      if (feed === null) return
      work(feed)
      feeds.save(feed)
      changes.touchFeed(identity)
    })
  }

  /** Of entries that `appendEach` took since it was told to finish. */
  let openBytes = 0

  const append = (run: AttestedRun): AppendOutcome => {
    for (const { bytes } of run.entries) openBytes += bytes.length
    return appendRun(context, run)
  }

  const finishAppending = (): void => {
    openBytes = 0
    changes.finish()
  }

  return {
    context,
    headLog: context.log,
    feed(identity) {
      const feed = feeds.find(identity)
      return feed === null ? null : stateOf(feed)
    },
    textBytes(identity) {
      const sql = 'select id, text_bytes as bytes from feeds where identity = ?'
      const row = db.first<{ id: number; bytes: number }>(sql, identityKey(identity))
      return row === null || leaving.has(row.id) ? 0 : row.bytes
    },
    heldOfWatched: () =>
      db.first<{ entries: number; bytes: number }>(
        `select coalesce(sum(held_count), 0) as entries, coalesce(sum(held_bytes + text_bytes), 0) as bytes
         from feeds where watched = 1`,
      ) ?? { entries: 0, bytes: 0 },
    *feeds({ watched = false } = {}) {
      for (const feed of feeds.all(watched)) yield stateOf(feed)
    },
    watchFeed(identity, policy) {
      changes.commit(() => {
        if (policy !== null) {
          finishForgetting(context, identity)
          feeds.ensure(identity, context.now())
        }
        let flipped: number | null = null
        change(identity, (feed) => {
          if (feed.watched !== (policy !== null)) flipped = feed.id
          feed.watched = policy !== null
          if (policy !== null) feed.policy = policy
        })
        // Once the row says so.
        if (flipped !== null) context.log.flipped(flipped, policy !== null)
      })
    },
    reachDown(identity, first) {
      const { id } = changes.commit(() => feeds.ensure(identity, context.now()))
      const asked = context.reaches.get(id) ?? new Set()
      const one = { first }
      context.reaches.set(id, asked.add(one))
      return {
        [Symbol.dispose]() {
          asked.delete(one)
          if (asked.size === 0 && context.reaches.get(id) === asked) context.reaches.delete(id)
        },
      }
    },
    forget: (identity) => change(identity, (feed) => forgetFeed(context, feed)),
    isForgetting: () => !leaving.isEmpty(),
    isLeaving: (id) => leaving.has(id),
    forgetPart: () => !leaving.isEmpty() && changes.commit(() => forgetPart(context)),

    acceptHead: (record, { force = false } = {}) => changes.commit(() => acceptHead(context, record, force)),
    acceptHeads: (records) =>
      changes.commit(() => records.map((record) => acceptHead(context, record, false))),
    headRecords(identities) {
      const records: HeadRecord[] = []
      for (const identity of identities) {
        const record = feeds.highest(identity)
        if (record !== null) records.push(record)
      }
      return records
    },
    forkEvidence(identity) {
      const feed = feeds.find(identity)
      if (feed === null || feed.limit?.type === 'ends') return []
      return feeds
        .evidence(feed)
        .filter(({ dispute }) => dispute !== evidence.anchor)
        .map(({ record }) => record)
    },
    forkBranches(identity, options) {
      const feed = findShown(identity)
      return feed === null ? null : branchesOf(context, feed, options?.doubts === true)
    },

    need(identity) {
      const feed = findShown(identity)
      return feed === null ? null : needOf(context, feed)
    },
    needBelow(identity, head) {
      const feed = findShown(identity)
      return feed === null ? null : needBelow(context, feed, head)
    },
    servedHead(identity) {
      const feed = findShown(identity)
      return feed === null ? null : servedHead(context, feed)
    },
    archiveHeads(identity) {
      const feed = findShown(identity)
      return feed === null ? null : archiveHeads(context, feed)
    },
    rewind: (identity, epoch, base) =>
      change(identity, (feed) => {
        if (leaving.has(feed.id)) return
        // Told twice, or of an epoch that no head names: nothing to do.
        if (epoch > feed.chainEpoch && epoch === feed.record?.head.epoch)
          startEpoch(context, feed, epoch, base)
      }),
    appendRun: (run) => changes.commit(() => appendRun(context, run)),
    appendEach(runs, { stays = false } = {}) {
      const work = (): readonly AppendOutcome[] => Array.from(runs, append)
      if (!stays) return changes.commit(work)
      const outcomes = changes.extend(work)
      if (openBytes >= maxOpenBytes) finishAppending()
      return outcomes
    },
    finishAppending,
    appendRuns: (list) => changes.commit(() => list.map((run) => appendRun(context, run))),

    appendOwn: (list, record) =>
      changes.commitDurably(() => {
        finishForgetting(context, record.head.identity)
        appendOwn(context, list, record)
      }),
    replaceOwn: (base, list, record, lost) =>
      changes.commitDurably(() => {
        finishForgetting(context, record.head.identity)
        replaceOwn(context, base, list, record, lost)
      }),

    unverified: (limit, after = 0) => pendingEntries(context, limit, after),
    unverifiedCount: () => unverified.count(),
    settle: (verdicts) => changes.join(() => settle(context, verdicts)),
    settleEntries: (verdicts) =>
      changes.commit(() => {
        const rows = verdicts.map(({ cid, valid }) => ({ id: entries.byDigest(cidDigest(cid))?.id, valid }))
        settle(
          context,
          rows.flatMap(({ id, valid }) => (id === undefined ? [] : [{ id, valid }])),
        )
      }),

    markUnreadable(identity, top, { length, cid, code }) {
      let isMarked = false
      change(identity, (feed) => {
        if (leaving.has(feed.id)) return
        isMarked = markUnreadable(context, feed, cidDigest(top), { length, cid: cidDigest(cid), code })
        if (isMarked) changes.touchViews()
      })
      return isMarked
    },
    brokenEntry(cid) {
      const row = shownRow(cid)
      if (row === null || row.place !== place.broken) return null
      const broken = feeds.byId(row.feed)?.broken ?? null
      return broken !== null && equalBytes(broken.cid, row.cid) ? signedEntry(row) : null
    },

    serve(identity, from, serveOptions) {
      const feed = findShown(identity)
      return feed === null ? [] : serve(context, feed, from, serveOptions)
    },
    commonLength(identity, locator) {
      const feed = findShown(identity)
      return feed === null ? 0 : commonLength(context, feed, locator)
    },
    formerAt(identity, length) {
      const feed = findShown(identity)
      return feed === null ? null : formerAt(context, feed, length)
    },
    formerChain(identity, locator, limits) {
      const feed = findShown(identity)
      return feed === null ? [] : formerChain(context, feed, locator, limits)
    },

    entry(cid) {
      const row = shownRow(cid)
      return row === null || row.place === place.broken ? null : storedEntry(row)
    },
    entryAt(identity, length) {
      const feed = findShown(identity)
      const row = feed === null ? null : entries.at(feed.id, length)
      return row === null ? null : storedEntry(row)
    },
    *chain(identity, { first = 1, last = Number.MAX_SAFE_INTEGER } = {}) {
      const feed = findShown(identity)
      if (feed === null) return
      for (const row of entries.between(feed.id, first, last)) yield storedEntry(row)
    },
    keepLoose: ({ entry, body }) =>
      changes.commit(() => {
        finishForgetting(context, entry.entry.identity)
        if (entries.byDigest(cidDigest(entry.cid)) !== null) return
        const feed = feeds.ensure(entry.entry.identity, context.now())
        if (isKeptOut(feed.limit, entry.entry.length, feed.record?.head.length ?? 0)) return
        context.synods?.stateArrived(entry, 1, false)
        const insertion = { place: place.loose, verified: true, seen: context.now(), hasErasures: false }
        insertEntry(context, feed, entry, body, insertion)
      }),
    countDay: () => changes.commit(() => context.days.count()),
    dropHidden: (days, longer = { identities: [], days }) =>
      changes.commit(() => {
        const ids = longer.identities.map((identity) => feeds.find(identity)?.id ?? 0)
        return dropHidden(context, days, { feeds: new Set(ids), days: longer.days })
      }),

    contentArrived(content, bytes) {
      for (const row of entries.byContent(cidDigest(content))) {
        const feed = feeds.byId(row.feed)
        if (feed === null || row.place !== place.chain) continue
        showRow(context, feed, row, signedEntry(row), bytes)
        changes.touchViews()
      }
    },
    contentTakenDown(content) {
      entries.dropBodiesOf(cidDigest(content))
      for (const row of entries.byContent(cidDigest(content))) {
        const feed = feeds.byId(row.feed)
        if (feed === null || row.place !== place.chain) continue
        context.projector.hide(row.id)
        showRow(context, feed, row)
        changes.touchViews()
      }
    },
    idOf: (identity) => feeds.find(identity)?.id ?? null,
    blobPolicyOf(id) {
      const feed = feeds.byId(id)
      return feed?.watched === true ? feed.policy.blobs : null
    },
    bodyOf(content) {
      const digest = cidDigest(content)
      const body = entries.bodyOf(digest)
      // What was erased, or left the chain, is nobody's to have.
      return body === null || showing(digest).length === 0 ? null : body
    },
    bodyHolders(content) {
      const digest = cidDigest(content)
      const found = entries.bodyOf(digest) === null ? [] : showing(digest)
      return found.flatMap((id) => feeds.byId(id)?.identity ?? [])
    },
    *heldTexts(limit) {
      const found = db.rows<{ content: Uint8Array }>(
        `select e.content from bodies b join entries e on e.id = b.entry
         where e.place = ? and e.hidden_at is null and e.feed not in (select feed from leaving) order by b.entry desc limit ?`,
        place.chain,
        limit,
      )
      for (const { content } of [...found]) yield rawCidOfDigest(content)
    },
    showAgain(id) {
      const row = entries.byId(id)
      const feed = row === null ? null : feeds.byId(row.feed)
      if (row !== null && feed !== null && row.place === place.chain) showRow(context, feed, row)
    },
  }
}

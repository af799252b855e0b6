/**
 * The views of a store: `Projector` on the way in, `QueryStore` on the way out (spec S5, S20, S21, S22).
 *
 *     const views = createViews(db, { changes, block })   no I/O; tables come with the migrations
 *     createFeedStore(db, { projector: views, … })                 show, hide
 *     views.setSelf(identity), setSiblings(of)                     whose blocks and mutes count; who is one person
 *     views.rememberOpened(identity, content, json)                what the peer decrypted
 *     if (views.rebuildPending) await views.rebuildViews({ signal })
 *
 * @module
 */
import { cidDigest, type Identity, identityKey, type RawCid, readPayload } from '@effigy/core'
import { type Changes, createChanges } from '../changes.ts'
import { createLeaving, type Leaving } from '../feeds/leaving.ts'
import type { Projector } from '../projector.ts'
import { digestKey, place } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Item, Page, PageRequest, QueryStore, TimelineFilter } from '../store.ts'
import { isSuperseded, labelKey } from './claims.ts'
import { deviceSaid, deviceValue, deviceValues } from './device-states.ts'
import { threadGaps } from './gaps.ts'
import { createItemReader, feedIdOf, type ItemRow, itemColumns, itemTables } from './items.ts'
import { createNotices, type Notices } from './notices.ts'
import { createOpened } from './opened.ts'
import {
  emptyPage,
  maxPosition,
  mergeRows,
  minPosition,
  newerFirst,
  type Position,
  readPage,
} from './pages.ts'
import { createPeople, hiddenValues, unhidden } from './people.ts'
import { createProjector, isListedAnyway } from './project.ts'
import { createRebuilder } from './rebuild.ts'
import { createResolver, type Siblings } from './resolve.ts'
import { createSearchIndex } from './search.ts'
import { timelineOf } from './tables.ts'
import { conversationRows, newestLabels, reactionRows, rowsBelow } from './threads.ts'
import { countTimeline, labelledRows, type TimelineQuery, timelineRows } from './timeline.ts'

/** Nobody reads a greater number, and it is asked for with every change. */
const maxCounted = 1_000

/** Keys of `device_state` that are given at once. */
const maxDeviceValues = 1_000

export interface ViewsOptions {
  /** Transactions; those of the feed store, so that one commit tells of both. Own ones when omitted. */
  readonly changes?: Changes
  /** Blocks of detached payloads that are too large for `bodies`; none when omitted. */
  readonly block?: (cid: RawCid) => Uint8Array | null
  /** Lets others run between two slices of a rebuild; a turn of the event loop when omitted. */
  readonly pause?: () => Promise<void>
  /** Feeds that are being forgotten, of which nothing is shown; as the tables say when omitted. */
  readonly leaving?: Leaving
}

export interface Views extends Projector, QueryStore {
  /** Whose blocks and mutes keep people out of timelines, threads, mentions, tags, types and search. Null: nobody's. */
  setSelf(identity: Identity | null): void
  /** How accounts are told; until then every identity is one of its own. */
  setSiblings(siblings: Siblings): void
  /**
   * The plaintext of an encrypted payload, once the peer has opened it and seen that it was written by
   * `identity`. Projected at once, and kept for rebuilds. False when it is no payload, or of a feed never heard of.
   */
  rememberOpened(identity: Identity, content: RawCid, payloadJson: string): boolean
  /** A rebuild was cut off: `rebuildViews` goes on with it. */
  readonly rebuildPending: boolean
  readonly notices: Notices
}

/**
 * The views in `db`, whose tables are migrated already and which stays its owner's: no I/O by itself. Until `setSelf` and `setSiblings`
 * nobody is hidden, and every identity is a person of its own.
 */
export function createViews(db: Sqlite, options: ViewsOptions = {}): Views {
  const {
    changes = createChanges(db),
    block = () => null,
    pause = nextTurn,
    leaving = createLeaving(db),
  } = options
  let self: Identity | null = null
  let known: Siblings = () => []
  const siblings: Siblings = (identity) => known(identity)

  const opened = createOpened(db)
  const items = createItemReader(db, opened, block, leaving)
  const resolver = createResolver(db, items, siblings)
  const people = createPeople(db, { items, siblings, self: () => self, leaving })
  const search = createSearchIndex(db, items, opened)
  const projector = createProjector({
    db,
    opened,
    search,
    onChange() {
      people.forget()
      changes.touchViews()
    },
  })
  const rebuilder = createRebuilder({ db, changes, items, projector, pause, onCleared: search.forget })
  changes.onRollBack(() => {
    search.forget()
    people.forget()
  })
  // Who is of one account with somebody blocked may be others now.
  changes.watch((change) => {
    if (change.views) people.forget()
  })

  /** The devices of whoever the store is of. */
  const ownDevices = (): ReadonlySet<Identity> => new Set(self === null ? [] : [self, ...siblings(self)])

  /** Of somebody blocked nothing is shown, by whatever name it is asked for. */
  const unblocked = (item: Item | null): Item | null =>
    item === null || people.isBlocked(item.identity) ? null : item

  const readRow = ({ entry }: Position): Item | null => items.byId(entry)

  /** Rows of one range of an index, newest first, without those of hidden people. */
  function newestRows(
    from: string,
    where: string,
    value: number | string | Uint8Array,
    { sort, entry }: Position,
    count: number,
  ): readonly Position[] {
    return [
      ...db.rows<{ sort: number; entry: number }>(
        `select x.sort, x.entry from ${from} x join items i on i.entry = x.entry
         where ${where} and (x.sort, x.entry) < (?, ?) and ${unhidden} order by x.sort desc, x.entry desc limit ?`,
        value,
        sort,
        entry,
        ...hiddenValues(people.hidden()),
        count,
      ),
    ]
  }

  function byType(type: string, page?: PageRequest): Page<Item> {
    const own = db.first<{ id: number }>('select id from types where name = ?', type)
    const secret = db.first<{ id: number }>('select -id as id from opened_types where name = ?', type)
    const ids = [own, secret].flatMap((row) => (row === null ? [] : [row.id]))
    const where = !isListedAnyway(type)
      ? 'x.type = ? and x.by_type = 1'
      : `x.timeline > 0 and x.timeline = ${type === 'comment' ? timelineOf.comments : timelineOf.notes} and x.type = ?`
    return readPage(
      page,
      maxPosition,
      (position, count) =>
        mergeRows(
          ids.map((id) => newestRows('items', where, id, position, count)),
          newerFirst,
          count,
        ),
      readRow,
    )
  }

  function timelineQuery(filter: TimelineFilter | undefined): TimelineQuery {
    // A person is all of their devices.
    const persons = filter?.identities?.flatMap((identity) => [identity, ...siblings(identity)])
    return {
      comments: filter?.comments ?? false,
      feeds: persons?.flatMap((identity) => feedIdOf(db, identity) ?? []) ?? null,
      hops: filter?.hops === true ? Number.MAX_SAFE_INTEGER : 0,
      hidden: people.hidden(),
    }
  }

  /** Without what one wrote oneself, on whatever device. */
  function byOthers(query: TimelineQuery): TimelineQuery {
    const { feeds, keys } = query.hidden
    const own = [...ownDevices()].flatMap((each) => feedIdOf(db, each) ?? [])
    return { ...query, hidden: { feeds: JSON.stringify([...JSON.parse(feeds), ...own]), keys } }
  }

  function tagged(page: PageRequest, query: TimelineQuery, label: string): Page<Item> {
    const listed = new Set<RawCid>()
    return readPage(
      page,
      maxPosition,
      (position, count) => labelledRows(db, query, label, position, count),
      (row) => {
        const item = labelled(row)
        if (item?.state.type !== 'shown' || listed.has(item.cid)) return null
        if (item.state.payload.type === 'comment' && !query.comments) return null
        listed.add(item.cid)
        return item
      },
    )
  }

  /** What has the label: the payload itself, or the one that its account tagged later, and that stands (P12). */
  function labelled(row: Position): Item | null {
    const item = readRow(row)
    if (item?.state.type !== 'shown' || item.state.payload.type !== 'tag') return item
    const { target } = item.state.payload
    if (people.account(target.identity) !== people.account(item.identity)) return null
    const feeds = [item.identity, ...siblings(item.identity)].flatMap((each) => feedIdOf(db, each) ?? [])
    if (isSuperseded(db, row.entry, feeds)) return null
    const tagged = resolver.resolve(target.identity, target.content)
    return tagged?.state.type === 'erased' ? null : tagged
  }

  return {
    show: projector.show,
    showNew: projector.showNew,
    hide: projector.hide,
    setSelf: (identity) => {
      self = identity
      people.forget()
    },
    setSiblings: (asked) => {
      known = asked
      people.forget()
    },
    rememberOpened(identity, content, payloadJson) {
      const payload = readPayload(payloadJson, { encrypted: true })
      const feed = feedIdOf(db, identity)
      if (!payload.ok || feed === null) return false
      const digest = cidDigest(content)
      changes.commit(() => {
        const isOther = opened.save(feed, digest, payloadJson)
        const rows = [
          ...db.rows<ItemRow>(
            `select ${itemColumns} from ${itemTables} where e.content_key = ? and e.content = ? and +e.feed = ?
             and e.place = ${place.chain} and e.hidden_at is null`,
            digestKey(digest),
            digest,
            feed,
          ),
        ]
        for (const row of rows) {
          // What another text said goes with it.
          if (isOther) projector.hide(row.id)
          rebuilder.project(row)
        }
      })
      return true
    },
    get rebuildPending() {
      return rebuilder.pending
    },
    rebuildViews: rebuilder.run,

    notices: createNotices(db, { items, resolver, siblings, hidden: people.hidden }),
    item: (cid) => unblocked(items.byCid(cid)),
    resolve(identity, content, evenBlocked = false) {
      const item = resolver.resolve(identity, content)
      return evenBlocked ? item : unblocked(item)
    },
    feedItems(identity, page) {
      const feed = people.isBlocked(identity) ? null : feedIdOf(db, identity)
      if (feed === null || leaving.has(feed)) return emptyPage()
      return readPage(
        page,
        maxPosition,
        ({ sort }, count) => [
          ...db.rows<{ sort: number; entry: number }>(
            `select length as sort, id as entry from entries
             where feed = ? and place = ${place.chain} and length < ? order by length desc limit ?`,
            feed,
            sort,
            count,
          ),
        ],
        readRow,
      )
    },
    timeline(page) {
      const query = timelineQuery(page)
      if (page?.tag !== undefined) return tagged(page, query, labelKey(page.tag))
      return readPage(
        page,
        maxPosition,
        (position, count) => timelineRows(db, query, position, count),
        readRow,
      )
    },
    countAbove(sort, filter) {
      const query = byOthers(timelineQuery(filter))
      if (filter?.tag === undefined) return countTimeline(db, query, sort, maxCounted)
      const rows = labelledRows(db, query, labelKey(filter.tag), maxPosition, maxCounted)
      return rows.filter((row) => row.sort > sort).length
    },
    gaps(identity, content) {
      const { names } = resolver.names(identity, content)
      return threadGaps(db, names, people.hidden(), (name) => resolver.resolve(name.identity, name.content))
    },
    thread(identity, content, page) {
      const { item, names } = resolver.names(identity, content)
      const isComment = item?.state.type === 'shown' && item.state.payload.type === 'comment'
      const rows = isComment ? rowsBelow : conversationRows
      const hidden = people.hidden()
      return readPage(
        page,
        minPosition,
        (position, count) => rows(db, names, hidden, position, count, page?.lookUps),
        readRow,
      )
    },
    reactions: (identity, content) =>
      people.isBlocked(identity)
        ? []
        : reactionRows(db, resolver.names(identity, content).names, people.hidden(), people.account),
    labelsBy(by, identity, content) {
      const { names } = resolver.names(identity, content)
      const account = people.account(by)
      return newestLabels(db, names, people.hidden(), (each) => people.account(each) === account)
    },
    tally(identity, content) {
      if (people.isBlocked(identity)) return { answers: 0, reactions: [] }
      const { names } = resolver.names(identity, content)
      const hidden = people.hidden()
      const own = self === null ? null : people.account(self)
      return {
        answers: conversationRows(db, names, hidden, minPosition, maxCounted).length,
        reactions: reactionRows(db, names, hidden, people.account).map(({ label, by }) => {
          return { label, count: by.length, isOwn: by.some((each) => people.account(each) === own) }
        }),
      }
    },
    mentions(identity, page) {
      const subjects = [...new Set([identity, ...siblings(identity)])]
      return readPage(
        page,
        maxPosition,
        (position, count) =>
          mergeRows(
            subjects.map((subject) =>
              newestRows('mentions', 'x.subject = ?', identityKey(subject), position, count),
            ),
            newerFirst,
            count,
          ),
        readRow,
      )
    },
    byType,
    byTag(label, page) {
      const listed = new Set<RawCid>()
      return readPage(
        page,
        maxPosition,
        (position, count) => newestRows('labels', 'x.label = ?', labelKey(label), position, count),
        (row) => {
          const item = labelled(row)
          // A note may carry a tag and be given it again.
          if (item === null || listed.has(item.cid)) return null
          listed.add(item.cid)
          return item
        },
      )
    },
    profile: people.profile,
    relations: people.relations,
    lastSaid: people.lastSaid,
    relates: people.relates,
    persons: people.persons,
    follows: people.follows,
    followers: people.followers,
    deviceValue: (key) => deviceValue(db, ownDevices(), key),
    deviceSaid: (key) => deviceSaid(db, ownDevices(), key),
    deviceValues: (prefix, { after = null, limit = maxDeviceValues } = {}) =>
      deviceValues(db, ownDevices(), prefix, { after, limit: Math.min(limit, maxDeviceValues) }),
    search(text, page = {}) {
      const { hidden, feeds } = timelineQuery(page)
      return readPage(
        page,
        maxPosition,
        (position, count) => search.rows(text, hidden, feeds, page, position, count),
        readRow,
      )
    },
    indexSearch(limit) {
      changes.commit(() => search.index(limit))
      return search.progress()
    },
  }
}

/** A turn of the event loop, so that messages and timers get theirs. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}

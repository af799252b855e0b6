/**
 * The blob tables of the main file: which roots entries and pins hold, which are wanted, what became of them.
 *
 *     show(entry) ─links▶ blob_links ─┐
 *     hold(root, reason) ─▶ blob_pins ─┴▶ isHeld(root)      blob_links.wanted ─newest first▶ wants
 *     hide(entry) ─▶ blob_links.hidden: held, not wanted ─drop(entry)▶ gone │ show(entry)▶ as before
 *
 * Whoever writes here has opened the transaction.
 *
 * @module
 */
import { type Cid, cidBytes, cidOfBytes, identityOfKey, type Link, maxDetachedBytes } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import type { BlobWant } from '../store.ts'
import { rootState } from './tables.ts'
import { type BlobPolicy, isWantedBy, largestWanted, wantOrder } from './want-order.ts'

export type RootState =
  | { readonly type: 'complete'; readonly bytes: number }
  | { readonly type: 'refused'; readonly code: string; readonly bytes: number | null }
  | { readonly type: 'evicted' }

/** What an entry needs of a root, and where it stands in the order of wants. */
export interface EntryLink {
  readonly entry: number
  readonly feed: number
  readonly link: Link
  /** Whether it is the entry's own text: wanted whatever the policy says of files (B17). */
  readonly isText: boolean
  /** As of the views (`sort.ts`), ms. */
  readonly sort: number
}

export interface RootTable {
  addLink(link: EntryLink): void
  /** The entry is hidden: its links hold what is here, and want nothing. */
  hideLinks(entry: number): void
  /** Gives whether the entry had any. */
  removeLinks(entry: number): boolean
  /** The policy of the feed has changed. */
  updateFeed(feed: number): void
  /** The DAG turned out to have `bytes` (or more, when `atLeast`): breaks the links that say otherwise. */
  breakLinks(root: Cid, bytes: number, options: { readonly atLeast: boolean }): void
  brokenLinks(entry: number): readonly Cid[]

  addPin(root: Cid, reason: string, until: number | null): void
  removePin(root: Cid, reason: string): void
  pinsUntil(time: number): readonly { readonly root: Cid; readonly reason: string }[]
  /** Whether room may not be made of it: pinned, or a hidden entry may still come back to it. */
  isKept(root: Cid): boolean
  pinnedAs(reason: string, limit: number): readonly Cid[]

  /** Whether an entry or a pin names it, held or not. */
  isKnown(root: Cid): boolean
  isHeld(root: Cid): boolean
  /** Pins, and feeds that show it: those that only hide it are not named. */
  holders(root: Cid): readonly string[]
  /** Bytes of the whole roots that shown entries of a feed hold, by `feeds.id`; each once. */
  heldBytes(feed: number): number
  /** Roots that shown entries hold, newest first. */
  held(limit: number): Iterable<Cid>
  state(root: Cid): RootState | null
  setState(root: Cid, state: RootState, options?: { readonly loose: boolean }): void
  /** Forgets what became of it; it is wanted again where its feeds' policies say so. */
  clearState(root: Cid): void
  /** It is held now, so its blocks cannot go unnoticed. */
  fasten(root: Cid): void
  /** Roots that are complete though nothing holds them. */
  loose(): readonly Cid[]
  /** The block file has lost writes: nothing is known to be complete, everything has to be carried over again. */
  forgetBlocks(): void

  changes(limit: number): readonly Cid[]
  /** The block file is to be told anew whether it is held. */
  addChange(root: Cid): void
  removeChange(root: Cid): void

  /**
   * Newest first while all fit. Else the newest of each feed, then the second of each, and so on: what one feed
   * wants and nobody has does not keep out what others want. A root may come more than once; `spare` more are read
   * for those that turn out to be here.
   */
  wants(limit: number, spare: number): readonly BlobWant[]
  /** Another number when other wants have their turn. */
  turn(): number
  unwant(root: Cid): void
  /** After a roll-back: what it remembers of the tables may be false. */
  forget(): void

  writesSeen(): number
  setWritesSeen(count: number): void
}

/** Reasons of which it is remembered that nothing is pinned for them. */
const maxUnused = 64

export function createRootTable(
  db: Sqlite,
  policyOf: (feed: number) => BlobPolicy | null,
  now: () => number,
): RootTable {
  // Each session of a hub begins with both questions, and nearly always nothing has changed since the last one.
  const wanting = wantOrder(db, now)
  const unusedReasons = new Set<string>()

  const change = (root: Uint8Array): void => {
    db.run('insert or ignore into blob_changes (root) values (?)', root)
  }

  function state(root: Cid): RootState | null {
    const row = db.first<{ state: number; code: string | null; bytes: number | null }>(
      'select state, code, bytes from blob_roots where root = ?',
      cidBytes(root),
    )
    if (row === null) return null
    if (row.state === rootState.complete) return { type: 'complete', bytes: row.bytes ?? 0 }
    if (row.state === rootState.evicted) return { type: 'evicted' }
    return { type: 'refused', code: row.code ?? 'refused', bytes: row.bytes }
  }

  function setState(
    root: Cid,
    next: RootState,
    options: { readonly loose: boolean } = { loose: false },
  ): void {
    db.run(
      'insert or replace into blob_roots (root, state, code, bytes, loose) values (?, ?, ?, ?, ?)',
      cidBytes(root),
      rootState[next.type],
      next.type === 'refused' ? next.code : null,
      next.type === 'evicted' ? null : next.bytes,
      options.loose ? 1 : 0,
    )
    unwant(root)
  }

  function unwant(root: Cid): void {
    db.run('update blob_links set wanted = 0 where root = ? and wanted = 1', cidBytes(root))
  }

  function clearState(root: Cid): void {
    const bytes = cidBytes(root)
    if (db.run('delete from blob_roots where root = ?', bytes) === 0) return
    const links = db.rows<{ entry: number; feed: number; size: number; text: number }>(
      'select entry, feed, size, text from blob_links where root = ? and broken = 0 and hidden = 0',
      bytes,
    )
    for (const { entry, feed, size, text } of [...links]) {
      if (!isWantedBy(policyOf(feed), size, text === 1)) continue
      wanting.added()
      db.run('update blob_links set wanted = 1 where root = ? and entry = ?', bytes, entry)
    }
  }

  return {
    addLink({ entry, feed, link: [root, size], sort, isText }) {
      const bytes = cidBytes(root)
      const policy = policyOf(feed)
      let known = state(root)
      // Others stated a size that was false; this one may be right.
      if (known?.type === 'refused' && known.code === 'size' && size >= (known.bytes ?? 0)) {
        db.run('delete from blob_roots where root = ?', bytes)
        known = null
      }
      const isBroken = known?.type === 'complete' && known.bytes !== size
      const holds = policy !== null && !isBroken
      const isWanted = holds && known === null && isWantedBy(policy, size, isText)
      if (isWanted) wanting.added()
      const added = db.run(
        `insert into blob_links (root, entry, feed, size, sort, holds, wanted, broken, text)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?)
          on conflict (root, entry) do update
            set holds = excluded.holds, wanted = excluded.wanted, broken = excluded.broken, hidden = 0
            where hidden = 1`,
        bytes,
        entry,
        feed,
        size,
        sort,
        holds ? 1 : 0,
        isWanted ? 1 : 0,
        isBroken ? 1 : 0,
        isText ? 1 : 0,
      )
      // One that was hidden may be broken by now, and then it holds no more.
      if (added > 0 && (holds || isBroken)) change(bytes)
    },

    hideLinks(entry) {
      // Most have none, and an update that finds none costs ten times what this does.
      const sql = 'select count(*) as links, ifnull(sum(holds), 0) as holding from blob_links where entry = ?'
      const { links = 0, holding = 0 } = db.first<{ links: number; holding: number }>(sql, entry) ?? {}
      if (links === 0) return
      // Of what never held anything nothing is to be kept.
      db.run('delete from blob_links where entry = ? and holds = 0 and hidden = 0', entry)
      if (holding === 0) return
      db.run('update blob_links set hidden = 1, holds = 0, wanted = 0 where entry = ? and holds = 1', entry)
    },

    removeLinks(entry) {
      const roots = [...db.rows<{ root: Uint8Array }>('select root from blob_links where entry = ?', entry)]
      if (roots.length === 0) return false
      db.run('delete from blob_links where entry = ?', entry)
      for (const { root } of roots) change(root)
      return true
    },

    updateFeed(feed) {
      const policy = policyOf(feed)
      wanting.added()
      db.run(
        `update blob_links set holds = ?, wanted = (size <= ? or (text = 1 and size <= ?)) and not exists
            (select 1 from blob_roots r where r.root = blob_links.root)
          where feed = ? and broken = 0 and hidden = 0`,
        policy === null ? 0 : 1,
        largestWanted(policy),
        policy === null ? -1 : maxDetachedBytes,
        feed,
      )
      db.run('insert or ignore into blob_changes (root) select root from blob_links where feed = ?', feed)
      if (policy === null) db.run('delete from blob_links where feed = ? and hidden = 1', feed)
    },

    breakLinks(root, bytes, { atLeast }) {
      const broken = db.run(
        `update blob_links set broken = 1, holds = 0, wanted = 0, hidden = 0
          where root = ? and broken = 0 and (size < ? or (? = 0 and size > ?))`,
        cidBytes(root),
        bytes,
        atLeast ? 1 : 0,
        bytes,
      )
      if (broken > 0) change(cidBytes(root))
    },

    brokenLinks(entry) {
      return cidsOf(db.rows('select root from blob_links where entry = ? and broken = 1', entry))
    },

    addPin(root, reason, until) {
      const bytes = cidBytes(root)
      unusedReasons.delete(reason)
      db.run('insert or replace into blob_pins (root, reason, until) values (?, ?, ?)', bytes, reason, until)
      db.run('delete from blob_roots where root = ? and state = ?', bytes, rootState.evicted)
      change(bytes)
    },

    removePin(root, reason) {
      const bytes = cidBytes(root)
      if (db.run('delete from blob_pins where root = ? and reason = ?', bytes, reason) > 0) change(bytes)
    },

    pinsUntil(time) {
      const found: { root: Cid; reason: string }[] = []
      for (const row of db.rows<{ root: Uint8Array; reason: string }>(
        'select root, reason from blob_pins where until < ?',
        time,
      )) {
        const root = cidOfBytes(row.root)
        if (root !== null) found.push({ root, reason: row.reason })
      }
      return found
    },

    isKept(root) {
      const bytes = cidBytes(root)
      return (
        db.first(
          `select 1 as one where exists (select 1 from blob_pins where root = ?)
            or exists (select 1 from blob_links where root = ? and hidden = 1)`,
          bytes,
          bytes,
        ) !== null
      )
    },

    pinnedAs(reason, limit) {
      if (unusedReasons.has(reason)) return []
      const pinned = cidsOf(
        db.rows('select root from blob_pins where reason = ? order by root limit ?', reason, limit),
      )
      if (pinned.length === 0 && limit > 0 && unusedReasons.size < maxUnused) unusedReasons.add(reason)
      return pinned
    },

    isKnown(root) {
      const bytes = cidBytes(root)
      return (
        db.first(
          `select 1 as one where exists (select 1 from blob_links where root = ?)
            or exists (select 1 from blob_pins where root = ?)`,
          bytes,
          bytes,
        ) !== null
      )
    },

    isHeld(root) {
      const bytes = cidBytes(root)
      return (
        db.first(
          `select 1 as one where (exists (select 1 from blob_links where root = ? and (holds = 1 or hidden = 1))
              or exists (select 1 from blob_pins where root = ?))
            and not exists (select 1 from blob_roots where root = ? and state = ?)`,
          bytes,
          bytes,
          bytes,
          rootState.refused,
        ) !== null
      )
    },

    heldBytes(feed) {
      const row = db.first<{ bytes: number | null }>(
        `select sum(r.bytes) as bytes from blob_roots r where r.state = ? and r.root in
          (select root from blob_links where feed = ? and holds = 1)`,
        rootState.complete,
        feed,
      )
      return row?.bytes ?? 0
    },

    *held(limit) {
      const found = db.rows<{ root: Uint8Array }>(
        'select root from blob_links where holds = 1 group by root order by max(entry) desc limit ?',
        limit,
      )
      for (const { root } of [...found]) {
        const cid = cidOfBytes(root)
        if (cid !== null) yield cid
      }
    },
    holders(root) {
      const bytes = cidBytes(root)
      const pins = db.rows<{ reason: string }>(
        'select reason from blob_pins where root = ? order by reason',
        bytes,
      )
      const feeds = db.rows<{ identity: Uint8Array }>(
        `select identity from feeds where id in (select feed from blob_links where root = ? and holds = 1)`,
        bytes,
      )
      return [
        ...Array.from(pins, ({ reason }) => reason),
        ...Array.from(feeds, ({ identity }) => `feed:${identityOfKey(identity)}`),
      ]
    },

    state,
    setState,
    clearState,
    unwant,

    fasten(root) {
      db.run('update blob_roots set loose = 0 where root = ? and loose = 1', cidBytes(root))
    },

    loose: () => cidsOf(db.rows('select root from blob_roots where loose = 1')),

    forgetBlocks() {
      const roots = cidsOf(db.rows('select root from blob_roots where state <> ?', rootState.refused))
      for (const root of roots) clearState(root)
      db.run('insert or ignore into blob_changes (root) select root from blob_links')
      db.run('insert or ignore into blob_changes (root) select root from blob_pins')
    },

    changes(limit) {
      return cidsOf(db.rows('select root from blob_changes limit ?', limit))
    },

    addChange: (root) => change(cidBytes(root)),

    removeChange(root) {
      db.run('delete from blob_changes where root = ?', cidBytes(root))
    },

    wants: wanting.wants,
    turn: wanting.turn,

    forget() {
      wanting.added()
      unusedReasons.clear()
    },

    writesSeen() {
      return Number(db.first(`select value from meta where key = 'blobs.writes'`)?.value ?? 0)
    },

    setWritesSeen(count) {
      db.run(`insert or replace into meta (key, value) values ('blobs.writes', ?)`, count)
    },
  }
}

function cidsOf(rows: Iterable<Record<string, unknown>>): readonly Cid[] {
  const cids: Cid[] = []
  for (const { root } of rows) {
    const cid = root instanceof Uint8Array ? cidOfBytes(root) : null
    if (cid !== null) cids.push(cid)
  }
  return cids
}

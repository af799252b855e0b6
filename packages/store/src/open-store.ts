/**
 * Puts a store together from its parts over two databases (spec S).
 *
 *     main ─┬ feeds ─show, hide, drop─▶ views + blobs        blocks ─▶ blobs
 *           └ changes ─after each commit─▶ watch
 *
 * @module
 */
import { type Identity, isRawCid, type RawCid, type Root, type Sha256 } from '@effigy/core'
import { createAccountTable } from './accounts/account-table.ts'
import type { BlockWriter } from './blobs/block-writer.ts'
import { giveBack } from './blobs/give-back.ts'
import { type Blobs, createBlobs } from './blobs/index.ts'
import type { createRoom } from './blobs/room.ts'
import { createChanges } from './changes.ts'
import { createFeedStore, type FeedTables } from './feeds/feed-store.ts'
import { createLeaving } from './feeds/leaving.ts'
import { createGroupTexts } from './groups/group-texts.ts'
import { createContentKeys } from './private/content-keys.ts'
import { createConversations } from './private/conversations.ts'
import { createShutEntries } from './private/shut-entries.ts'
import { createToldTexts } from './private/told-texts.ts'
import type { Projector } from './projector.ts'
import { createDropTable } from './services/drop-table.ts'
import { createLeaseCover } from './services/lease-cover.ts'
import { createLeaseTable } from './services/lease-table.ts'
import { createPromiseTable } from './services/promise-table.ts'
import { createSeenTable } from './services/seen-table.ts'
import { createTakenTable } from './services/taken-table.ts'
import { checkpoint, isFileHeld, type Sqlite } from './sqlite.ts'
import type { Store } from './store.ts'
import { createSynods } from './synods/synods.ts'
import { createViews } from './views/index.ts'
import { createItemReader } from './views/items.ts'
import { createOpened } from './views/opened.ts'

export interface StoreParts {
  /** Opened with `migrations`; the store's from here on. */
  readonly main: Sqlite
  /** Opened with `blockMigrations`; the store's from here on. */
  readonly blocks: Sqlite
  /** Over `blocks`. */
  readonly blockWriter?: BlockWriter | null
  /** For one whose room is bounded: only with it a root goes on when no more than what it lacks fits (B17). */
  readonly createRoom?: typeof createRoom
  readonly sha256: Sha256
  /** `sha256(utf8(text))`, where there is a faster way to it. */
  readonly textDigest?: (text: string) => Uint8Array
  /** Wall clock, ms. */
  readonly now: () => number
  /** Lets others run between two slices of long work. */
  readonly pause: () => Promise<void>
}

/** Hidden bytes are kept for so many counted days (F10, S12, P9) by followers; of one's own feed, and of leased ones. */
const hiddenDays = 7
const longHiddenDays = 30

/** What one says of people. */
const relationKinds = ['follow', 'block', 'mute'] as const

/** Names of settings of which it is remembered that there is none. */
const maxAbsentSettings = 256

/** Wanted blobs that are looked at in one `maintain`. */
const maxWantsRead = 4096

/**
 * Over databases that are open and have their tables; `openNodeStore` and the browser's make them. Disposing the store
 * closes them.
 */
export function createStore(storeParts: StoreParts): Store {
  const { main, blocks, blockWriter = null, createRoom, sha256, textDigest, now, pause } = storeParts
  const changes = createChanges(main)
  // The views and the blobs look into the entries, which tell them what is shown: each sees the other late.
  const parts: { feeds: FeedTables | null; blobs: Blobs | null } = { feeds: null, blobs: null }
  const feedTables = (): FeedTables => parts.feeds as FeedTables

  const leaving = createLeaving(main)
  const views = createViews(main, {
    changes,
    pause,
    block: (cid) => parts.blobs?.block(cid) ?? null,
    leaving,
  })
  const blobs = createBlobs({
    main,
    changes,
    blocks,
    writer: blockWriter,
    createRoom,
    sha256,
    now,
    bodyOf: (content) => feedTables().bodyOf(content),
    bodyHolders: (content) => feedTables().bodyHolders(content),
    policyOf: (feed) => feedTables().blobPolicyOf(feed),
    onComplete(root) {
      const bytes = isRawCid(root) ? blobs.block(root) : null
      if (isRawCid(root) && bytes !== null) feedTables().contentArrived(root, bytes)
    },
    onTakenDown: (content) => feedTables().contentTakenDown(content),
  })
  parts.blobs = blobs
  const block = (cid: RawCid): Uint8Array | null => blobs.block(cid)
  const told = createToldTexts(main, changes)
  const shut = createShutEntries(main, changes, block, (author, content, text) => {
    views.rememberOpened(author, content, text)
    told.drop(author, content)
  })
  const opened = createOpened(main)
  const talk = createConversations(main, changes, createItemReader(main, opened, block, leaving))
  const projector: Projector = {
    show(entry) {
      views.show(entry)
      blobs.show(entry)
      shut.projector.show(entry)
      talk.projector.show(entry)
    },
    showNew(entries) {
      views.showNew?.(entries)
      for (const entry of entries) blobs.show(entry)
      shut.projector.showNew(entries)
      entries.forEach(talk.projector.show)
    },
    hide(entryId) {
      views.hide(entryId)
      blobs.hide(entryId)
      shut.projector.hide(entryId)
      talk.projector.hide(entryId)
    },
    drop(entryId) {
      blobs.drop(entryId)
      opened.drop(entryId)
    },
  }
  const { synods, hooks, isProvenSynod, mayClaim, ...owner } = createSynods({
    db: main,
    changes,
    sha256,
    now,
    feeds: () => feedTables().context,
  })
  views.setSiblings(synods.siblings)
  const feeds = createFeedStore(main, {
    sha256,
    textDigest,
    now,
    projector,
    changes,
    leaving,
    block,
    isTakenDown: blobs.takeDowns.has,
    synods: hooks,
    isProvenSynod,
    mayClaim,
  })
  parts.feeds = feeds

  const leases = createLeaseTable(main, changes)
  let self: Identity | null = null

  /** Whom oneself follows, blocks or mutes, under a root or as one of its devices. */
  function meant(own: Identity): (root: Root, identities: readonly Identity[]) => boolean {
    const named = relationKinds.map((kind) => views.persons(own, kind))
    return (root, identities) =>
      named.some((each) => each.roots.has(root) || identities.some((device) => each.identities.has(device)))
  }

  /** Asked for in vain: in most homes half of what is asked, and by each session of a hub. */
  const absentSettings = new Set<string>()
  changes.onRollBack(() => absentSettings.clear())

  function setting(key: string): string | null {
    if (absentSettings.has(key)) return null
    const row = main.first<{ value: string }>('select value from meta where key = ?', `setting/${key}`)
    if (row === null && absentSettings.size < maxAbsentSettings) absentSettings.add(key)
    return row?.value ?? null
  }

  function saveSettings(values: Iterable<readonly [string, string | null]>): void {
    changes.commitDurably(() => {
      for (const [key, value] of values) {
        absentSettings.delete(key)
        if (value === null) main.run('delete from meta where key = ?', `setting/${key}`)
        else main.run('insert or replace into meta (key, value) values (?, ?)', `setting/${key}`, value)
      }
    })
  }

  return {
    ...feeds,
    ...views,
    ...blobs,
    synods,
    // Half for files, half for texts: neither keeps the other out.
    *heldRoots(limit) {
      yield* blobs.heldRoots(Math.ceil(limit / 2))
      yield* feeds.heldTexts(Math.floor(limit / 2))
    },
    get rebuildPending() {
      return views.rebuildPending
    },
    watchFeed(identity, policy) {
      changes.commit(() => {
        feeds.watchFeed(identity, policy)
        const id = feeds.idOf(identity)
        if (id !== null) blobs.policyChanged(id)
      })
    },
    setSelf(identity) {
      self = identity
      if (identity !== null) owner.setSelf(identity)
      views.setSelf(identity)
    },
    maintain() {
      // What a thief hid of any own device comes back from the others, long after followers have dropped it (T26).
      const own = self === null ? [] : [self, ...synods.siblings(self)]
      feeds.dropHidden(hiddenDays, { identities: [...own, ...leases.feeds()], days: longHiddenDays })
      // After a power cut the block file may be behind, and then nothing is taken to be whole: what is, needs nobody else.
      for (const { root } of blobs.wantedBlobs(maxWantsRead)) {
        if (blobs.missingBlocks(root, 1).length === 0) blobs.completeBlob(root)
      }
      blobs.sweepBlobs()
      if (self !== null) owner.letGo(meant(self), now())
    },
    forget(identity) {
      changes.commit(() => {
        feeds.forget(identity)
        const id = feeds.idOf(identity)
        // What is not watched holds nothing already, and may link to much.
        if (id !== null && !feeds.isLeaving(id)) blobs.policyChanged(id)
      })
    },
    sweepBlobs() {
      if (feeds.forgetPart()) return true
      // Room is given back outside of transactions.
      changes.finish()
      const hasMoreBlocks = blobs.sweepBlobs()
      const before = pagesOf(main)
      const hasMore = giveBack(main)
      // The file is as long as before until the log has been copied into it.
      if (!hasMore && pagesOf(main) < before && !isFileHeld(main)) checkpoint(main)
      return hasMore || hasMoreBlocks
    },
    watch: changes.watch,
    feedKeys: feeds.context.feedKeys,
    accounts: createAccountTable(main, changes),
    contentKeys: createContentKeys(main, changes, shut.tryBoxesAgain),
    shut,
    told,
    conversations: talk,
    drops: createDropTable(main, changes),
    leases,
    promises: createPromiseTable(main, changes),
    leaseCover: createLeaseCover(main, (root) => blobs.blobState(root).type === 'complete'),
    seenDrops: createSeenTable(main, changes),
    takenDrops: createTakenTable(main, changes),
    groupTexts: createGroupTexts(main, changes),
    setting,
    saveSetting: (key, value) => saveSettings([[key, value]]),
    saveSettings,
    [Symbol.dispose]() {
      try {
        changes.finish()
      } finally {
        main[Symbol.dispose]()
        blocks[Symbol.dispose]()
      }
    },
  }
}

const pagesOf = (db: Sqlite): number => db.first<{ page_count: number }>('pragma page_count')?.page_count ?? 0

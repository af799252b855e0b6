/**
 * What the parts of the feed store share: the tables, the ports and the seam to the views.
 *
 * @module
 */
import type { Identity, RawCid, Sha256, Synod } from '@effigy/core'
import type { Changes } from '../changes.ts'
import { createFeedKeys, type FeedKeyTable } from '../feed-keys/feed-keys.ts'
import type { Projector } from '../projector.ts'
import type { Sqlite } from '../sqlite.ts'
import type { SynodHooks } from '../synods/hooks.ts'
import { createDays, type Days } from './days.ts'
import { createEntryTable, type EntryTable } from './entry-table.ts'
import { createFeedTable, type FeedTable } from './feed-table.ts'
import { createHeadLog, type HeadLogTable } from './head-log.ts'
import { createLeaving, type Leaving } from './leaving.ts'
import type { Walked } from './lineage.ts'
import { createRunTable, type RunTable } from './run-table.ts'
import { createTypes, type Types } from './types.ts'
import { createUnverified, type Unverified } from './unverified.ts'

export interface FeedStoreOptions {
  readonly sha256: Sha256
  /** `sha256(utf8(text))`, where there is a faster way to it. */
  readonly textDigest?: ((text: string) => Uint8Array) | undefined
  /** Wall clock, ms. Used for `seen` and to count days: no verdict asks it (T24). */
  readonly now: () => number
  readonly projector: Projector
  readonly changes: Changes
  /** A block that is here; null when it is not, or damaged. Left out: texts come beside their entries alone. */
  readonly block?: (cid: RawCid) => Uint8Array | null
  /** Texts that are not taken in, whoever's (V93); none when omitted. */
  readonly isTakenDown?: (content: RawCid) => boolean
  /**
   * Whether the state in a verified entry of `of` is proven: its root is that of the key, and every identity it
   * lists agreed to be listed; `pending` while that is being checked. Left out: none is, and nobody erases what others
   * wrote (T27).
   */
  readonly isProvenSynod?: (state: Synod, of: Identity, entry: RawCid) => boolean | 'pending'
  /** Whether what that state says of an identity is heard here (S39); left out: it is. */
  readonly mayClaim?: (state: Synod, identity: Identity) => boolean
  /** Left out: nobody belongs to an account. */
  readonly synods?: SynodHooks
  /** As the views ask; of its own when omitted. */
  readonly leaving?: Leaving
}

export interface FeedContext extends FeedStoreOptions {
  readonly db: Sqlite
  readonly feeds: FeedTable
  readonly entries: EntryTable
  readonly runs: RunTable
  readonly unverified: Unverified
  readonly types: Types
  readonly days: Days
  /** How far branches were walked (lineage.ts): forgotten when an entry of one gets another place, or goes. */
  readonly walked: Map<string, Walked>
  /** How far down somebody wants a feed for now, by its id: the lowest counts. In memory alone. */
  readonly reaches: Map<number, Set<{ readonly first: number }>>
  readonly log: HeadLogTable
  readonly leaving: Leaving
  readonly feedKeys: FeedKeyTable
}

export function createFeedContext(db: Sqlite, options: FeedStoreOptions): FeedContext {
  const walked = new Map<string, Walked>()
  const context = {
    ...options,
    db,
    feeds: tellingOfNew(createFeedTable(db), options.synods),
    entries: forgettingWalks(createEntryTable(db), walked),
    runs: createRunTable(db),
    unverified: createUnverified(db),
    types: createTypes(db),
    log: createHeadLog(db, { sha256: options.sha256, commit: options.changes.commit }),
    days: createDays(db, options.now),
    leaving: options.leaving ?? createLeaving(db),
    feedKeys: createFeedKeys({ db, changes: options.changes, sha256: options.sha256 }),
    walked,
    reaches: new Map<number, Set<{ readonly first: number }>>(),
  }
  options.changes.onRollBack(() => {
    context.feeds.forget()
    context.runs.forget()
    context.unverified.forget()
    context.types.forget()
    context.log.forget()
    context.days.forget()
    context.leaving.forget()
    context.feedKeys.forget()
    walked.clear()
  })
  return context
}

/** What an account said of a feed before anything of it was seen holds from its first row on. */
function tellingOfNew(table: FeedTable, synods: SynodHooks | undefined): FeedTable {
  if (synods === undefined) return table
  return {
    ...table,
    ensure(identity, now) {
      const known = table.find(identity)
      if (known !== null) return known
      synods.feedMade(table.ensure(identity, now))
      return table.ensure(identity, now)
    },
  }
}

function forgettingWalks(table: EntryTable, walked: Map<string, Walked>): EntryTable {
  const moved = (id: number): void => {
    for (const [key, { ids }] of walked) if (ids.has(id)) walked.delete(key)
  }
  return {
    ...table,
    setPlace(id, where, hiddenAt) {
      moved(id)
      table.setPlace(id, where, hiddenAt)
    },
    delete(id) {
      moved(id)
      table.delete(id)
    },
  }
}

/**
 * The store (spec S): feeds, heads, entries, views and blobs of one peer, synchronous,
 * in two SQLite files. Everything but the bytes can be rebuilt from the bytes.
 *
 *     publish ─▶ appendOwn ┐                       ┌─▶ queries (timeline, thread, …)
 *     sync ────▶ appendRun ├─▶ entries ─▶ views ───┤
 *     verify ──▶ settle    ┘                       └─▶ watch(listener)
 *
 * What is not there is `null`. All methods throw `EffigyError` (`sqlite.ts`) when the
 * medium fails, and `closed` after disposal.
 *
 * @module
 */
import type { Cid, Identity, RawCid, Root } from '@effigy/core'
import type { AccountTable } from './accounts/account-table.ts'
import type { BlobStore, Copying, Damage, TakeDowns } from './blob-port.ts'
import type { FeedKeys } from './feed-keys/feed-keys.ts'
import type { FeedStore } from './feed-port.ts'
import type { Blocks } from './files/blocks.ts'
import type { GroupTexts } from './groups/group-texts.ts'
import type { HeadLog } from './head-log-port.ts'
import type { ContentKeys } from './private/content-keys.ts'
import type { Conversations } from './private/conversations.ts'
import type { ShutEntries } from './private/shut-entries.ts'
import type { ToldTexts } from './private/told-texts.ts'
import type { QueryStore } from './query-port.ts'
import type { DropStore } from './services/drop-store.ts'
import type { LeaseCover } from './services/lease-cover.ts'
import type { LeaseStore } from './services/lease-store.ts'
import type { LeasePromises } from './services/promise-table.ts'
import type { SeenDrops } from './services/seen-drops.ts'
import type { TakenDrops } from './services/taken-drops.ts'
import type { Synods } from './synods/synods.ts'
import type { Notices } from './views/notices.ts'

export type * from './blob-port.ts'
export type * from './feed-port.ts'
export type * from './head-log-port.ts'
export type * from './query-port.ts'

export interface Store extends Disposable, FeedStore, QueryStore, BlobStore {
  /** Calls `listener` after each commit that changed something, never during one. */
  watch(listener: (change: StoreChange) => void): Disposable

  /** What sessions come up to date by (spec C); a store without one leaves them plain lists. */
  readonly headLog?: HeadLog

  /** Accounts: who speaks for them, and which devices they have; a store that keeps no states has none. */
  readonly synods?: Synods | undefined

  /** What opens sealed feeds; a store without it knows of such feeds no more than their heads. */
  readonly feedKeys?: FeedKeys

  /** What is not to be here; a store without it takes nothing down. */
  readonly takeDowns?: TakeDowns

  /** What was given to and taken from others; a store that does not keep it has none. */
  readonly accounts?: AccountTable

  /** A drop box, and what is leased to others; a store that keeps none has none. */
  readonly drops?: DropStore
  readonly leases?: LeaseStore
  readonly leaseCover?: LeaseCover
  /** What others promised to keep of ours. */
  readonly promises?: LeasePromises
  /** Which drops were opened here. */
  readonly seenDrops?: SeenDrops
  /** Drops that were taken from boxes and wait for whoever acts on them. */
  readonly takenDrops?: TakenDrops

  /** Keys that open `box:` texts, what was said under them, and sealed entries that nothing opened yet; a store that keeps none has none. */
  readonly contentKeys?: ContentKeys
  readonly shut?: ShutEntries
  /** Who told the texts that are not opened here; a store that keeps none of them forgets who. */
  readonly told?: ToldTexts
  readonly conversations?: Conversations
  /** What a person is told of; a store that keeps no views has none. */
  readonly notices?: Notices
  /** What was opened of groups, by conversation; a store that keeps none has none. */
  readonly groupTexts?: GroupTexts

  /** Small named values of the peer itself (instance number, settings). */
  setting(key: string): string | null
  /** Durable when it returns. */
  saveSetting(key: string, value: string | null): void
  /** The same for many, with one sync. */
  saveSettings(values: Iterable<readonly [key: string, value: string | null]>): void

  /** Whose blocks and mutes keep people out of what is shown; null: nobody's. */
  setSelf(identity: Identity | null): void
  /** How the identities of one account are told; until then each is a person of its own. */
  setSiblings(siblings: (identity: Identity) => Iterable<Identity>): void
  /** The plaintext of an encrypted payload of `identity`; kept for rebuilds. False when it is no payload. */
  rememberOpened(identity: Identity, content: RawCid, payloadJson: string): boolean
  /** A rebuild of the views was cut off: `rebuildViews` goes on with it. */
  readonly rebuildPending: boolean

  /** Until when an upload that nothing links to yet is kept; wall clock, ms. */
  holdUntil(root: Cid, reason: string, until: number): void
  /** Everything put so far is on the medium when it returns. */
  syncBlocks(): void
  /** Protects blocks that are put from now on, held or not, until disposed. */
  protectNewBlocks(): Disposable
  /** Takes damaged blocks and bodies away, so that they are wanted again; gives back the entries, to be fetched by name. */
  repair(damage: readonly Damage[]): readonly Damage[]
  /** The blocks as files are written to and read from. */
  readonly asBlocks: Blocks
  /** A store without it is copied at rest. */
  readonly copying?: Copying
  /**
   * Told while an own device or a hub is heard: a day counts only if this peer ran on it and did. True when one did
   * now; however often it is told, or the clock jumps, a day counts once.
   */
  countDay(): boolean
  /** Drops what was hidden long enough, and blocks that nothing holds; takes files as whole that a power cut made doubtful. Call it now and then. */
  maintain(): void
  /** What may have more to do: feeds that are being forgotten, then room to give back to the disk. True: call it again soon. */
  sweepBlobs(): boolean
}

/** What one commit touched; listeners look the rest up. */
export interface StoreChange {
  /** Feeds whose highest known head, held entries or verdicts changed. */
  readonly feeds: ReadonlySet<Identity>
  /** Whether views changed, so that live queries look again. */
  readonly views: boolean
  /** Blob roots that became complete, or refused. */
  readonly blobs: ReadonlySet<Cid>
  /** Accounts about which something else is known now; omitted: none. */
  readonly synods?: ReadonlySet<Root>
}

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
import type {
  Account,
  Cid,
  FeedFaultCode,
  HeadRecord,
  Identity,
  Payload,
  RawCid,
  Root,
  SignedEntry,
} from '@effigy/core'
import type { AccountTable } from './accounts/account-table.ts'
import type { Blocks } from './files/blocks.ts'
import type { DropStore } from './services/drop-store.ts'
import type { LeaseCover } from './services/lease-cover.ts'
import type { LeaseStore } from './services/lease-store.ts'
import type { SeenDrops } from './services/seen-drops.ts'
import type { FeedLimit, LimitCode } from './synods/limit.ts'
import type { Synods } from './synods/synods.ts'
import type { DeviceValue } from './views/device-states.ts'

export interface Store extends Disposable, FeedStore, QueryStore, BlobStore {
  /** Calls `listener` after each commit that changed something, never during one. */
  watch(listener: (change: StoreChange) => void): Disposable

  /** What sessions come up to date by (spec C); a store without one leaves them plain lists. */
  readonly headLog?: HeadLog

  /** Accounts: who speaks for them, and which devices they have; a store that keeps no states has none. */
  readonly synods?: Synods | undefined

  /** What was given to and taken from others; a store that does not keep it has none. */
  readonly accounts?: AccountTable

  /** A drop box, and what is leased to others; a store that keeps none has none. */
  readonly drops?: DropStore
  readonly leases?: LeaseStore
  readonly leaseCover?: LeaseCover
  /** Which drops were opened here. */
  readonly seenDrops?: SeenDrops

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
  /**
   * Told while an own device or a hub is heard: a day counts only if this peer ran on it and did. True when one did
   * now; however often it is told, or the clock jumps, a day counts once.
   */
  countDay(): boolean
  /** Drops what was hidden long enough, and blocks that nothing holds; takes files as whole that a power cut made doubtful. Call it now and then. */
  maintain(): void
  /** The part of `maintain` that may have more to do: room to give back to the disk. True: call it again soon. */
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

// Feeds ------------------------------------------------------------------------

export interface WatchPolicy {
  readonly depth:
    | { readonly type: 'all' }
    | { readonly type: 'last'; readonly count: number }
    /** Entries whose comparable is at least this. */
    | { readonly type: 'since'; readonly comparable: number }
  readonly blobs:
    | { readonly type: 'all' }
    | { readonly type: 'none' }
    /** Blobs of at most this many bytes each. */
    | { readonly type: 'up-to'; readonly bytes: number }
  /** Fetched only because somebody whom we follow leads to it, over so many others; left out: for itself (S15). */
  readonly hop?: number
  /** Kept only because a lease on it was given (V30); left out: for itself. */
  readonly leased?: true
  /** Kept because it belongs to this account, which is followed or one's own; left out: for itself. */
  readonly account?: Root
}

export interface FeedState {
  readonly identity: Identity
  /** The highest verified head record, remembered for ever. */
  readonly record: HeadRecord | null
  /** Stretches of the shown chain that are here, ascending, first and last included. */
  readonly runs: readonly { readonly first: number; readonly last: number }[]
  readonly heldCount: number
  readonly heldBytes: number
  readonly watched: boolean
  readonly policy: WatchPolicy
  readonly broken: { readonly length: number; readonly cid: RawCid; readonly code: FeedFaultCode } | null
  /** Length of the common prefix of a fork; null when there is no dispute. */
  readonly disputedAbove: number | null
  /** What its accounts let it do (S33); omitted or null: what it likes. */
  readonly limit?: FeedLimit | null
}

/**
 * `forked`: kept as evidence beside the one known. `stale`: lower than the highest seen. `unwatched`: not stored (T18).
 * `refused`: beyond what the feed's account lets it say (S33; `FeedState.limit`).
 */
export type HeadOutcome = 'new' | 'known' | 'stale' | 'forked' | 'unwatched' | 'refused'

/** One side of a dispute. */
export interface ForkBranch {
  readonly record: HeadRecord
  /** Above the common prefix, oldest first. */
  readonly entries: readonly StoredEntry[]
}

/** The next request that brings a feed nearer to complete (R3). */
export interface FeedNeed {
  readonly identity: Identity
  /** From this entry downwards. */
  readonly from: RawCid
  readonly fromLength: number
  readonly locator: Locator
  /** At most that many entries; null for all. */
  readonly limit: number | null
  /** None with a lesser comparable; null for all. */
  readonly since: number | null
  /** The first time for this epoch: `rewind` must be called with the base before `appendRun`. */
  readonly epoch: number
  readonly rewinds: boolean
  /** The head is the end that an account set (S34), whether or not anybody tells one: whoever has the feed may have it. */
  readonly isFinal?: true
}

/** R3: our length and the first 8 bytes of the digests at n, n−1, n−2, n−4, … */
export interface Locator {
  readonly length: number
  readonly prefixes: Uint8Array
}

/** Entries of one feed, contiguous, oldest first, each judged by `judgeLink` against the one before. */
export interface AttestedRun {
  readonly identity: Identity
  readonly entries: readonly SignedEntry[]
  /** Detached payload texts by content; each has been checked against its CID. */
  readonly bodies: ReadonlyMap<RawCid, Uint8Array>
}

export type AppendOutcome =
  /** `connected`: the run now reaches an older one or the beginning. */
  | { readonly type: 'appended'; readonly added: number; readonly connected: boolean }
  /** The top of the run is neither a known head nor the parent of an entry held above it. */
  | { readonly type: 'unattached' }
  /** Same epoch, same length, other entry: the feed is now disputed above `common`. */
  | { readonly type: 'forked'; readonly common: number }
  /** The run breaks a feed rule where it meets what is held. */
  | { readonly type: 'broken'; readonly code: FeedFaultCode }
  /** Its account lets the feed say no such thing (S33). */
  | { readonly type: 'refused'; readonly code: LimitCode }

/** An entry of one's own, with its payload text when that is detached. */
export interface OwnEntry {
  readonly entry: SignedEntry
  readonly body: Uint8Array | null
}

export interface ServedEntry {
  readonly entry: SignedEntry
  /** The detached payload text, when it is small and here. */
  readonly body: Uint8Array | null
}

export interface PendingEntry {
  readonly id: number
  readonly cid: RawCid
  readonly bytes: Uint8Array
}

export interface FeedStore {
  feed(identity: Identity): FeedState | null
  /** All feeds that were ever seen, or the watched ones alone. */
  feeds(options?: { readonly watched?: boolean }): Iterable<FeedState>

  /** Which feeds are fetched, and how much of them. Null stops watching; what is held stays until `forget`. */
  watchFeed(identity: Identity, policy: WatchPolicy | null): void
  /** Wants that feed down to an entry, whatever its depth, until disposed. */
  reachDown(identity: Identity, first: number): Disposable
  /** Drops a feed's entries and its hold on blobs, but never the highest head. */
  forget(identity: Identity): void

  /** Takes a head record whose signature is verified (H4, F9). Unwatched identities are stored only with `force`. */
  acceptHead(record: HeadRecord, options?: { readonly force?: boolean }): HeadOutcome
  /** The same for many, in one transaction, one outcome each. A store without it is given one at a time. */
  acceptHeads?(records: readonly HeadRecord[]): readonly HeadOutcome[]
  /** Highest records of those that are known, for `lastknownheads`. */
  headRecords(identities: Iterable<Identity>): readonly HeadRecord[]
  /** The records that prove a fork, newest epochs first. */
  forkEvidence(identity: Identity): readonly HeadRecord[]
  /** All sides of a dispute, for the owner to heal (F12); null when there is none, or not all of it is here and verified. */
  forkBranches(identity: Identity): readonly ForkBranch[] | null

  /** What to ask for next, or null when the feed is as complete as its policy wants, broken, or disputed. */
  need(identity: Identity): FeedNeed | null
  /** A new epoch starts: hides the entries above `base` of the old chain (F10). */
  rewind(identity: Identity, epoch: number, base: number): void
  /** Stores entries that hang below a known head or below an entry that is held (F8), in one transaction. */
  appendRun(run: AttestedRun): AppendOutcome
  /** The same for several runs in one transaction. */
  appendRuns(runs: readonly AttestedRun[]): readonly AppendOutcome[]
  /**
   * The same for runs that are made one by one: none is asked for before the one before it is in the tables, and
   * nothing of it is kept but there, so its memory may be used again. A store without it is given lists.
   *
   * With `stays` the transaction stays open for what comes next, and watchers hear of it later (S4): until
   * `finishAppending`, or until anything else is written. The caller sees to it that it ends soon. What it holds is read
   * like anything else. When it fails, all of it is gone, earlier calls included: what is missing is needed again.
   */
  appendEach?(runs: Iterable<AttestedRun>, options?: { readonly stays?: boolean }): readonly AppendOutcome[]
  finishAppending?(): void

  /** Own entries and the record over the last one: durable when it returns (one fsync for all). */
  appendOwn(entries: readonly OwnEntry[], record: HeadRecord): void
  /** Own rebase: hides what is above `base`, appends, takes the record; durable when it returns. */
  replaceOwn(base: number, entries: readonly OwnEntry[], record: HeadRecord): void

  /** Entries whose signatures were not checked yet, in the order in which they came; those with an id above `after`. */
  unverified(limit: number, after?: number): readonly PendingEntry[]
  /** How many of them there are. */
  unverifiedCount(): number
  /** Settles signatures; a false one breaks its feed from that entry on (F7). */
  settle(verdicts: readonly { readonly id: number; readonly valid: boolean }[]): void
  /** The same for entries that could not wait for their turn; those that are not here are skipped. */
  settleEntries(verdicts: readonly { readonly cid: RawCid; readonly valid: boolean }[]): void

  /**
   * F7: an entry that cannot be read, somewhere below `top`, to which it is proven to be tied. False, and nothing
   * changes, unless `top` hangs from the head of this epoch here.
   */
  markUnreadable(
    identity: Identity,
    top: RawCid,
    fault: { readonly length: number; readonly cid: RawCid; readonly code: FeedFaultCode },
  ): boolean
  /** The entry at which its feed is broken; null when these are not its bytes, or they are not here. */
  brokenEntry(cid: RawCid): SignedEntry | null

  /** Verified entries for a source to send (R3): from `from` downwards in blocks that fit `maxBytes`, oldest first inside. */
  serve(
    identity: Identity,
    from: RawCid,
    options: {
      /** Entries at or below this length are not wanted. */
      readonly above: number
      readonly maxEntries: number
      /** Rebuilt bytes, bodies included. */
      readonly maxBytes: number
      readonly bodies: boolean
    },
  ): readonly ServedEntry[]
  /** The highest position of a locator that is on our chain with that prefix; 0 when none (R3). */
  commonLength(identity: Identity, locator: Locator): number
  /** The entry that was the last to leave that place of the chain by a rebase, while its bytes are here. */
  formerAt(identity: Identity, length: number): SignedEntry | null
  /** What is here of the chain before a rebase that ends as the locator says: newest first, above `above`. */
  formerChain(
    identity: Identity,
    locator: Locator,
    limits: { readonly above: number; readonly maxEntries: number; readonly maxBytes: number },
  ): readonly SignedEntry[]

  entry(cid: RawCid): StoredEntry | null
  entryAt(identity: Identity, length: number): StoredEntry | null
  /** Ascending and lazy: a feed may be larger than memory. */
  chain(
    identity: Identity,
    range?: { readonly first?: number; readonly last?: number },
  ): Iterable<StoredEntry>
  /** Keeps an entry that was fetched alone; its signature is verified. Not shown. */
  keepLoose(entry: OwnEntry): void
  /**
   * Drops what has been hidden for so many counted days (DESIGN 2.4, S12), in some feeds for more of them; gives how
   * many entries went.
   */
  dropHidden(
    days: number,
    longer?: { readonly identities: readonly Identity[]; readonly days: number },
  ): number
}

// Head log ---------------------------------------------------------------------

/** How far a log of head changes is known (C3). */
export interface LogPosition {
  /** 8 random bytes: the era of the log in which the count was given. */
  readonly log: Uint8Array
  readonly count: number
}

/** All watched feeds, ascending by key; views that are good until the next change, and not to be written to. */
export interface WatchedHeads {
  /** Of those with a head, 32 bytes each … */
  readonly keys: Uint8Array
  /** … and their digests, 16 bytes each (C4). */
  readonly digests: Uint8Array
  /** Keys of those without one. */
  readonly headless: Uint8Array
}

/** A watch set that was agreed on with somebody. */
export interface MetSet {
  /** Ours, stored at the other side; else theirs, stored here. */
  readonly mine: boolean
  /** C2, 16 bytes. */
  readonly hash: Uint8Array
  /** Sorted, 32 bytes each. */
  readonly keys: Uint8Array
  /** Up to where their log is known for this set; null: not at all. */
  readonly theirs: LogPosition | null
  /** The count of our own log when the set was agreed on. */
  readonly own: number
}

export interface MetSets {
  metSet(remote: Identity, mine: boolean, hash: Uint8Array): MetSet | null
  /** The one that was used last. */
  lastSet(remote: Identity, mine: boolean): MetSet | null
  saveSet(remote: Identity, set: MetSet): void
  forgetSets(remote: Identity): void
}

export interface HeadLog extends MetSets {
  /** How far the log is now. */
  position(): LogPosition
  /** Whether this log knows that position: false for an unknown era, and for a count that it never reached in it. */
  continues(position: LogPosition): boolean
  /** Whose head changed after that count, oldest change first; null when there are more than `limit`. */
  changesSince(count: number, limit: number): readonly Identity[] | null
  /** Which feeds are watched, or no longer, since that count. */
  flipsSince(count: number): readonly { readonly identity: Identity; readonly watched: boolean }[]
  /** Where its head and its being watched changed last (0: never), and whether it is; null when it was never seen. */
  known(
    identity: Identity,
  ): { readonly changed: number; readonly flipped: number; readonly watched: boolean } | null
  /** C4, 16 bytes; null without a head. */
  digestOf(identity: Identity): Uint8Array | null
  watchedHeads(): WatchedHeads
  /** Watched feeds that may lack entries below their head. */
  incomplete(): readonly Identity[]
}

// Queries ----------------------------------------------------------------------

export interface StoredEntry {
  readonly signed: SignedEntry
  readonly verified: boolean
  /** When this peer first saw it, ms. */
  readonly seen: number
  /** CID of the payload text. */
  readonly content: RawCid
  /** The detached payload text; null when inline, or not here. */
  readonly body: Uint8Array | null
}

/** An entry as people read it. */
export interface Item {
  readonly cid: RawCid
  readonly identity: Identity
  readonly length: number
  readonly comparable: number
  /** Views are ordered by this: the lesser of comparable and a minute after first seen, ms. */
  readonly sort: number
  readonly verified: boolean
  readonly content: RawCid
  readonly state:
    | { readonly type: 'shown'; readonly payload: Payload }
    /** Detached and not fetched yet. */
    | { readonly type: 'missing' }
    | { readonly type: 'erased' }
    /** For readers that we are not. */
    | { readonly type: 'encrypted' }
    | { readonly type: 'fault'; readonly code: string }
}

/** Opaque; hand it back to go on. */
export type Cursor = string & { readonly __cursor: true }

export interface PageRequest {
  /** From 1 to 500; 50 when omitted. */
  readonly limit?: number
  readonly after?: Cursor | null
}

export interface Page<Value> {
  readonly items: readonly Value[]
  /** Null at the end. */
  readonly next: Cursor | null
}

export interface SearchProgress {
  /** Entries that search does not know yet. */
  readonly behind: number
}

export interface QueryStore {
  item(cid: RawCid): Item | null
  /** By (identity, content), the newest entry that carries or replaces it. */
  resolve(identity: Identity, content: RawCid): Item | null
  /** One feed, newest first. */
  feedItems(identity: Identity, page?: PageRequest): Page<Item>
  /** Notes, pictures, media and collections of watched feeds (or of `identities`) that are not muted or blocked, newest first. */
  timeline(
    page?: PageRequest & {
      readonly comments?: boolean
      readonly identities?: readonly Identity[]
      /** Also feeds that are watched for others' sake alone (`WatchPolicy.hop`). */
      readonly hops?: boolean
    },
  ): Page<Item>
  /** Comments on and below (identity, content), oldest first. */
  thread(identity: Identity, content: RawCid, page?: PageRequest): Page<Item>
  /** Reactions to (identity, content): labels with who gave them; the newest tag of each author counts. */
  reactions(
    identity: Identity,
    content: RawCid,
  ): readonly { readonly label: string; readonly by: readonly Identity[] }[]
  /** What names an identity, or answers it, newest first. */
  mentions(identity: Identity, page?: PageRequest): Page<Item>
  byType(type: string, page?: PageRequest): Page<Item>
  byTag(label: string, page?: PageRequest): Page<Item>
  /** Newest `identification` of an account. */
  profile(identity: Identity): Item | null
  /** Whom `identity` follows, blocks or mutes now (`follow`, `block`, `mute`). */
  relations(identity: Identity, kind: RelationKind): readonly Identity[]
  /**
   * The comparable of what the devices of `identity` last said of a person (P12); 0 when they never did. Whoever says
   * something else writes one above it.
   */
  lastSaid(identity: Identity, kind: RelationKind, target: Account): number
  /** The same with all that is known to belong to the same accounts. */
  persons(identity: Identity, kind: RelationKind): Persons
  /** Up to `limit` of those whom `identity` follows now, the newest follows first: for graphs of many. */
  follows(identity: Identity, limit: number): readonly Account[]
  /** Who follows it, as far as is known here. */
  followers(identity: Identity): readonly Identity[]
  /** What own devices last said of a key (P18), null when none ever did; `value` null: it was removed. */
  deviceValue(key: string): DeviceValue | null
  /** Values of up to `limit` keys (1,000) that begin with `prefix` and were not removed, in the order of keys. */
  deviceValues(
    prefix: string,
    page?: { readonly after?: string | null; readonly limit?: number },
  ): readonly DeviceValue[]
  /** FTS5 query words, all must be there, a trailing `*` for a prefix; newest first. Never throws on odd input. */
  search(text: string, page?: PageRequest): Page<Item>
  /** Indexes up to `limit` more entries for search. */
  indexSearch(limit: number): SearchProgress
  /** Throws the views away and makes them anew from the bytes. */
  rebuildViews(options: {
    readonly signal: AbortSignal
    readonly onProgress?: (progress: Progress) => void
  }): Promise<void>
}

export type RelationKind = 'follow' | 'block' | 'mute'

/** Who is meant by a list of people. */
export interface Persons {
  /** Those who are named, and what else is known to be of their accounts. */
  readonly identities: ReadonlySet<Identity>
  /** Accounts that are named: whoever belongs to one is meant too. */
  readonly roots: ReadonlySet<Root>
}

export interface Progress {
  readonly done: number
  readonly total: number
}

// Blobs ------------------------------------------------------------------------

export interface BlobWant {
  readonly root: Cid
  /** The claimed total size, bytes. */
  readonly size: number
  /** Whose entry needs it: the first to ask. */
  readonly identity: Identity
  /** Somebody waits for it: fetched from anybody, whatever line it comes over. */
  readonly urgent?: boolean
  /** Only a part of it is wanted: up to `limit` blocks of that part that are not here. All of it when omitted. */
  readonly missing?: (limit: number) => readonly Cid[]
}

export type BlobState =
  | { readonly type: 'absent' }
  | { readonly type: 'partial'; readonly missing: number }
  | { readonly type: 'complete'; readonly bytes: number }
  /** A picture with metadata, or the like: never stored or served (DESIGN 2.4). */
  | { readonly type: 'refused'; readonly code: string }

export interface BlobUsage {
  readonly blocks: number
  readonly bytes: number
  /** Held by entries, pins or leases. */
  readonly heldBytes: number
  readonly quotaBytes: number | null
}

export interface Damage {
  readonly kind: 'entry' | 'block' | 'body'
  readonly cid: Cid
  /** Who can be asked for it, when known. */
  readonly identity: Identity | null
}

export interface BlobStore {
  /** The bytes, the caller's own. */
  block(cid: Cid): Uint8Array | null
  hasBlock(cid: Cid): boolean
  blockSize(cid: Cid): number | null
  /** A block whose hash is checked. Throws `storage-full` over quota when nothing can be evicted. */
  putBlock(cid: Cid, bytes: Uint8Array): void
  putBlocks(blocks: Iterable<readonly [Cid, Uint8Array]>): void
  /**
   * As `putBlocks`, without waiting: all of them or none, on the medium when it resolves. The bytes are the caller's again
   * when the call returns. Null, or omitted, where the store cannot.
   */
  readonly writeBlocks?: ((blocks: readonly (readonly [RawCid, Uint8Array])[]) => Promise<void>) | null
  blobState(root: Cid): BlobState
  /** Called when the last block of a root is there: refuses pictures with metadata. */
  completeBlob(root: Cid): BlobState
  /** Roots that entries of watched feeds need and that are not complete, newest entries first. */
  wantedBlobs(limit: number): readonly BlobWant[]
  /** Blocks of a wanted root that are not here yet, nearest to the root first. */
  missingBlocks(root: Cid, limit: number): readonly Cid[]
  /** `reason` names the pin or the lease; a blob is kept while anything holds it. */
  hold(root: Cid, reason: string): void
  release(root: Cid, reason: string): void
  holders(root: Cid): readonly string[]
  /** Roots that are held for that reason, the first by name. */
  heldAs(reason: string, limit: number): Iterable<Cid>
  /** Roots that shown entries hold, newest first: what wants that come as MACs are compared with (R7). */
  heldRoots(limit: number): Iterable<Cid>
  /** Held roots whose DAG the block belongs to, as far as it is here: nearest first, the block itself included. */
  rootsAbove(cid: Cid): Iterable<Cid>
  setQuota(bytes: number | null): void
  blobUsage(): BlobUsage
  /** Unheld first, then the least recently used that others are known to hold. Gives bytes freed. */
  evict(bytes: number): number
  /** Reads every byte; what is damaged is named so that it can be fetched again. */
  check(options: {
    readonly signal: AbortSignal
    readonly onProgress?: (progress: Progress) => void
  }): Promise<readonly Damage[]>
}

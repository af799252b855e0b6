/**
 * The feeds of a store: heads as they come, entries onto the chain, verdicts, and what is served and needed (spec S3 to S9).
 *
 *     acceptHead ─▶ need ─▶ appendRun ─▶ unverified ─▶ settle ─▶ serve
 *
 * @module
 */
import type { FeedFaultCode, HeadRecord, Identity, RawCid, Root, SignedEntry } from '@effigy/core'
import type { StoredEntry } from './query-port.ts'
import type { FeedLimit, LimitCode } from './synods/limit.ts'

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
  /** Of the entries themselves, without texts beside them. */
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
  /** What is here of it off the shown chain, oldest first, without a gap from its head downwards. */
  readonly entries: readonly StoredEntry[]
  /** Nothing is missing: they are all that it has above the common prefix, which is here too. */
  readonly isWhole: boolean
}

export interface ForkOptions {
  /** Also heads of that epoch of which nothing is here, so that it is not known whether they lie on a branch. */
  readonly doubts?: boolean
}

/** Signed records of a feed, lowest first. */
export interface ArchiveHeads {
  /** Their entries are here as they claim, on the shown chain or on a branch of a dispute. */
  readonly tops: readonly HeadRecord[]
  /** Others that are remembered, of that epoch and of the highest, and those that a limit keeps out (S35). */
  readonly beside: readonly HeadRecord[]
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
  /** The entry with its signature: of a sealed one, what is inside. A view of memory that those read with it share. */
  readonly bytes: Uint8Array
}

export interface FeedStore {
  feed(identity: Identity): FeedState | null
  /** Bytes of the texts beside its entries, which `heldBytes` leaves out. A store without it does not count. */
  textBytes?(identity: Identity): number
  /** What is held of all watched feeds together, their texts included. A store without it does not count. */
  heldOfWatched?(): { readonly entries: number; readonly bytes: number }
  /** All feeds that were ever seen, or the watched ones alone. */
  feeds(options?: { readonly watched?: boolean }): Iterable<FeedState>

  /** Which feeds are fetched, and how much of them. Null stops watching; what is held stays until `forget`. */
  watchFeed(identity: Identity, policy: WatchPolicy | null): void
  /** Wants that feed down to an entry, whatever its depth, until disposed. */
  reachDown(identity: Identity, first: number): Disposable
  /** Drops a feed's entries and its hold on blobs, but never the highest head; of a large one that is not watched the rows go later. */
  forget(identity: Identity): void
  /** Whether there are such rows: `Store.sweepBlobs` goes on with them. A store without it drops all at once. */
  isForgetting?(): boolean

  /** Takes a head record whose signature is verified (H4, F9). Unwatched identities are stored only with `force`. */
  acceptHead(record: HeadRecord, options?: { readonly force?: boolean }): HeadOutcome
  /** The same for many, in one transaction, one outcome each. A store without it is given one at a time. */
  acceptHeads?(records: readonly HeadRecord[]): readonly HeadOutcome[]
  /** Highest records of those that are known, for `lastknownheads`. */
  headRecords(identities: Iterable<Identity>): readonly HeadRecord[]
  /** The records that prove a fork, newest epochs first. */
  forkEvidence(identity: Identity): readonly HeadRecord[]
  /** The sides of a dispute, for the owner to heal (F12, F14); null when there is none, or signatures of them wait to be checked. */
  forkBranches(identity: Identity, options?: ForkOptions): readonly ForkBranch[] | null

  /** What to ask for next, or null when the feed is as complete as its policy wants, broken, or disputed. */
  need(identity: Identity): FeedNeed | null
  /**
   * The same up to a lower head of the newest epoch, for who has no more than that (R14): null where that head is not
   * known, or all that it leads to is here, or the highest one's entry is. A store without it asks for nothing then.
   */
  needBelow?(identity: Identity, head: RawCid): FeedNeed | null
  /** The highest head of the newest epoch that can be served, where the highest known can not; null: there is none. */
  servedHead?(identity: Identity): HeadRecord | null
  /** What an archive of a feed hangs from (Z7); null: nothing is known of it. A store without it has the highest record alone. */
  archiveHeads?(identity: Identity): ArchiveHeads | null
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
  /**
   * Own rebase: hides what is above `base`, appends, takes the record; durable when it returns. `lost`: the highest head
   * that is known, whose entry is given up (F14); else a head whose entry is not here is `head-stale`.
   */
  replaceOwn(base: number, entries: readonly OwnEntry[], record: HeadRecord, lost?: RawCid): void

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
      /** What has left the chain too, for its author (F14). */
      readonly hidden?: boolean
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
   * Drops what has been hidden for so many counted days (S12), in some feeds for more of them; gives how
   * many entries went.
   */
  dropHidden(
    days: number,
    longer?: { readonly identities: readonly Identity[]; readonly days: number },
  ): number
}

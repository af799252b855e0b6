/**
 * A `FeedStore` of a few maps, for thousands of peers in one process: heads, watch lists, and feeds
 * that only ever grew (spec S3, S4, S6, S8, S9).
 *
 *     head, straight run, own entry ─▶ maps          anything else ─▶ the SQLite store, from then on
 *
 * What is rare (forks, rebases, broken feeds, gaps, bodies, erasing) it does not know: with the first
 * such call it hands all that it holds to a full store, and is only a name for that one afterwards.
 * Records and entries are immutable, so peers that share an `Interning` hold each of them once.
 *
 * @module
 */
import {
  compareHeads,
  type HeadRecord,
  type Identity,
  type RawCid,
  rawCid,
  relateHeads,
  type Sha256,
  type SignedEntry,
  utf8,
} from '@effigy/core'
import type {
  AppendOutcome,
  AttestedRun,
  FeedNeed,
  FeedState,
  FeedStore,
  ForkBranch,
  ForkOptions,
  HeadOutcome,
  Locator,
  OwnEntry,
  PendingEntry,
  ServedEntry,
  StoreChange,
  StoredEntry,
  WatchPolicy,
} from '@effigy/store'
import type { Interning } from './interning.ts'
import {
  type Chain,
  commonWith,
  isStraight,
  type LightEntry,
  locatorOf,
  servedFrom,
} from './straight-chain.ts'

export interface LightFeedsOptions<Full extends FeedStore> {
  readonly sha256: Sha256
  /** Wall clock, ms: when entries were first seen. */
  readonly now: () => number
  /** An empty store for what is not light. */
  readonly openFull: () => Full
  readonly interning: Interning
}

const followAll: WatchPolicy = { depth: { type: 'all' }, blobs: { type: 'all' } }
const nothing: readonly never[] = []
const noBlobs: ReadonlySet<never> = new Set<never>()

/** Above every id of a full store, so that a verifier may answer for ids of both. */
const firstId: number = 2 ** 40

/** S10: heads below the highest whose entries may be under way. */
const maxFormer = 4

export class LightFeeds<Full extends FeedStore> implements FeedStore {
  readonly #options: LightFeedsOptions<Full>
  /** Immutable states: a change puts another one in its place. */
  readonly #states = new Map<Identity, FeedState>()
  readonly #chains = new Map<Identity, LightEntry[]>()
  /** Lower heads of a feed, oldest first (S10). */
  readonly #former = new Map<Identity, readonly HeadRecord[]>()
  readonly #byCid = new Map<RawCid, LightEntry>()
  /** By id, ascending. */
  readonly #unverified = new Map<number, RawCid>()
  #listeners: readonly ((change: StoreChange) => void)[] = nothing
  #nextId = firstId
  #full: Full | null = null

  constructor(options: LightFeedsOptions<Full>) {
    this.#options = options
  }

  /** Whether something came that maps do not know. */
  get isFull(): boolean {
    return this.#full !== null
  }

  /** The full store, with everything that is here; made when it is asked for first. */
  full(): Full {
    this.#full ??= this.#handOver()
    return this.#full
  }

  protected get opened(): Full | null {
    return this.#full
  }

  watch(listener: (change: StoreChange) => void): Disposable {
    const own = (change: StoreChange): void => listener(change)
    this.#listeners = [...this.#listeners, own]
    return {
      [Symbol.dispose]: () => {
        this.#listeners = this.#listeners.filter((other) => other !== own)
      },
    }
  }

  protected tell(change: StoreChange): void {
    for (const listener of this.#listeners) listener(change)
  }

  // Heads and watch lists --------------------------------------------------------

  feed(identity: Identity): FeedState | null {
    return this.#full === null ? (this.#states.get(identity) ?? null) : this.#full.feed(identity)
  }

  *feeds(options: { readonly watched?: boolean } = {}): Iterable<FeedState> {
    if (this.#full !== null) yield* this.#full.feeds(options)
    else for (const state of [...this.#states.values()]) if (!options.watched || state.watched) yield state
  }

  watchFeed(identity: Identity, policy: WatchPolicy | null): void {
    const state = this.#states.get(identity)
    if (this.#full !== null) {
      this.#full.watchFeed(identity, policy)
      return
    }
    if (policy !== null) this.#put({ ...(state ?? emptyState(identity)), watched: true, policy })
    else if (state !== undefined) this.#put({ ...state, watched: false })
    else return
    this.#touched(identity, false)
  }

  acceptHead(record: HeadRecord, options: { readonly force?: boolean } = {}): HeadOutcome {
    if (this.#full !== null) return this.#full.acceptHead(record, options)
    const { identity } = record.head
    const state = this.#states.get(identity) ?? (options.force === true ? emptyState(identity) : null)
    if (state === null) return 'unwatched'
    const known = state.record
    const relation = known === null ? null : relateHeads(known.head, record.head)
    switch (relation) {
      case 'superseded':
        return 'stale'
      case 'same':
        if (known !== null && compareHeads(record.head, known.head) <= 0) return 'known'
        return this.full().acceptHead(record, options)
      case 'behind':
        return this.#chains.has(identity) ? this.full().acceptHead(record, options) : 'stale'
      case 'fork':
      case 'rebased':
        return this.full().acceptHead(record, options)
      case 'ahead':
        if (known !== null) {
          this.#former.set(identity, [...(this.#former.get(identity) ?? []), known].slice(-maxFormer))
        }
        break
      case null:
        break
    }
    this.#put({ ...state, record: this.#options.interning.record(record) })
    this.#touched(identity, false)
    return 'new'
  }

  headRecords(identities: Iterable<Identity>): readonly HeadRecord[] {
    if (this.#full !== null) return this.#full.headRecords(identities)
    const records: HeadRecord[] = []
    for (const identity of identities) {
      const record = this.#states.get(identity)?.record ?? null
      if (record !== null) records.push(record)
    }
    return records
  }

  forkEvidence(identity: Identity): readonly HeadRecord[] {
    return this.#full === null ? nothing : this.#full.forkEvidence(identity)
  }

  forkBranches(identity: Identity, options?: ForkOptions): readonly ForkBranch[] | null {
    return this.#full === null ? null : this.#full.forkBranches(identity, options)
  }

  need(identity: Identity): FeedNeed | null {
    if (this.#full !== null) return this.#full.need(identity)
    const state = this.#states.get(identity)
    if (state?.watched !== true || state.record === null) return null
    const { depth } = state.policy
    if (depth.type === 'last' && depth.count === 0) return null
    const { head } = state.record
    const chain = this.#chainOf(identity)
    if (chain.at(-1)?.signed.cid === head.head) return null
    return {
      identity,
      from: head.head,
      fromLength: head.length,
      locator: locatorOf(chain),
      limit: depth.type === 'last' ? depth.count : null,
      since: depth.type === 'since' ? depth.comparable : null,
      epoch: head.epoch,
      rewinds: false,
    }
  }

  // Entries ----------------------------------------------------------------------

  appendRun(run: AttestedRun): AppendOutcome {
    if (this.#full !== null) return this.#full.appendRun(run)
    const state = this.#states.get(run.identity)
    if (state === undefined || !isStraight(state, this.#chainOf(run.identity), run))
      return this.full().appendRun(run)
    this.#append(state, run.entries, false)
    this.#touched(run.identity, true)
    return { type: 'appended', added: run.entries.length, connected: true }
  }

  appendRuns(runs: readonly AttestedRun[]): readonly AppendOutcome[] {
    const [only] = runs
    // Several feeds in one commit: told once, so they are either all light or none.
    if (this.#full === null && only !== undefined && runs.length === 1) return [this.appendRun(only)]
    const states = runs.map(({ identity }) => this.#states.get(identity))
    const areStraight =
      this.#full === null &&
      new Set(runs.map(({ identity }) => identity)).size === runs.length &&
      runs.every((run, at) => {
        const state = states[at]
        return state !== undefined && isStraight(state, this.#chainOf(run.identity), run)
      })
    if (!areStraight) return this.full().appendRuns(runs)
    for (const [at, { entries }] of runs.entries()) this.#append(states[at]!, entries, false)
    this.tell({ feeds: new Set(runs.map(({ identity }) => identity)), views: true, blobs: noBlobs })
    return runs.map(({ entries }) => ({ type: 'appended', added: entries.length, connected: true }))
  }

  appendOwn(entries: readonly OwnEntry[], record: HeadRecord): void {
    const { identity } = record.head
    const state = this.#states.get(identity) ?? emptyState(identity)
    const run = { identity, entries: entries.map(({ entry }) => entry), bodies: new Map() }
    const next = { ...state, record }
    if (
      this.#full !== null ||
      !this.#continues(state, record) ||
      !isStraight(next, this.#chainOf(identity), run)
    ) {
      this.full().appendOwn(entries, record)
      return
    }
    this.#append({ ...state, record: this.#options.interning.record(record) }, run.entries, true)
    this.#touched(identity, true)
  }

  entry(cid: RawCid): StoredEntry | null {
    return this.#full === null ? (this.#byCid.get(cid) ?? null) : this.#full.entry(cid)
  }

  entryAt(identity: Identity, length: number): StoredEntry | null {
    if (this.#full !== null) return this.#full.entryAt(identity, length)
    return this.#chains.get(identity)?.[length - 1] ?? null
  }

  *chain(
    identity: Identity,
    range: { readonly first?: number; readonly last?: number } = {},
  ): Iterable<StoredEntry> {
    if (this.#full !== null) yield* this.#full.chain(identity, range)
    else yield* (this.#chains.get(identity) ?? []).slice((range.first ?? 1) - 1, range.last)
  }

  serve(
    identity: Identity,
    from: RawCid,
    options: {
      readonly above: number
      readonly maxEntries: number
      readonly maxBytes: number
      readonly bodies: boolean
    },
  ): readonly ServedEntry[] {
    if (this.#full !== null) return this.#full.serve(identity, from, options)
    const top = this.#byCid.get(from)
    if (top?.signed.entry.identity !== identity) return nothing
    return servedFrom(this.#chainOf(identity), top.signed.entry.length, options)
  }

  commonLength(identity: Identity, locator: Locator): number {
    if (this.#full !== null) return this.#full.commonLength(identity, locator)
    return commonWith(this.#chainOf(identity), locator)
  }

  unverified(limit: number, after = 0): readonly PendingEntry[] {
    if (this.#full !== null) return this.#full.unverified(limit, after)
    const pending: PendingEntry[] = []
    for (const [id, cid] of this.#unverified) {
      if (pending.length === limit) break
      const bytes = this.#byCid.get(cid)?.signed.bytes
      if (id > after && bytes !== undefined) pending.push({ id, bytes })
    }
    return pending
  }

  unverifiedCount(): number {
    return this.#full === null ? this.#unverified.size : this.#full.unverifiedCount()
  }

  settle(verdicts: readonly { readonly id: number; readonly valid: boolean }[]): void {
    const named = verdicts.flatMap(({ id, valid }) => {
      const cid = this.#unverified.get(id)
      return cid === undefined ? [] : [{ cid, valid }]
    })
    // Ids that were given out before the hand-over are known here alone.
    if (this.#full !== null) {
      this.#full.settleEntries(named)
      this.#full.settle(verdicts.filter(({ id }) => id < firstId))
      return
    }
    if (named.every(({ valid }) => valid)) this.#verified(named.map(({ cid }) => cid))
    else this.full().settleEntries(named)
  }

  settleEntries(verdicts: readonly { readonly cid: RawCid; readonly valid: boolean }[]): void {
    if (this.#full !== null || verdicts.some(({ valid }) => !valid)) this.full().settleEntries(verdicts)
    else this.#verified(verdicts.map(({ cid }) => cid))
  }

  // What is not light ------------------------------------------------------------

  markUnreadable(...fault: Parameters<FeedStore['markUnreadable']>): boolean {
    return this.full().markUnreadable(...fault)
  }

  brokenEntry(cid: RawCid): SignedEntry | null {
    return this.#full?.brokenEntry(cid) ?? null
  }

  reachDown(identity: Identity, first: number): Disposable {
    return this.full().reachDown(identity, first)
  }
  forget(identity: Identity): void {
    if (this.#full !== null || this.#states.has(identity)) this.full().forget(identity)
  }
  isForgetting(): boolean {
    return this.#full?.isForgetting?.() ?? false
  }
  rewind(identity: Identity, epoch: number, base: number): void {
    this.full().rewind(identity, epoch, base)
  }
  replaceOwn(base: number, entries: readonly OwnEntry[], record: HeadRecord, lost?: RawCid): void {
    this.full().replaceOwn(base, entries, record, lost)
  }
  formerAt(identity: Identity, length: number): SignedEntry | null {
    return this.#full === null ? null : this.#full.formerAt(identity, length)
  }
  formerChain(
    identity: Identity,
    locator: Locator,
    limits: { readonly above: number; readonly maxEntries: number; readonly maxBytes: number },
  ): readonly SignedEntry[] {
    return this.#full === null ? nothing : this.#full.formerChain(identity, locator, limits)
  }
  keepLoose(entry: OwnEntry): void {
    this.full().keepLoose(entry)
  }
  dropHidden(...options: Parameters<FeedStore['dropHidden']>): number {
    return this.#full === null ? 0 : this.#full.dropHidden(...options)
  }

  // ------------------------------------------------------------------------------

  #chainOf(identity: Identity): Chain {
    return this.#chains.get(identity) ?? nothing
  }

  #put(state: FeedState): void {
    this.#states.set(state.identity, state)
  }

  #touched(identity: Identity, views: boolean): void {
    if (this.#listeners.length > 0) this.tell({ feeds: new Set([identity]), views, blobs: noBlobs })
  }

  /** S9: an own head above what is held, and nothing known beyond that. */
  #continues({ identity, record }: FeedState, { head }: HeadRecord): boolean {
    const top = this.#chains.get(identity)?.at(-1)?.signed.cid ?? null
    if (record === null) return top === null
    return record.head.head === top && record.head.epoch === head.epoch
  }

  #append(state: FeedState, entries: readonly SignedEntry[], verified: boolean): void {
    const { sha256, now, interning } = this.#options
    const { identity } = state
    const chain = this.#chains.get(identity) ?? []
    const seen = now()
    let bytes = 0
    for (const signed of entries) {
      const content = rawCid(utf8(signed.entry.payload), sha256)
      const held = {
        id: this.#nextId++,
        signed: interning.entry(signed),
        verified,
        seen,
        content,
        body: null,
      }
      chain.push(held)
      this.#byCid.set(signed.cid, held)
      if (!verified) this.#unverified.set(held.id, signed.cid)
      bytes += signed.bytes.length
    }
    this.#chains.set(identity, chain)
    this.#former.delete(identity)
    this.#put({
      ...state,
      runs: [{ first: 1, last: chain.length }],
      heldCount: chain.length,
      heldBytes: state.heldBytes + bytes,
    })
  }

  #verified(cids: readonly RawCid[]): void {
    const feeds = new Set<Identity>()
    for (const cid of cids) {
      const held = this.#byCid.get(cid)
      if (held === undefined || !this.#unverified.delete(held.id)) continue
      const { identity, length } = held.signed.entry
      const settled = { ...held, verified: true }
      this.#byCid.set(cid, settled)
      this.#chains.get(identity)!.splice(length - 1, 1, settled)
      feeds.add(identity)
    }
    if (feeds.size > 0) this.tell({ feeds, views: false, blobs: noBlobs })
  }

  /** S11: the order in which heads, runs and verdicts come does not matter, so the full store ends where this one is. */
  #handOver(): Full {
    const full = this.#options.openFull()
    for (const { identity, record, watched, policy } of this.#states.values()) {
      full.watchFeed(identity, policy)
      const chain = this.#chains.get(identity) ?? []
      const attested = chain.length === 0 ? nothing : chain.map(({ signed }) => signed)
      for (const former of this.#former.get(identity) ?? []) full.acceptHead(former)
      if (record !== null) full.acceptHead(record)
      if (attested.length > 0) full.appendRun({ identity, entries: attested, bodies: new Map() })
      if (!watched) full.watchFeed(identity, null)
    }
    const settled = [...this.#byCid.values()].filter(({ verified }) => verified)
    full.settleEntries(settled.map(({ signed }) => ({ cid: signed.cid, valid: true })))
    this.onHandOver(full)
    return full
  }

  /** From here on the full store tells what changes. */
  protected onHandOver(_full: Full): void {}
}

function emptyState(identity: Identity): FeedState {
  return {
    identity,
    record: null,
    runs: nothing,
    heldCount: 0,
    heldBytes: 0,
    watched: false,
    policy: followAll,
    broken: null,
    disputedAbove: null,
  }
}

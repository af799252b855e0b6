/**
 * Tells the other side the heads it asks about, and each change of those it watches (spec R1).
 *
 *     getheads ─▶ lastknownheads      watch ─▶ watching … change ─▶ heads, or news with their entries (G4)
 *
 * The first change after 100 ms of silence goes at once, the deepest deficit first (G2), as many as the link takes (G3).
 *
 * @module
 */
import type { Head, HeadRecord, Identity, RawCid } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { createNewsSource, type NewsSource } from '../gossip/news-source.ts'
import { deepestFirst } from '../gossip/order.ts'
import { TellingRate } from '../gossip/telling-rate.ts'
import { maxListedIds } from '../limits.ts'
import type { Carry, GetHeads, Watch } from '../messages.ts'
import { readIdentities, writeHeads } from '../messages-bytes.ts'
import { hasIdentity, identitiesOf, keyCount } from '../reconcile/key-set.ts'
import { SparseMap, SparseSet } from '../sparse.ts'
import { type Effects, maxOpenLists, type Outgoing, type Producer, takeTurns } from './effects.ts'
import type { Sharing } from './sharing.ts'

export interface HeadsFeedPorts {
  readonly store: Pick<
    Store,
    'headRecords' | 'forkEvidence' | 'feed' | 'entry' | 'serve' | 'servedHead' | 'need'
  >
  readonly clock: Pick<Clock, 'monotonic'>
  readonly sharing: Sharing
  readonly effects: Pick<Effects, 'send' | 'after' | 'wake' | 'end'>
  /** What the other side told us of a feed: it need not be told. */
  remoteHead(identity: Identity): Head | null
  /** Feeds whose new entries go along with their heads unless the other side says otherwise (G4). */
  carries(identity: Identity): boolean
  /** A head of a watched feed is told whose entry is not here yet. */
  onToldAhead(identity: Identity): void
  /** Bytes that wait at the link. */
  buffered(): number
  /** The other side's whole list, after changes of it. */
  readonly onWatch: ((identities: readonly Identity[]) => void) | null
  /** It watches this sorted set from now on. */
  onAdopt(keys: Uint8Array): void
  /** Whether the entry of that head is here and verified. */
  isVerified(head: RawCid): boolean
  /** The same text for the same name (interests.ts). */
  name(identity: Identity): Identity
}

export interface HeadsFeed extends Producer, Disposable {
  getHeads(message: GetHeads, bytes: Uint8Array): void
  /** Gives the names that it was about. */
  watch(message: Watch, bytes: Uint8Array): readonly Identity[]
  carry(message: Carry, bytes: Uint8Array): void
  cancel(id: number): void
  /** Whether the other side asked to hear of that feed. */
  watches(identity: Identity): boolean
  /** The other side watches this sorted set too (C2); `told` is what to say of it to `onWatch`, null: all of it. */
  adopt(keys: Uint8Array, told: readonly Identity[] | null): void
  /** What to tell of these: their heads, and what proves disputes. */
  tell(identities: readonly Identity[]): readonly HeadRecord[]
  /** Tells the head up to which that feed can be given, which is not the highest that is known (R14); each once. */
  tellServed(identity: Identity): void
  /** Changes that are not told yet. */
  pending(): number
  /** The scope (C3) in which heads were left out because their feeds are not shared; no scope is '', which is after several; null: none was. */
  withheldIn(): string | null
  /** The store changed. */
  changed(identities: Iterable<Identity>): void
}

/** R1, ms. */
const coalesceMs = 100

/** A head whose entries we fetch ourselves is told when we can give them, or after so long, ms. */
const fetchMs = 2_000

/** Changes of the other side's list are told at most so often, ms: each costs as much as the list is long (T16). */
const listEveryMs = 1_000
/** Ms for each name, where that is longer: a hub's list of another's 25,000 feeds. */
const listEveryMsPerName = 0.1

/** Ms for which an order of what waits holds: ten frames. What changes meanwhile waits for no longer. */
const rankedForMs = 10 * coalesceMs

const noNames: Identity[] = []
const identityOf = ({ record }: { readonly record: HeadRecord }): Identity => record.head.identity

export function createHeadsFeed(ports: HeadsFeedPorts): HeadsFeed {
  return new SessionHeadsFeed(ports)
}

/** A class, because each session has one: closures alone were 2 KB (docs/decisions/0021-what-a-session-costs.md). */
class SessionHeadsFeed implements HeadsFeed {
  readonly #ports: HeadsFeedPorts
  readonly #watched = new SparseSet<Identity>()
  readonly #sent = new SparseMap<Identity, Head>()
  /** Of disputed feeds: the heads of the records that were told as proof. */
  readonly #proven = new SparseMap<Identity, string>()
  /** When each was first seen, monotonic ms. */
  readonly #changes = new SparseMap<Identity, number>()
  readonly #open = new SparseMap<number, Producer>()
  /** Heads that we know and cannot give, where the other side was told so: it hears when we can. */
  readonly #owed = new SparseMap<Identity, RawCid>()
  /** Sets that were agreed on, and what of them is told of. */
  readonly #adopted: { readonly keys: Uint8Array; readonly told: readonly Identity[] | null }[] = []
  #newsSource: NewsSource | null = null
  readonly #tellingRate: TellingRate
  /** What was chosen for a frame and is pulled one by one. */
  readonly #outbox: Outgoing[] = []
  #lastFrameMs = Number.NEGATIVE_INFINITY
  /** Of what waits, what is told next: the first last. */
  #ranked = noNames
  #rankedMs = Number.NEGATIVE_INFINITY
  #timer: Disposable | null = null
  #isDue = false
  #withheldIn: string | null = null
  #listTimer: Disposable | null = null
  #isListNew = false
  /** Names in the list that was told last. */
  #listed = 0

  constructor(ports: HeadsFeedPorts) {
    this.#ports = ports
    this.#tellingRate = new TellingRate(ports)
  }

  watches(identity: Identity): boolean {
    return this.#watched.has(identity) || this.#adopted.some(({ keys }) => hasIdentity(keys, identity))
  }

  #getNewsSource(): NewsSource {
    this.#newsSource ??= this.#createNewsSource()
    return this.#newsSource
  }

  #createNewsSource(): NewsSource {
    const { store, effects } = this.#ports
    return createNewsSource({
      ...{ store, effects },
      isDefault: (identity) => this.#ports.carries(identity),
      isWatched: (identity) => this.watches(identity),
    })
  }

  #shared(identities: readonly Identity[]): readonly HeadRecord[] {
    const given = identities.filter((identity) => this.#ports.sharing.feed(identity))
    if (given.length < identities.length) this.#withhold()
    return this.#ports.store.headRecords(given)
  }

  /** After two scopes there is none that stands for what was left out. */
  #withhold(): void {
    const { scope } = this.#ports.sharing
    this.#withheldIn = this.#withheldIn === null || this.#withheldIn === scope ? scope : ''
  }

  /** What proves that these feeds are disputed (F9). */
  #proofs(records: readonly HeadRecord[]): readonly HeadRecord[] {
    return records.flatMap(({ head }) => {
      const evidence = this.#evidenceOf(head.identity)
      if (evidence.length > 0 && this.watches(head.identity))
        this.#proven.set(head.identity, this.#nameOf(evidence))
      return evidence.filter((record) => record.head.head !== head.head)
    })
  }

  #evidenceOf(identity: Identity): readonly HeadRecord[] {
    return (this.#ports.store.feed(identity)?.disputedAbove ?? null) === null
      ? []
      : this.#ports.store.forkEvidence(identity)
  }

  #nameOf(evidence: readonly HeadRecord[]): string {
    return evidence
      .map(({ head }) => `${head.epoch}.${head.head}`)
      .sort()
      .join()
  }

  /** More may be known of a dispute though the highest head is what it was: the other side need not have it. */
  #isProven(identity: Identity): boolean {
    const evidence = this.#evidenceOf(identity)
    return evidence.length === 0 || this.#proven.get(identity) === this.#nameOf(evidence)
  }

  /** The epoch counts too: after a rebase that only took entries away a head is what it once was. */
  #isSent({ head }: HeadRecord): boolean {
    const last = this.#sent.get(head.identity)
    return last?.head === head.head && last.epoch === head.epoch
  }

  #remember(records: readonly HeadRecord[]): void {
    for (const { head } of records) {
      if (this.watches(head.identity)) this.#sent.set(head.identity, head)
      this.#owed.delete(head.identity)
    }
  }

  tell(identities: readonly Identity[]): readonly HeadRecord[] {
    const records = this.#shared(identities)
    this.#remember(records)
    return [...records, ...this.#proofs(records)]
  }

  /** What we know the other side to have: what it told, or was told. */
  #known(identity: Identity): Head | null {
    const [theirs, told] = [this.#ports.remoteHead(identity), this.#sent.get(identity) ?? null]
    if (theirs === null || told === null) return theirs ?? told
    return theirs.epoch > told.epoch || (theirs.epoch === told.epoch && theirs.length > told.length)
      ? theirs
      : told
  }

  /** A rebase that only takes entries away ends at a head that was one before. */
  #remoteHas({ head }: HeadRecord): boolean {
    const theirs = this.#ports.remoteHead(head.identity)
    return theirs?.head === head.head && theirs.epoch === head.epoch
  }

  /** While a feed comes from the other side, each part of it is a change, and none is news to them. */
  #untold(identity: Identity): HeadRecord | null {
    const [record] = this.#ports.store.headRecords([identity])
    if (record === undefined) return null
    if (this.#owed.get(identity) === record.head.head)
      return this.#ports.isVerified(record.head.head) ? record : null
    return (this.#isSent(record) || this.#remoteHas(record)) && this.#isProven(identity) ? null : record
  }

  /** Whoever hears of a head asks for its entries at once: better when they are here. */
  #isRipe(identity: Identity, sinceMs: number): boolean {
    const state = this.#ports.store.feed(identity)
    if (state?.watched !== true || state.record === null) return true
    // Where the head is all that is kept, nothing comes that it could wait for.
    if (state.policy.depth.type === 'last' && state.policy.depth.count === 0) return true
    return (
      this.#ports.clock.monotonic() - sinceMs >= fetchMs || this.#ports.isVerified(state.record.head.head)
    )
  }

  #live(): Outgoing | null {
    if (this.#isDue) this.#choose()
    return this.#outbox.shift() ?? null
  }

  /** What is told now; what has no room stays among the changes. */
  #choose(): void {
    this.#isDue = false
    const nowMs = this.#ports.clock.monotonic()
    if (this.#ranked.length === 0 || nowMs - this.#rankedMs >= rankedForMs) this.#rank(nowMs)
    if (this.#ranked.length > 0) this.#fillOutbox()
    this.#tellAfter(coalesceMs)
  }

  /** The order of the next frames (G2): to judge all that waits for each of them anew is most of what telling many costs. */
  #rank(nowMs: number): void {
    const candidates: { record: HeadRecord; deficit: number; newest: number }[] = []
    for (const [identity, sinceMs] of this.#changes) {
      if (candidates.length === maxListedIds) break
      const record = this.#tellable(identity, sinceMs)
      if (record !== null) candidates.push({ record, deficit: this.#deficitOf(record), newest: sinceMs })
    }
    this.#ranked = candidates.length === 0 ? noNames : deepestFirst(candidates).map(identityOf).reverse()
    this.#rankedMs = nowMs
  }

  /** Null: it is not told, or not yet. */
  #tellable(identity: Identity, sinceMs: number): HeadRecord | null {
    const record = this.#untold(identity)
    if (record === null) this.#changes.delete(identity)
    else if (!this.#ports.sharing.feed(identity)) {
      this.#withhold()
      this.#changes.delete(identity)
    } else if (this.#isRipe(identity, sinceMs)) return record
    return null
  }

  /** Whether something up to that head is still to come. A rebase may name an entry that is here, of the chain before it. */
  #isAhead({ identity, epoch, head }: Head): boolean {
    const isHere = this.#ports.isVerified(head) || this.#ports.store.entry(head) !== null
    return (!isHere || epoch > 1) && this.#ports.store.need(identity) !== null
  }

  #fillOutbox(): void {
    const telling = this.#tellingRate.next()
    const alone: HeadRecord[] = []
    for (let room = telling.heads; room > 0; ) {
      const identity = this.#ranked.pop()
      if (identity === undefined) break
      // As it is by now.
      const sinceMs = this.#changes.get(identity)
      const record = sinceMs === undefined ? null : this.#tellable(identity, sinceMs)
      if (record === null) continue
      room--
      this.#changes.delete(identity)
      const news = telling.carries ? this.#getNewsSource().news(record, this.#known(identity)) : null
      if (this.#isAhead(record.head)) this.#ports.onToldAhead(identity)
      if (news === null) alone.push(record)
      else this.#outbox.push(news)
      this.#remember([record])
    }
    const all = [...alone, ...this.#proofs(alone)]
    if (all.length > 0) {
      this.#outbox.push({ message: { type: 'heads', count: all.length, online: 0 }, bytes: writeHeads(all) })
    }
    if (this.#outbox.length > 0) this.#lastFrameMs = this.#ports.clock.monotonic()
  }

  /** Entries that the other side lacks, as far as we know. */
  #deficitOf({ head }: HeadRecord): number {
    const theirs = this.#known(head.identity)
    return theirs === null || theirs.epoch !== head.epoch ? head.length : head.length - theirs.length
  }

  #tellAfter(ms: number): void {
    if (this.#changes.size === 0 || this.#timer !== null) return
    this.#timer = this.#ports.effects.after(ms, () => {
      this.#timer = null
      this.#isDue = true
      this.#ports.effects.wake()
    })
  }

  /** The first change at once, later ones together. */
  #tellList(): void {
    this.#isListNew = true
    if (this.#listTimer !== null) return
    this.#flushList()
    this.#listTimer = this.#ports.effects.after(
      Math.max(listEveryMs, this.#listed * listEveryMsPerName),
      () => {
        this.#listTimer = null
        if (this.#isListNew) this.#tellList()
      },
    )
  }

  #flushList(): void {
    if (this.#isListNew && this.#ports.onWatch !== null) {
      const list = this.#adopted.length === 0 ? this.#watched : new Set(this.#watched)
      for (const { keys, told } of this.#adopted)
        for (const identity of told ?? identitiesOf(keys)) list.add(identity)
      this.#listed = list.size
      this.#ports.onWatch([...list])
    }
    this.#isListNew = false
  }

  getHeads({ id }: GetHeads, bytes: Uint8Array): void {
    if (this.#open.size >= maxOpenLists) {
      this.#ports.effects.send({ type: 'error', re: id, code: 'busy', retry: 1_000 })
      return
    }
    const identities = readIdentities(bytes)
    if (identities === null) {
      this.#ports.effects.end('bad-message')
      return
    }
    let left: readonly HeadRecord[] | null = null
    this.#open.set(id, {
      pull: () => {
        left ??= this.tell(identities)
        const records = left.slice(0, maxListedIds)
        left = left.slice(maxListedIds)
        const end = left.length === 0
        if (end) this.#open.delete(id)
        return {
          message: { type: 'lastknownheads', re: id, end, count: records.length },
          bytes: writeHeads(records),
        }
      },
    })
    this.#ports.effects.wake()
  }

  watch({ id, replace }: Watch, bytes: Uint8Array): readonly Identity[] {
    const identities = readIdentities(bytes)?.map((identity) => this.#ports.name(identity)) ?? null
    if (identities === null) {
      this.#ports.effects.end('bad-message')
      return []
    }
    const sizeBefore = this.#watched.size
    if (replace) {
      this.#watched.clear()
      this.#adopted.length = 0
      this.#sent.clear()
      this.#proven.clear()
      this.#changes.clear()
      this.#ranked = noNames
    }
    const adoptedCount = this.#adopted.reduce((sum, { keys }) => sum + keyCount(keys), 0)
    if (
      adoptedCount + this.#watched.size + identities.length > 2 * this.#ports.sharing.maxWatched ||
      this.#watched.size + identities.length > this.#ports.sharing.maxWatched
    ) {
      this.#ports.effects.send({ type: 'error', re: id, code: 'too-many', retry: null })
      return identities
    }
    for (const identity of identities) this.#watched.add(identity)
    if (replace) this.#newsSource?.prune()
    this.#ports.effects.send({ type: 'watching', re: id, end: true })
    if (replace || this.#watched.size !== sizeBefore) this.#tellList()
    return identities
  }

  carry(message: Carry, bytes: Uint8Array): void {
    this.#getNewsSource().carry(message, bytes)
  }

  adopt(keys: Uint8Array, told: readonly Identity[] | null): void {
    this.#adopted.push({ keys, told })
    this.#ports.onAdopt(keys)
    if (told === null || told.length > 0) this.#tellList()
  }

  tellServed(identity: Identity): void {
    const [highest] = this.#ports.store.headRecords([identity])
    if (highest === undefined || !this.watches(identity) || !this.#ports.sharing.feed(identity)) return
    const record = this.#ports.store.servedHead?.(identity) ?? null
    const isTold =
      this.#owed.get(identity) === highest.head.head && this.#sent.get(identity)?.head === record?.head.head
    if (record === null || isTold) return
    this.#sent.set(identity, record.head)
    this.#owed.set(identity, highest.head.head)
    this.#ports.effects.send({ type: 'heads', count: 1, online: 0 }, writeHeads([record]))
  }

  pending(): number {
    return this.#changes.size + this.#outbox.length
  }

  withheldIn(): string | null {
    return this.#withheldIn
  }

  cancel(id: number): void {
    void this.#open.delete(id)
  }

  changed(identities: Iterable<Identity>): void {
    const nowMs = this.#ports.clock.monotonic()
    const fresh = [...identities].filter((identity) => this.watches(identity))
    for (const identity of fresh) if (!this.#changes.has(identity)) this.#changes.set(identity, nowMs)
    const isQuiet = nowMs - this.#lastFrameMs >= coalesceMs
    const isWorth = (identity: Identity): boolean =>
      this.#untold(identity) !== null && this.#isRipe(identity, this.#changes.get(identity) ?? nowMs)
    if (isQuiet && fresh.some(isWorth)) {
      this.#isDue = true
      this.#ports.effects.wake()
    } else {
      this.#tellAfter(Math.max(0, this.#lastFrameMs + coalesceMs - nowMs) || coalesceMs)
    }
  }

  pull(): Outgoing | null {
    return takeTurns(this.#open) ?? this.#live()
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]()
    this.#listTimer?.[Symbol.dispose]()
    this.#flushList()
  }
}

/**
 * Learns the other side's heads of the feeds that we watch (spec R1, R2).
 *
 *     watch, getheads ─▶ lastknownheads, heads … ─verify▶ acceptHead ─▶ onHead (feed-client.ts)
 *
 * Identities that were not asked about are ignored unread (T18).
 *
 * @module
 */
import { type Head, type HeadRecord, headCheck, type Identity, shortName } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Told } from '../gossip/told-heads.ts'
import { maxListedIds } from '../limits.ts'
import type { Log } from '../log.ts'
import { readHeads, writeIdentities } from '../messages-bytes.ts'
import { SparseMap, SparseSet } from '../sparse.ts'
import type { Asked } from './asked.ts'
import type { Effects } from './effects.ts'
import { boundedRetryMs } from './feed-retries.ts'

export interface HeadsClientPorts {
  readonly store: Pick<
    Store,
    'feed' | 'feeds' | 'headRecords' | 'acceptHead' | 'acceptHeads' | 'entryAt' | 'need' | 'headLog'
  >
  readonly asked: Asked
  readonly effects: Pick<Effects, 'verify' | 'after' | 'soon' | 'end'>
  readonly log: Log
  /** Whether the other side may learn that we watch that feed (T30); what it may not is not asked for. */
  mayAsk(identity: Identity): boolean
  /** Heads that were not asked for: they say nothing by themselves (T18). */
  onUnasked(records: readonly HeadRecord[]): void
  /** The other side has this head, and we know it; something may be fetched. */
  onHead(identity: Identity, how: Told): void
  /** What coming up to date has settled, or will (catch-up.ts); null where only lists are told. */
  caughtUp(): CaughtUp | null
}

/** What need not be asked for by name, because a whole set was agreed on. */
export interface CaughtUp {
  covers(identity: Identity): boolean
  expects(identity: Identity): boolean
  head(identity: Identity): Head | null
  /** Something was checked. */
  settle(): void
}

export interface HeadsClient {
  /** Asks about every watched feed that may be asked about. */
  start(): void
  /** What is watched or held of these changed: asks about those that were not asked about yet. */
  refresh(identities: Iterable<Identity>): void
  /** Live `heads`. */
  take(count: number, bytes: Uint8Array): void
  /** Whether the other side was asked about that feed. */
  asks(identity: Identity): boolean
  /** The other side has it: told with its entries, and looked at elsewhere. */
  note(record: HeadRecord): void
  /** As if it had come in `heads`. */
  takeOne(record: HeadRecord): void
  /** Records that came in other messages; `isAsked` besides those that were asked about by name. */
  takeAll(records: readonly HeadRecord[], isAsked: IsAsked): void
  /** Asks once for the heads of these, which are told live anyway. */
  askBack(identities: readonly Identity[]): void
  /** The other side has what we know of it: something may be fetched. */
  look(identity: Identity): void
  /** Nothing was asked, or is being checked, whose answer could change what we hold; no fork is in doubt. */
  isSettled(): boolean
  /** What the other side told last; a claim. */
  head(identity: Identity): Head | null
  /** Whose heads it told. */
  told(): Iterable<Identity>
  /** Questions without an answer, and heads whose signatures are being checked. */
  busy(): number
}

/** F9: two records an epoch; some more, because a false one may be among them. */
const maxDoubts = 8

/** Heads that are taken in one turn, and one transaction: some 20 ms. */
const maxTaken = 256

/** Each is looked up, instead of all that was watched or not since: at a hub others come and go by the thousand. */
const fewKnown = 16

/** Lists of 1,000 under way at once. */
const maxOpen = 4

export function createHeadsClient(ports: HeadsClientPorts): HeadsClient {
  return new SessionHeadsClient(ports)
}

type IsAsked = (identity: Identity) => boolean

/** A class, because each session has one: closures alone were 2 KB (docs/decisions/0021-what-a-session-costs.md). */
class SessionHeadsClient implements HeadsClient {
  readonly #ports: HeadsClientPorts
  readonly #known = new SparseSet<Identity>()
  readonly #toAsk: Identity[] = []
  readonly #heads = new SparseMap<Identity, Head>()
  /** Records that may prove a fork, once the entries at their lengths are here. */
  readonly #doubts = new SparseMap<Identity, readonly HeadRecord[]>()
  /** The next list replaces what was watched before; not where a set was agreed on. */
  #isFirst = false
  #open = 0
  /** Lists that are asked for again soon: until then they are not settled. */
  #postponed = 0
  /** Asked for besides, and not answered yet: each once, however often it is said to differ (T16). */
  readonly #askedBack = new SparseSet<Identity>()
  #checking = 0
  #asks = false
  /** Of the store's log: what was watched or not until then is known. */
  #seenCount: number

  constructor(ports: HeadsClientPorts) {
    this.#ports = ports
    this.#seenCount = ports.store.headLog?.position().count ?? 0
  }

  /** What is not watched any more is not taken any more (C2), however long the other side goes on telling it. */
  #forgetUnwatched(): void {
    const count = this.#ports.store.headLog?.position().count ?? 0
    if (count === this.#seenCount) return
    if (this.#known.size <= fewKnown) {
      for (const identity of this.#known)
        if (this.#ports.store.feed(identity)?.watched !== true) this.#known.delete(identity)
      this.#seenCount = count
      return
    }
    for (const { identity, watched } of this.#ports.store.headLog?.flipsSince(this.#seenCount) ?? []) {
      if (!watched) this.#known.delete(identity)
    }
    this.#seenCount = count
  }

  #add(identity: Identity): void {
    if (
      this.#known.has(identity) ||
      !this.#ports.mayAsk(identity) ||
      this.#ports.caughtUp()?.covers(identity) === true
    )
      return
    this.#known.add(identity)
    this.#toAsk.push(identity)
  }

  #askSoon(): void {
    if (this.#asks || this.#toAsk.length === 0) return
    this.#asks = true
    this.#ports.effects.soon(() => {
      this.#asks = false
      this.#ask()
    })
  }

  #ask(): void {
    while (this.#toAsk.length > 0 && this.#open < maxOpen) {
      const identities = this.#toAsk.splice(0, maxListedIds)
      const bytes = writeIdentities(identities)
      const count = identities.length
      this.#open++
      // Watched first, so that no change is missed between the two.
      this.#ports.asked.open({ type: 'watch', count, replace: this.#isFirst }, bytes, () => {})
      this.#getHeads(identities, bytes, (retryMs) => {
        this.#open--
        if (retryMs !== null) this.#askAgain(identities, retryMs)
        this.#ask()
      })
      this.#isFirst = false
    }
  }

  #getHeads(
    identities: readonly Identity[],
    bytes: Uint8Array,
    done: (retryMs: number | null) => void,
    isAsked?: IsAsked,
  ): void {
    this.#ports.asked.open({ type: 'getheads', count: identities.length }, bytes, (answer, answerBytes) => {
      if (answer.type === 'lastknownheads') this.#take(answer.count, answerBytes, false, isAsked)
      else if (answer.type !== 'error') this.#ports.effects.end('bad-message')
      if (answer.type !== 'error' && !('end' in answer && answer.end)) return
      done(answer.type === 'error' ? answer.retry : null)
      this.#settled()
    })
  }

  askBack(identities: readonly Identity[]): void {
    const left = identities.filter((identity) => !this.#askedBack.has(identity))
    for (let first = 0; first < left.length; first += maxListedIds) {
      const part = left.slice(first, first + maxListedIds)
      const wanted = new Set(part)
      for (const identity of part) this.#askedBack.add(identity)
      this.#open++
      const done = (retryMs: number | null): void => {
        this.#open--
        for (const identity of part) this.#askedBack.delete(identity)
        if (retryMs !== null) this.#later(retryMs, () => this.askBack(part))
      }
      this.#getHeads(part, writeIdentities(part), done, (identity) => wanted.has(identity))
    }
  }

  #later(retryMs: number, run: () => void): void {
    this.#postponed++
    this.#ports.effects.after(boundedRetryMs(retryMs), () => {
      this.#postponed--
      run()
    })
  }

  isSettled(): boolean {
    return this.#open + this.#postponed + this.#checking + this.#toAsk.length + this.#doubts.size === 0
  }

  #settled(): void {
    if (this.isSettled()) this.#ports.caughtUp()?.settle()
  }

  /** A lower head of this epoch proves a fork when the entries that we will hold are others (F9). */
  #doubt(record: HeadRecord): void {
    const { identity, epoch } = record.head
    if (epoch !== this.#ports.store.feed(identity)?.record?.head.epoch || !this.#mayCome(record.head)) return
    this.#doubts.set(identity, [...(this.#doubts.get(identity) ?? []), record].slice(-maxDoubts))
  }

  /** Below what the policy keeps nothing is judged (F11). */
  #mayCome({ identity, length }: Head): boolean {
    const need = this.#ports.store.need(identity)
    return need !== null && (need.limit === null || length > need.fromLength - need.limit)
  }

  #reconsider(identity: Identity): void {
    const records = this.#doubts.get(identity)
    if (records === undefined) return
    const left = records.filter(
      ({ head }) => this.#ports.store.entryAt(identity, head.length) === null && this.#mayCome(head),
    )
    if (left.length === 0) this.#doubts.delete(identity)
    else this.#doubts.set(identity, left)
    for (const record of records) if (!left.includes(record)) this.#ports.store.acceptHead(record)
    this.#settled()
  }

  #askAgain(identities: readonly Identity[], retryMs: number): void {
    this.#later(retryMs, () => {
      this.#toAsk.push(...identities)
      this.#ask()
    })
  }

  #isExpected(identity: Identity): boolean {
    return this.#ports.caughtUp()?.expects(identity) === true
  }

  #take(count: number, bytes: Uint8Array, isLive: boolean, isAsked: IsAsked | null = null): void {
    const records = readHeads(bytes, count)
    if (records === null) this.#ports.effects.end('bad-message')
    else this.#takeAll(records, isAsked, isLive)
  }

  #takeAll(records: readonly HeadRecord[], isAsked: IsAsked | null, isLive = false): void {
    const isOurs = ({ head }: HeadRecord): boolean =>
      this.#known.has(head.identity) ||
      (isAsked === null ? this.#isExpected(head.identity) : isAsked(head.identity))
    const watched = records.filter(isOurs)
    if (watched.length < records.length) this.#ports.onUnasked(records.filter((record) => !isOurs(record)))
    if (watched.length === 0) return
    const ours = new Map<Identity, Head>()
    for (const { head } of this.#ports.store.headRecords(watched.map(({ head }) => head.identity))) {
      ours.set(head.identity, head)
    }
    const unknown = watched.filter(({ head }) => !this.#isHeld(head, ours.get(head.identity) ?? null))
    // The first of each is what it has; the others prove a dispute (F9).
    for (const { head } of watched.toReversed()) this.#heads.set(head.identity, head)
    const fresh = new Set(unknown)
    for (const record of watched)
      if (!fresh.has(record)) this.#ports.onHead(record.head.identity, { isNew: false, isLive })
    if (unknown.length > 0) this.#check(unknown, isLive)
  }

  /** A head that says nothing new needs no check: the one we know, or an entry of the chain that we hold. */
  #isHeld(head: Head, ours: Head | null): boolean {
    if (ours === null || ours.epoch !== head.epoch) return ours !== null && ours.epoch > head.epoch
    if (ours.head === head.head) return ours.length === head.length && ours.comparable === head.comparable
    return (
      head.length < ours.length &&
      this.#ports.store.entryAt(head.identity, head.length)?.signed.cid === head.head
    )
  }

  #check(records: readonly HeadRecord[], isLive: boolean): void {
    this.#checking += records.length
    this.#ports.effects.verify(records.map(headCheck), (verdicts) => {
      const forged = records.find((_, index) => verdicts[index] !== true)
      if (forged !== undefined) {
        // H2: held against nobody but its sender.
        this.#ports.log.warn('head.forged', { feed: shortName(forged.head.identity) })
        this.#ports.effects.end('bad-head')
        return
      }
      this.#accept(records, isLive)
    })
  }

  /** Their signatures are verified. */
  #accept(records: readonly HeadRecord[], isLive: boolean): void {
    const part = records.slice(0, maxTaken)
    this.#checking -= part.length
    const outcomes =
      this.#ports.store.acceptHeads?.(part) ?? part.map((record) => this.#ports.store.acceptHead(record))
    for (const [at, record] of part.entries()) {
      const outcome = outcomes[at]
      if (outcome === 'stale') this.#doubt(record)
      this.#ports.onHead(record.head.identity, { isNew: outcome === 'new', isLive })
    }
    const left = records.slice(part.length)
    if (left.length > 0) this.#ports.effects.soon(() => this.#accept(left, isLive))
    else this.#settled()
  }

  start(): void {
    this.#isFirst = true
    for (const { identity } of this.#ports.store.feeds({ watched: true })) this.#add(identity)
    this.#ask()
  }

  refresh(identities: Iterable<Identity>): void {
    this.#forgetUnwatched()
    for (const identity of identities) {
      this.#reconsider(identity)
      if (
        !this.#known.has(identity) &&
        this.#ports.mayAsk(identity) &&
        this.#ports.store.feed(identity)?.watched === true
      )
        this.#add(identity)
    }
    this.#askSoon()
  }

  take(count: number, bytes: Uint8Array): void {
    this.#take(count, bytes, true)
  }

  asks(identity: Identity): boolean {
    return this.#known.has(identity) || this.#isExpected(identity)
  }

  note({ head }: HeadRecord): void {
    void this.#heads.set(head.identity, head)
  }

  takeOne(record: HeadRecord): void {
    this.#takeAll([record], null, true)
  }

  takeAll(records: readonly HeadRecord[], isAsked: IsAsked): void {
    this.#takeAll(records, isAsked)
  }

  look(identity: Identity): void {
    this.#ports.onHead(identity, { isNew: false, isLive: false })
  }

  head(identity: Identity): Head | null {
    return this.#heads.get(identity) ?? this.#ports.caughtUp()?.head(identity) ?? null
  }

  told(): Iterable<Identity> {
    return this.#heads.keys()
  }

  busy(): number {
    return this.#open + this.#checking + this.#toAsk.length
  }
}

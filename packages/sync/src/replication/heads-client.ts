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

export interface HeadsClientPorts {
  readonly store: Pick<
    Store,
    'feed' | 'feeds' | 'headRecords' | 'acceptHead' | 'acceptHeads' | 'entryAt' | 'need' | 'headLog'
  >
  readonly asked: Asked
  readonly effects: Pick<Effects, 'verify' | 'after' | 'soon' | 'end'>
  readonly log: Log
  /** Whether the other side may learn that we watch that feed (T30); what it may not is not asked for. */
  readonly mayAsk: (identity: Identity) => boolean
  /** Heads that were not asked for: they say nothing by themselves (T18). */
  readonly onUnasked: (records: readonly HeadRecord[]) => void
  /** The other side has this head, and we know it; something may be fetched. */
  readonly onHead: (identity: Identity, how: Told) => void
  /** What coming up to date has settled, or will (catch-up.ts); null where only lists are told. */
  readonly caughtUp: () => CaughtUp | null
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
  takeAll(records: readonly HeadRecord[], isAsked: (identity: Identity) => boolean): void
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

/** Ms, whatever the other side says. */
const minRetryMs = 100

/** F9: two records an epoch; some more, because a false one may be among them. */
const maxDoubts = 8

/** Heads that are taken in one turn, and one transaction: some 20 ms. */
const maxTaken = 256

/** Each is looked up, instead of all that was watched or not since: at a hub others come and go by the thousand. */
const fewKnown = 16

/** Lists of 1,000 under way at once. */
const maxOpen = 4

export function createHeadsClient({
  store,
  asked,
  effects,
  log,
  mayAsk,
  onUnasked,
  onHead,
  caughtUp,
}: HeadsClientPorts): HeadsClient {
  const known = new Set<Identity>()
  const toAsk: Identity[] = []
  const heads = new SparseMap<Identity, Head>()
  /** Records that may prove a fork, once the entries at their lengths are here. */
  const doubts = new SparseMap<Identity, readonly HeadRecord[]>()
  /** The next list replaces what was watched before; not where a set was agreed on. */
  let isFirst = false
  let open = 0
  /** Lists that are asked for again soon: until then they are not settled. */
  let postponed = 0
  /** Asked for besides, and not answered yet: each once, however often it is said to differ (T16). */
  const askedBack = new SparseSet<Identity>()
  let checking = 0
  let asks = false
  /** Of the store's log: what was watched or not until then is known. */
  let seenCount = store.headLog?.position().count ?? 0

  /** What is not watched any more is not taken any more (C2), however long the other side goes on telling it. */
  function forgetUnwatched(): void {
    const count = store.headLog?.position().count ?? 0
    if (count === seenCount) return
    if (known.size <= fewKnown) {
      for (const identity of known) if (store.feed(identity)?.watched !== true) known.delete(identity)
      seenCount = count
      return
    }
    for (const { identity, watched } of store.headLog?.flipsSince(seenCount) ?? []) {
      if (!watched) known.delete(identity)
    }
    seenCount = count
  }

  function add(identity: Identity): void {
    if (known.has(identity) || !mayAsk(identity) || caughtUp()?.covers(identity) === true) return
    known.add(identity)
    toAsk.push(identity)
  }

  function askSoon(): void {
    if (asks || toAsk.length === 0) return
    asks = true
    effects.soon(() => {
      asks = false
      ask()
    })
  }

  function ask(): void {
    while (toAsk.length > 0 && open < maxOpen) {
      const identities = toAsk.splice(0, maxListedIds)
      const bytes = writeIdentities(identities)
      const count = identities.length
      open++
      // Watched first, so that no change is missed between the two.
      asked.open({ type: 'watch', count, replace: isFirst }, bytes, () => {})
      getHeads(identities, bytes, (retryMs) => {
        open--
        if (retryMs !== null) askAgain(identities, retryMs)
        ask()
      })
      isFirst = false
    }
  }

  function getHeads(
    identities: readonly Identity[],
    bytes: Uint8Array,
    done: (retryMs: number | null) => void,
    isAsked?: (identity: Identity) => boolean,
  ): void {
    asked.open({ type: 'getheads', count: identities.length }, bytes, (answer, answerBytes) => {
      if (answer.type === 'lastknownheads') take(answer.count, answerBytes, false, isAsked)
      else if (answer.type !== 'error') effects.end('bad-message')
      if (answer.type !== 'error' && !('end' in answer && answer.end)) return
      done(answer.type === 'error' ? answer.retry : null)
      settled()
    })
  }

  function askBack(identities: readonly Identity[]): void {
    const left = identities.filter((identity) => !askedBack.has(identity))
    for (let first = 0; first < left.length; first += maxListedIds) {
      const part = left.slice(first, first + maxListedIds)
      const wanted = new Set(part)
      for (const identity of part) askedBack.add(identity)
      open++
      const done = (retryMs: number | null): void => {
        open--
        for (const identity of part) askedBack.delete(identity)
        if (retryMs !== null) later(retryMs, () => askBack(part))
      }
      getHeads(part, writeIdentities(part), done, (identity) => wanted.has(identity))
    }
  }

  function later(retryMs: number, run: () => void): void {
    postponed++
    effects.after(Math.max(retryMs, minRetryMs), () => {
      postponed--
      run()
    })
  }

  const isSettled = (): boolean => open + postponed + checking + toAsk.length + doubts.size === 0

  function settled(): void {
    if (isSettled()) caughtUp()?.settle()
  }

  /** A lower head of this epoch proves a fork when the entries that we will hold are others (F9). */
  function doubt(record: HeadRecord): void {
    const { identity, epoch } = record.head
    if (epoch !== store.feed(identity)?.record?.head.epoch || !mayCome(record.head)) return
    doubts.set(identity, [...(doubts.get(identity) ?? []), record].slice(-maxDoubts))
  }

  /** Below what the policy keeps nothing is judged (F11). */
  function mayCome({ identity, length }: Head): boolean {
    const need = store.need(identity)
    return need !== null && (need.limit === null || length > need.fromLength - need.limit)
  }

  function reconsider(identity: Identity): void {
    const records = doubts.get(identity)
    if (records === undefined) return
    const left = records.filter(({ head }) => store.entryAt(identity, head.length) === null && mayCome(head))
    if (left.length === 0) doubts.delete(identity)
    else doubts.set(identity, left)
    for (const record of records) if (!left.includes(record)) store.acceptHead(record)
    settled()
  }

  function askAgain(identities: readonly Identity[], retryMs: number): void {
    later(retryMs, () => {
      toAsk.push(...identities)
      ask()
    })
  }

  const isExpected = (identity: Identity): boolean => caughtUp()?.expects(identity) === true

  function take(count: number, bytes: Uint8Array, isLive: boolean, isAsked = isExpected): void {
    const records = readHeads(bytes, count)
    if (records === null) effects.end('bad-message')
    else takeAll(records, isAsked, isLive)
  }

  function takeAll(
    records: readonly HeadRecord[],
    isAsked: (identity: Identity) => boolean,
    isLive = false,
  ): void {
    const isOurs = ({ head }: HeadRecord): boolean => known.has(head.identity) || isAsked(head.identity)
    const watched = records.filter(isOurs)
    if (watched.length < records.length) onUnasked(records.filter((record) => !isOurs(record)))
    if (watched.length === 0) return
    const ours = new Map<Identity, Head>()
    for (const { head } of store.headRecords(watched.map(({ head }) => head.identity))) {
      ours.set(head.identity, head)
    }
    const unknown = watched.filter(({ head }) => !isHeld(head, ours.get(head.identity) ?? null))
    // The first of each is what it has; the others prove a dispute (F9).
    for (const { head } of watched.toReversed()) heads.set(head.identity, head)
    const fresh = new Set(unknown)
    for (const record of watched)
      if (!fresh.has(record)) onHead(record.head.identity, { isNew: false, isLive })
    if (unknown.length > 0) check(unknown, isLive)
  }

  /** A head that says nothing new needs no check: the one we know, or an entry of the chain that we hold. */
  function isHeld(head: Head, ours: Head | null): boolean {
    if (ours === null || ours.epoch !== head.epoch) return ours !== null && ours.epoch > head.epoch
    if (ours.head === head.head) return ours.length === head.length && ours.comparable === head.comparable
    return head.length < ours.length && store.entryAt(head.identity, head.length)?.signed.cid === head.head
  }

  function check(records: readonly HeadRecord[], isLive: boolean): void {
    checking += records.length
    effects.verify(records.map(headCheck), (verdicts) => {
      const forged = records.find((_, index) => verdicts[index] !== true)
      if (forged !== undefined) {
        // H2: held against nobody but its sender.
        log.warn('head.forged', { feed: shortName(forged.head.identity) })
        effects.end('bad-head')
        return
      }
      accept(records, isLive)
    })
  }

  /** Their signatures are verified. */
  function accept(records: readonly HeadRecord[], isLive: boolean): void {
    const part = records.slice(0, maxTaken)
    checking -= part.length
    const outcomes = store.acceptHeads?.(part) ?? part.map((record) => store.acceptHead(record))
    for (const [at, record] of part.entries()) {
      const outcome = outcomes[at]
      if (outcome === 'stale') doubt(record)
      onHead(record.head.identity, { isNew: outcome === 'new', isLive })
    }
    const left = records.slice(part.length)
    if (left.length > 0) effects.soon(() => accept(left, isLive))
    else settled()
  }

  return {
    start() {
      isFirst = true
      for (const { identity } of store.feeds({ watched: true })) add(identity)
      ask()
    },
    refresh(identities) {
      forgetUnwatched()
      for (const identity of identities) {
        reconsider(identity)
        if (!known.has(identity) && mayAsk(identity) && store.feed(identity)?.watched === true) add(identity)
      }
      askSoon()
    },
    take: (count, bytes) => take(count, bytes, true),
    asks: (identity) => known.has(identity) || isExpected(identity),
    note: ({ head }) => void heads.set(head.identity, head),
    takeOne: (record) => takeAll([record], isExpected, true),
    takeAll: (records, isAsked) => takeAll(records, isAsked),
    askBack,
    look: (identity) => onHead(identity, { isNew: false, isLive: false }),
    isSettled,
    head: (identity) => heads.get(identity) ?? caughtUp()?.head(identity) ?? null,
    told: () => heads.keys(),
    busy: () => open + checking + toAsk.length,
  }
}

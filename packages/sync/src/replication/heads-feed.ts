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
import { createNewsSource } from '../gossip/news-source.ts'
import { deepestFirst } from '../gossip/order.ts'
import { createTellingRate } from '../gossip/telling-rate.ts'
import { Lazy } from '../lazy.ts'
import { maxListedIds } from '../limits.ts'
import type { Carry, GetHeads, Watch } from '../messages.ts'
import { readIdentities, writeHeads } from '../messages-bytes.ts'
import { hasIdentity, identitiesOf, keyCount } from '../reconcile/key-set.ts'
import { SparseMap } from '../sparse.ts'
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
  readonly remoteHead: (identity: Identity) => Head | null
  /** Feeds whose new entries go along with their heads unless the other side says otherwise (G4). */
  readonly carries: (identity: Identity) => boolean
  /** A head of a watched feed is told whose entry is not here yet. */
  readonly onLacked: (identity: Identity) => void
  /** Bytes that wait at the link. */
  readonly buffered: () => number
  /** The other side's whole list, after changes of it. */
  readonly onWatch: ((identities: readonly Identity[]) => void) | null
  /** It watches this sorted set from now on. */
  readonly onAdopt: (keys: Uint8Array) => void
  /** Whether the entry of that head is here and verified. */
  readonly isVerified: (head: RawCid) => boolean
  /** The same text for the same name (interests.ts). */
  readonly name: (identity: Identity) => Identity
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

export function createHeadsFeed({
  store,
  clock,
  sharing,
  effects,
  remoteHead,
  carries,
  onLacked,
  buffered,
  onWatch,
  onAdopt,
  name,
  isVerified,
}: HeadsFeedPorts): HeadsFeed {
  const watched = new Set<Identity>()
  const sent = new SparseMap<Identity, Head>()
  /** Of disputed feeds: the heads of the records that were told as proof. */
  const proven = new SparseMap<Identity, string>()
  /** When each was first seen, monotonic ms. */
  const changes = new SparseMap<Identity, number>()
  const open = new SparseMap<number, Producer>()
  /** Heads that we know and cannot give, where the other side was told so: it hears when we can. */
  const owed = new SparseMap<Identity, RawCid>()
  /** Sets that were agreed on, and what of them is told of. */
  const adopted: { readonly keys: Uint8Array; readonly told: readonly Identity[] | null }[] = []
  const isWatched = (identity: Identity): boolean =>
    watched.has(identity) || adopted.some(({ keys }) => hasIdentity(keys, identity))
  const newsSource = new Lazy(() => createNewsSource({ store, effects, isDefault: carries, isWatched }))
  const tellingRate = createTellingRate(buffered)
  /** What was chosen for a frame and is pulled one by one. */
  const outbox: Outgoing[] = []
  let lastFrameMs = Number.NEGATIVE_INFINITY
  let timer: Disposable | null = null
  let isDue = false
  let withheldIn: string | null = null
  let listTimer: Disposable | null = null
  let isListNew = false
  /** Names in the list that was told last. */
  let listed = 0

  function shared(identities: readonly Identity[]): readonly HeadRecord[] {
    const given = identities.filter((identity) => sharing.feed(identity))
    if (given.length < identities.length) withhold()
    return store.headRecords(given)
  }

  /** After two scopes there is none that stands for what was left out. */
  function withhold(): void {
    const { scope } = sharing
    withheldIn = withheldIn === null || withheldIn === scope ? scope : ''
  }

  /** What proves that these feeds are disputed (F9). */
  function proofs(records: readonly HeadRecord[]): readonly HeadRecord[] {
    return records.flatMap(({ head }) => {
      const evidence = evidenceOf(head.identity)
      if (evidence.length > 0 && isWatched(head.identity)) proven.set(head.identity, nameOf(evidence))
      return evidence.filter((record) => record.head.head !== head.head)
    })
  }

  const evidenceOf = (identity: Identity): readonly HeadRecord[] =>
    (store.feed(identity)?.disputedAbove ?? null) === null ? [] : store.forkEvidence(identity)

  const nameOf = (evidence: readonly HeadRecord[]): string =>
    evidence
      .map(({ head }) => `${head.epoch}.${head.head}`)
      .sort()
      .join()

  /** More may be known of a dispute though the highest head is what it was: the other side need not have it. */
  function isProven(identity: Identity): boolean {
    const evidence = evidenceOf(identity)
    return evidence.length === 0 || proven.get(identity) === nameOf(evidence)
  }

  /** The epoch counts too: after a rebase that only took entries away a head is what it once was. */
  function isSent({ head }: HeadRecord): boolean {
    const last = sent.get(head.identity)
    return last?.head === head.head && last.epoch === head.epoch
  }

  function remember(records: readonly HeadRecord[]): void {
    for (const { head } of records) {
      if (isWatched(head.identity)) sent.set(head.identity, head)
      owed.delete(head.identity)
    }
  }

  function tell(identities: readonly Identity[]): readonly HeadRecord[] {
    const records = shared(identities)
    remember(records)
    return [...records, ...proofs(records)]
  }

  /** What we know the other side to have: what it told, or was told. */
  function known(identity: Identity): Head | null {
    const [theirs, told] = [remoteHead(identity), sent.get(identity) ?? null]
    if (theirs === null || told === null) return theirs ?? told
    return theirs.epoch > told.epoch || (theirs.epoch === told.epoch && theirs.length > told.length)
      ? theirs
      : told
  }

  /** A rebase that only takes entries away ends at a head that was one before. */
  function remoteHas({ head }: HeadRecord): boolean {
    const theirs = remoteHead(head.identity)
    return theirs?.head === head.head && theirs.epoch === head.epoch
  }

  /** While a feed comes from the other side, each part of it is a change, and none is news to them. */
  function untold(identity: Identity): HeadRecord | null {
    const [record] = store.headRecords([identity])
    if (record === undefined) return null
    if (owed.get(identity) === record.head.head) return isVerified(record.head.head) ? record : null
    return (isSent(record) || remoteHas(record)) && isProven(identity) ? null : record
  }

  /** Whoever hears of a head asks for its entries at once: better when they are here. */
  function isRipe(identity: Identity, sinceMs: number): boolean {
    const state = store.feed(identity)
    if (state?.watched !== true || state.record === null) return true
    // Where the head is all that is kept, nothing comes that it could wait for.
    if (state.policy.depth.type === 'last' && state.policy.depth.count === 0) return true
    return clock.monotonic() - sinceMs >= fetchMs || isVerified(state.record.head.head)
  }

  function live(): Outgoing | null {
    if (isDue) choose()
    return outbox.shift() ?? null
  }

  /** What is told now; what has no room stays among the changes. */
  function choose(): void {
    isDue = false
    const candidates: { record: HeadRecord; deficit: number; newest: number }[] = []
    for (const [identity, sinceMs] of changes) {
      if (candidates.length === maxListedIds) break
      const record = untold(identity)
      if (record === null) changes.delete(identity)
      else if (!sharing.feed(identity)) {
        withhold()
        changes.delete(identity)
      } else if (isRipe(identity, sinceMs))
        candidates.push({ record, deficit: deficitOf(record), newest: sinceMs })
    }
    if (candidates.length > 0) fillOutbox(deepestFirst(candidates).map(({ record }) => record))
    tellAfter(coalesceMs)
  }

  function fillOutbox(records: readonly HeadRecord[]): void {
    const telling = tellingRate()
    const alone: HeadRecord[] = []
    for (const record of records.slice(0, telling.heads)) {
      const { identity } = record.head
      changes.delete(identity)
      const news = telling.carries ? newsSource.get().news(record, known(identity)) : null
      if (
        !isVerified(record.head.head) &&
        store.entry(record.head.head) === null &&
        store.need(identity) !== null
      )
        onLacked(identity)
      if (news === null) alone.push(record)
      else outbox.push(news)
      remember([record])
    }
    const all = [...alone, ...proofs(alone)]
    if (all.length > 0) {
      outbox.push({ message: { type: 'heads', count: all.length, online: 0 }, bytes: writeHeads(all) })
    }
    lastFrameMs = clock.monotonic()
  }

  /** Entries that the other side lacks, as far as we know. */
  function deficitOf({ head }: HeadRecord): number {
    const theirs = known(head.identity)
    return theirs === null || theirs.epoch !== head.epoch ? head.length : head.length - theirs.length
  }

  function tellAfter(ms: number): void {
    if (changes.size === 0 || timer !== null) return
    timer = effects.after(ms, () => {
      timer = null
      isDue = true
      effects.wake()
    })
  }

  /** The first change at once, later ones together. */
  function tellList(): void {
    isListNew = true
    if (listTimer !== null) return
    flushList()
    listTimer = effects.after(Math.max(listEveryMs, listed * listEveryMsPerName), () => {
      listTimer = null
      if (isListNew) tellList()
    })
  }

  function flushList(): void {
    if (isListNew && onWatch !== null) {
      const list = adopted.length === 0 ? watched : new Set(watched)
      for (const { keys, told } of adopted)
        for (const identity of told ?? identitiesOf(keys)) list.add(identity)
      listed = list.size
      onWatch([...list])
    }
    isListNew = false
  }

  return {
    getHeads({ id }, bytes) {
      if (open.size >= maxOpenLists) {
        effects.send({ type: 'error', re: id, code: 'busy', retry: 1_000 })
        return
      }
      const identities = readIdentities(bytes)
      if (identities === null) {
        effects.end('bad-message')
        return
      }
      let left: readonly HeadRecord[] | null = null
      open.set(id, {
        pull() {
          left ??= tell(identities)
          const records = left.slice(0, maxListedIds)
          left = left.slice(maxListedIds)
          const end = left.length === 0
          if (end) open.delete(id)
          return {
            message: { type: 'lastknownheads', re: id, end, count: records.length },
            bytes: writeHeads(records),
          }
        },
      })
      effects.wake()
    },
    watch({ id, replace }, bytes) {
      const identities = readIdentities(bytes)?.map(name) ?? null
      if (identities === null) {
        effects.end('bad-message')
        return []
      }
      const sizeBefore = watched.size
      if (replace) {
        watched.clear()
        adopted.length = 0
        sent.clear()
        proven.clear()
        changes.clear()
      }
      const adoptedCount = adopted.reduce((sum, { keys }) => sum + keyCount(keys), 0)
      if (
        adoptedCount + watched.size + identities.length > 2 * sharing.maxWatched ||
        watched.size + identities.length > sharing.maxWatched
      ) {
        effects.send({ type: 'error', re: id, code: 'too-many', retry: null })
        return identities
      }
      for (const identity of identities) watched.add(identity)
      if (replace) newsSource.made?.prune()
      effects.send({ type: 'watching', re: id, end: true })
      if (replace || watched.size !== sizeBefore) tellList()
      return identities
    },
    carry: (message, bytes) => newsSource.get().carry(message, bytes),
    watches: isWatched,
    adopt(keys, told) {
      adopted.push({ keys, told })
      onAdopt(keys)
      if (told === null || told.length > 0) tellList()
    },
    tell,
    tellServed(identity) {
      const [highest] = store.headRecords([identity])
      if (highest === undefined || !isWatched(identity) || !sharing.feed(identity)) return
      const record = store.servedHead?.(identity) ?? null
      const isTold =
        owed.get(identity) === highest.head.head && sent.get(identity)?.head === record?.head.head
      if (record === null || isTold) return
      sent.set(identity, record.head)
      owed.set(identity, highest.head.head)
      effects.send({ type: 'heads', count: 1, online: 0 }, writeHeads([record]))
    },
    pending: () => changes.size + outbox.length,
    withheldIn: () => withheldIn,
    cancel: (id) => void open.delete(id),
    changed(identities) {
      const nowMs = clock.monotonic()
      const fresh = [...identities].filter(isWatched)
      for (const identity of fresh) if (!changes.has(identity)) changes.set(identity, nowMs)
      const isQuiet = nowMs - lastFrameMs >= coalesceMs
      const isWorth = (identity: Identity): boolean =>
        untold(identity) !== null && isRipe(identity, changes.get(identity) ?? nowMs)
      if (isQuiet && fresh.some(isWorth)) {
        isDue = true
        effects.wake()
      } else {
        tellAfter(Math.max(0, lastFrameMs + coalesceMs - nowMs) || coalesceMs)
      }
    },
    pull: () => takeTurns(open) ?? live(),
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      listTimer?.[Symbol.dispose]()
      flushList()
    },
  }
}

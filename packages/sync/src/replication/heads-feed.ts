/**
 * Tells the other side the heads it asks about, and each change of those it watches (spec R1).
 *
 *     getheads ─▶ lastknownheads      watch ─▶ watching … change ─100 ms▶ heads
 *
 * @module
 */
import type { Head, HeadRecord, Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { maxListedIds } from '../limits.ts'
import type { GetHeads, Watch } from '../messages.ts'
import { readIdentities, writeHeads } from '../messages-bytes.ts'
import { type Effects, maxOpenLists, type Outgoing, type Producer, takeTurns } from './effects.ts'
import type { Sharing } from './sharing.ts'

export interface HeadsFeedPorts {
  readonly store: Pick<Store, 'headRecords' | 'forkEvidence' | 'feed' | 'entry'>
  readonly clock: Pick<Clock, 'monotonic'>
  readonly sharing: Sharing
  readonly effects: Pick<Effects, 'send' | 'after' | 'wake' | 'end'>
  /** Whether the other side told us this very head: then it need not be told. */
  readonly remoteHas: (record: HeadRecord) => boolean
  /** The other side's whole list, after changes of it. */
  readonly onWatch: (identities: readonly Identity[]) => void
}

export interface HeadsFeed extends Producer, Disposable {
  getHeads(message: GetHeads, bytes: Uint8Array): void
  watch(message: Watch, bytes: Uint8Array): void
  cancel(id: number): void
  /** Whether the other side asked to hear of that feed. */
  watches(identity: Identity): boolean
  /** The store changed. */
  changed(identities: Iterable<Identity>): void
}

/** R1, ms. */
const coalesceMs = 100

/** F9: two records an epoch, the newest four epochs, and the highest. */
const maxProofs = 10

/** A head whose entries we fetch ourselves is told when we can give them, or after so long, ms. */
const fetchMs = 2_000

/** Changes of the other side's list are told at most so often, ms: each costs as much as the list is long (T16). */
const listEveryMs = 1_000

export function createHeadsFeed({
  store,
  clock,
  sharing,
  effects,
  remoteHas,
  onWatch,
}: HeadsFeedPorts): HeadsFeed {
  const watched = new Set<Identity>()
  const sent = new Map<Identity, Head>()
  /** When each was first seen, monotonic ms. */
  const changes = new Map<Identity, number>()
  const open = new Map<number, Producer>()
  let timer: Disposable | null = null
  let isDue = false
  let listTimer: Disposable | null = null
  let isListNew = false

  const shared = (identities: readonly Identity[]): readonly HeadRecord[] =>
    store.headRecords(identities.filter((identity) => sharing.feed(identity)))

  /** What proves that these feeds are disputed (F9). */
  function proofs(records: readonly HeadRecord[]): readonly HeadRecord[] {
    return records.flatMap(({ head }) => {
      if ((store.feed(head.identity)?.disputedAbove ?? null) === null) return []
      return store.forkEvidence(head.identity).filter((record) => record.head.head !== head.head)
    })
  }

  /** The epoch counts too: after a rebase that only took entries away a head is what it once was. */
  function isSent({ head }: HeadRecord): boolean {
    const last = sent.get(head.identity)
    return last?.head === head.head && last.epoch === head.epoch
  }

  function remember(records: readonly HeadRecord[]): void {
    for (const { head } of records) if (watched.has(head.identity)) sent.set(head.identity, head)
  }

  const isUntold = (record: HeadRecord): boolean => !isSent(record) && !remoteHas(record)

  /** While a feed comes from the other side, each part of it is a change, and none is news to them. */
  const isNews = (identity: Identity): boolean => store.headRecords([identity]).some(isUntold)

  /** Whoever hears of a head asks for its entries at once: better when they are here. */
  function isRipe(identity: Identity, sinceMs: number): boolean {
    const state = store.feed(identity)
    if (state?.watched !== true || state.record === null) return true
    // Where the head is all that is kept, nothing comes that it could wait for.
    if (state.policy.depth.type === 'last' && state.policy.depth.count === 0) return true
    return clock.monotonic() - sinceMs >= fetchMs || store.entry(state.record.head.head)?.verified === true
  }

  function live(): Outgoing | null {
    if (!isDue) return null
    isDue = false
    const ripe: Identity[] = []
    for (const [identity, sinceMs] of changes) {
      if (ripe.length === maxListedIds / maxProofs) break
      if (isNews(identity) && !isRipe(identity, sinceMs)) continue
      ripe.push(identity)
      changes.delete(identity)
    }
    tellSoon()
    const records = shared(ripe).filter(isUntold)
    remember(records)
    const all = [...records, ...proofs(records)]
    if (all.length === 0) return null
    return { message: { type: 'heads', count: all.length, online: 0 }, bytes: writeHeads(all) }
  }

  function tellSoon(): void {
    if (changes.size === 0 || timer !== null) return
    timer = effects.after(coalesceMs, () => {
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
    listTimer = effects.after(listEveryMs, () => {
      listTimer = null
      if (isListNew) tellList()
    })
  }

  function flushList(): void {
    if (isListNew) onWatch([...watched])
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
      const first = (): readonly HeadRecord[] => {
        const records = shared(identities)
        remember(records)
        return [...records, ...proofs(records)]
      }
      open.set(id, {
        pull() {
          left ??= first()
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
      const identities = readIdentities(bytes)
      if (identities === null) {
        effects.end('bad-message')
        return
      }
      const sizeBefore = watched.size
      if (replace) {
        watched.clear()
        sent.clear()
        changes.clear()
      }
      if (watched.size + identities.length > sharing.maxWatched) {
        effects.send({ type: 'error', re: id, code: 'too-many', retry: null })
        return
      }
      for (const identity of identities) watched.add(identity)
      effects.send({ type: 'watching', re: id, end: true })
      if (replace || watched.size !== sizeBefore) tellList()
    },
    watches: (identity) => watched.has(identity),
    cancel: (id) => void open.delete(id),
    changed(identities) {
      const nowMs = clock.monotonic()
      for (const identity of identities) {
        if (watched.has(identity) && !changes.has(identity)) changes.set(identity, nowMs)
      }
      tellSoon()
    },
    pull: () => takeTurns(open) ?? live(),
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      listTimer?.[Symbol.dispose]()
      flushList()
    },
  }
}

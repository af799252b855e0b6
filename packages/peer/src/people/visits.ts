/**
 * A look at somebody before one follows them: what that would bring here, and what they wrote last (spec Y46).
 *
 *     their feeds, not watched ─▶ watched for a while: newest heads, a few entries ─▶ lengths and bytes, as claimed
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { FeedState, Store, WatchPolicy } from '@effigy/store'
import { type LookPorts, lookUntil } from '../joining/look-until.ts'
import type { Pulse } from '../live.ts'
import { visitHop } from '../relations.ts'
import { aborted } from '../rest.ts'
import type { FollowCost } from './people.ts'

export interface VisitPorts extends Omit<LookPorts, 'signal' | 'store'> {
  readonly store: VisitStore
  readonly self: Identity
  readonly isConnected: () => boolean
  /** Fires when somebody comes or goes. */
  readonly sessions: Pulse
}

type VisitStore = Pick<
  Store,
  'watch' | 'feed' | 'feeds' | 'entry' | 'synods' | 'watchFeed' | 'forget' | 'linkedBytes'
>

export interface Visits {
  /** What is fetched is here until it is disposed. */
  open(identity: Identity): Visit
}

export interface Visit extends Disposable {
  /** Asks for what is not known yet. Rejects with the signal's reason alone. */
  look(signal: AbortSignal): Promise<FollowCost>
  /** Resolves when there may be more to look at, or with the signal. */
  news(signal: AbortSignal): Promise<void>
}

/** A device, the key that it names, and what that account lists. */
const maxRounds = 3

/** No timeline has them, and nothing of it stays. */
const visited: WatchPolicy = { depth: { type: 'last', count: 32 }, blobs: { type: 'none' }, hop: visitHop }

export function createVisits(ports: VisitPorts): Visits {
  const { store, self, refresh } = ports
  /** One for all who look, in several tabs too. */
  const looks = new Map<Identity, Look>()

  function enter(feed: Identity): void {
    const known = looks.get(feed)
    if (known !== undefined) known.count++
    else {
      looks.set(feed, { count: 1, before: store.feed(feed) })
      store.watchFeed(feed, visited)
    }
  }

  /** What came goes again, unless somebody has begun to want it. */
  function leave(feed: Identity): void {
    const look = looks.get(feed)
    if (look === undefined || --look.count > 0) return
    looks.delete(feed)
    const state = store.feed(feed)
    if (state?.policy.hop !== visitHop) return
    store.watchFeed(feed, null)
    if ((look.before?.heldCount ?? 0) === 0) store.forget(feed)
  }

  // Cut off in the middle of a visit.
  for (const { identity, policy } of [...store.feeds({ watched: true })]) {
    if (policy.hop !== visitHop) continue
    store.watchFeed(identity, null)
    store.forget(identity)
  }

  async function untilConnected(signal: AbortSignal): Promise<void> {
    while (!ports.isConnected() && !signal.aborted) await ports.sessions.after(ports.sessions.count, signal)
  }

  const isForeign = (feed: Identity): boolean =>
    feed !== self && (looks.has(feed) || store.feed(feed)?.watched !== true)

  return {
    open(identity) {
      const mine = new Set<Identity>()
      return {
        async look(signal) {
          for (let round = 0; round < maxRounds && ports.isConnected(); round++) {
            const feeds = feedsOf(store, identity).filter((feed) => isForeign(feed) && !mine.has(feed))
            if (feeds.length === 0) break
            for (const feed of feeds) {
              mine.add(feed)
              enter(feed)
            }
            // What was heard of once may be old: then all are waited for.
            const isNew = feeds.every((feed) => (looks.get(feed)?.before?.record ?? null) === null)
            const isDone = (): boolean => isNew && feeds.every((feed) => isTold(store, feed))
            await lookUntil(isDone, feeds, { ...ports, signal })
          }
          const before = new Map(Array.from(looks, ([feed, look]) => [feed, look.before]))
          return costOf(store, feedsOf(store, identity), before, !ports.isConnected())
        },
        async news(signal) {
          if (!ports.isConnected()) return untilConnected(signal)
          const { promise, resolve } = Promise.withResolvers<void>()
          using _watching = store.watch(({ feeds, synods }) => {
            if ((synods?.size ?? 0) > 0 || [...feeds].some((feed) => mine.has(feed))) resolve()
          })
          await Promise.race([promise, aborted(signal)])
        },
        [Symbol.dispose]() {
          for (const feed of mine) leave(feed)
          if (mine.size > 0) refresh([...mine])
          mine.clear()
        },
      }
    },
  }
}

interface Look {
  count: number
  /** As it was before anybody looked. */
  readonly before: FeedState | null
}

/** Of a device whose account is not known: itself, and the key that its newest entry names. */
function feedsOf({ feed, entry, synods }: VisitStore, identity: Identity): readonly Identity[] {
  const root = synods?.accountOf(identity) ?? null
  const authority = root === null ? null : (synods?.account(root) ?? null)
  if (authority !== null) {
    return [...authority.standings].flatMap(([each, { type }]) =>
      type === 'member' || type === 'in-power' ? [each] : [],
    )
  }
  const head = feed(identity)?.record?.head.head
  const key = head === undefined ? null : (entry(head)?.signed.entry.synod?.[0] ?? null)
  return key === null ? [identity] : [identity, key]
}

/** Its newest entry is here, and of an account's state that it is proven. */
function isTold({ feed, entry, synods }: VisitStore, identity: Identity): boolean {
  const head = feed(identity)?.record?.head.head
  const newest = head === undefined ? null : entry(head)
  if (newest === null) return false
  return !newest.signed.entry.payload.includes('"synod"') || synods?.accountOf(identity) != null
}

function costOf(
  store: VisitStore,
  feeds: readonly Identity[],
  before: ReadonlyMap<Identity, FeedState | null>,
  isAlone: boolean,
): FollowCost {
  const states = feeds.flatMap((feed) => store.feed(feed) ?? [])
  const told = states.filter(({ record }) => record !== null)
  // What was fetched to look is no part of it.
  const held = told.map((state) => (before.has(state.identity) ? before.get(state.identity) : state))
  const isWhole = told.length === feeds.length && told.every(isWholeFeed)
  const fileBytes = (): number => sum(told, ({ identity }) => store.linkedBytes?.(identity) ?? 0)
  return {
    feeds: feeds.length,
    told: told.length,
    entries: sum(told, ({ record }) => record?.head.length ?? 0),
    bytes: sum(told, ({ record }) => record?.head.bytes ?? 0),
    held: {
      entries: sum(held, (state) => state?.heldCount ?? 0),
      bytes: sum(held, (state) => state?.heldBytes ?? 0),
    },
    fileBytes: isWhole ? fileBytes() : null,
    isAlone,
  }
}

const isWholeFeed = ({ record, heldCount }: FeedState): boolean => heldCount === record?.head.length

function sum<Value>(values: readonly Value[], of: (value: Value) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}

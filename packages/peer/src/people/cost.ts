/**
 * What following somebody would bring here, before one does (spec Y46).
 *
 *     their feeds, not watched ─▶ watched for a moment: newest heads, a few entries ─▶ lengths and bytes, as claimed
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { FeedState, Store } from '@effigy/store'
import { newestStates } from '../account/find-account.ts'
import { type LookPorts, lookUntil } from '../joining/look-until.ts'
import { policyOf } from '../relations.ts'
import type { FollowCost } from './people.ts'

export interface CostPorts extends Omit<LookPorts, 'signal' | 'store'> {
  readonly store: CostStore
  readonly self: Identity
  readonly isConnected: () => boolean
}

type CostStore = Pick<Store, 'watch' | 'feed' | 'entry' | 'synods' | 'watchFeed' | 'forget' | 'linkedBytes'>

/** A device, the key that it names, and what that account lists. */
const maxRounds = 3

export async function followCost(
  ports: CostPorts,
  identity: Identity,
  signal: AbortSignal,
): Promise<FollowCost> {
  const { store } = ports
  const looks = new Map<Identity, Disposable>()
  const before = new Map<Identity, FeedState | null>()
  try {
    for (let round = 0; round < maxRounds && ports.isConnected(); round++) {
      const feeds = feedsOf(store, identity).filter((feed) => isForeign(ports, feed) && !looks.has(feed))
      if (feeds.length === 0) break
      for (const feed of feeds) {
        before.set(feed, store.feed(feed))
        looks.set(feed, watchNewest(store, feed))
      }
      // What was heard of once may be old: then all are waited for.
      const isNew = feeds.every((feed) => (before.get(feed)?.record ?? null) === null)
      await lookUntil(() => isNew && feeds.every((feed) => isTold(store, feed)), feeds, { ...ports, signal })
    }
    return costOf(store, feedsOf(store, identity), before, !ports.isConnected())
  } finally {
    for (const look of looks.values()) look[Symbol.dispose]()
    ports.refresh([...looks.keys()])
  }
}

const isForeign = ({ store, self }: CostPorts, feed: Identity): boolean =>
  feed !== self && store.feed(feed)?.watched !== true

/** Of a device whose account is not known: itself, and the key that its newest entry names. */
function feedsOf({ feed, entry, synods }: CostStore, identity: Identity): readonly Identity[] {
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
function isTold({ feed, entry, synods }: CostStore, identity: Identity): boolean {
  const head = feed(identity)?.record?.head.head
  const newest = head === undefined ? null : entry(head)
  if (newest === null) return false
  return !newest.signed.entry.payload.includes('"synod"') || synods?.accountOf(identity) != null
}

/** Until disposed; then what came goes again, unless somebody has begun to want it. */
function watchNewest(store: CostStore, identity: Identity): Disposable {
  const isHeld = (store.feed(identity)?.heldCount ?? 0) > 0
  store.watchFeed(identity, newestStates)
  return {
    [Symbol.dispose]() {
      if (JSON.stringify(policyOf(store, identity)) !== JSON.stringify(newestStates)) return
      store.watchFeed(identity, null)
      if (!isHeld) store.forget(identity)
    },
  }
}

function costOf(
  store: CostStore,
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

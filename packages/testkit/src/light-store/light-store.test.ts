/** The light store under the contract of every feed store, and its hand-over to the full one. */
import {
  createChanges,
  createFeedStore,
  type FeedTables,
  migrations,
  type ProjectedEntry,
  type StoreChange,
} from '@effigy/store'
import { openNodeStore, openSqlite } from '@effigy/store/node'
import { describe, expect, test } from 'vitest'
import { feedStoreContract } from '../../../store/test/contract.ts'
import { extend, headOf, runOf, sha256, testFeed, testIdentity } from '../../../store/test/feed-maker.ts'
import type { OpenFeeds, OpenFeedsOptions } from '../../../store/test/open-feeds.ts'
import { createInterning, LightFeeds, LightStore } from './index.ts'

const alice = testIdentity('alice')
const headsOnly = { depth: { type: 'last', count: 0 }, blobs: { type: 'none' } } as const
const everything = { depth: { type: 'all' }, blobs: { type: 'all' } } as const

/** As `openFeeds`: what is shown, the full store alone can say. */
function openLight(options: OpenFeedsOptions = {}): OpenFeeds {
  const db = openSqlite(':memory:', { migrations })
  const shown = new Map<number, ProjectedEntry>()
  const seen: StoreChange[] = []
  const clock = { now: 1_800_000_000_000 }
  const now = (): number => clock.now
  const openFull = (): FeedTables => {
    const changes = createChanges(db)
    const projector = {
      show: (entry: ProjectedEntry) => void shown.set(entry.id, entry),
      hide: (id: number) => void shown.delete(id),
    }
    const full = createFeedStore(db, { ...options, sha256, now, changes, projector })
    watchFull = () => changes.watch((change) => seen.push(change))
    return full
  }
  let watchFull: () => Disposable = () => ({ [Symbol.dispose]() {} })
  class Light extends LightFeeds<FeedTables> {
    protected override onHandOver(): void {
      watchFull()
    }
  }
  const light = new Light({ sha256, now, openFull, interning: createInterning() })
  light.watch((change) => seen.push(change))
  const feeds = new Proxy(light as unknown as FeedTables, {
    get(_, name) {
      const source: object = name in light ? light : light.full()
      const value: unknown = Reflect.get(source, name)
      return typeof value === 'function' ? value.bind(source) : value
    },
  })
  return {
    feeds,
    db,
    clock,
    changes: seen,
    get shown() {
      light.full()
      return shown
    },
    [Symbol.dispose]: () => db[Symbol.dispose](),
  }
}

describe('light feeds', () => {
  feedStoreContract(openLight)
})

function openStore(): LightStore {
  const options = { sha256, now: () => 5_000 }
  return new LightStore({
    ...options,
    openFull: () => openNodeStore(':memory:', options),
    interning: createInterning(),
  })
}

describe('light store', () => {
  test('[S3] heads, own entries and straight runs are light', () => {
    using store = openStore()
    const chain = testFeed(alice, 6)
    store.watchFeed(alice, everything)
    store.acceptHead(headOf(chain.slice(0, 2)))
    store.acceptHead(headOf(chain.slice(0, 4)))
    expect(store.appendRun(runOf(chain.slice(0, 4)))).toMatchObject({ type: 'appended', added: 4 })
    store.settle(store.unverified(10).map(({ id }) => ({ id, valid: true })))
    store.acceptHead(headOf(chain))
    expect(store.need(alice)).toMatchObject({ fromLength: 6, locator: { length: 4 } })
    store.appendRun(runOf(chain.slice(4)))
    store.settleEntries(chain.map(({ cid }) => ({ cid, valid: true })))
    expect(store.unverifiedCount()).toBe(0)
    expect(store.need(alice)).toBeNull()
    expect(store.isFull).toBe(false)
  })

  test('[S11] what is handed over is what was here', () => {
    using store = openStore()
    using full = openNodeStore(':memory:', { sha256, now: () => 5_000 })
    const chain = testFeed(alice, 6)
    for (const each of [store, full]) {
      each.saveSetting('colour', 'blue')
      each.watchFeed(testIdentity('bob'), headsOnly)
      each.acceptHead(headOf(testFeed(testIdentity('bob'), 3)))
      each.watchFeed(alice, everything)
      each.acceptHead(headOf(chain))
      each.appendRun(runOf(chain))
      each.settle(each.unverified(3).map(({ id }) => ({ id, valid: true })))
    }
    // Given out before, answered afterwards.
    const [next] = store.unverified(1)
    const timeline = store.timeline().items.map(({ cid, verified }) => [cid, verified])
    expect(store.isFull).toBe(true)
    expect(timeline).toEqual(full.timeline().items.map(({ cid, verified }) => [cid, verified]))
    expect([...store.feeds()]).toEqual([...full.feeds()])
    expect(store.setting('colour')).toBe('blue')
    expect(store.unverifiedCount()).toBe(3)
    store.settle([{ id: next!.id, valid: true }])
    expect(store.unverifiedCount()).toBe(2)
  })

  test('[S4] listeners go on hearing after the hand-over', () => {
    using store = openStore()
    const told: string[][] = []
    using _watching = store.watch(({ feeds }) => told.push([...feeds]))
    const chain = testFeed(alice, 4)
    store.watchFeed(alice, headsOnly)
    store.acceptHead(headOf(chain))
    expect(store.acceptHead(headOf(extend(alice, chain.slice(0, 3), ['other'])))).toBe('forked')
    expect(store.isFull).toBe(true)
    expect(told).toEqual([[alice], [alice], [alice]])
    expect(store.forkEvidence(alice)).toHaveLength(2)
  })
})

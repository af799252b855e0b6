/** Parts of feeds: policies that change, older entries on demand, feeds that are forgotten (S8, S14). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliver, deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, runOf, sha256, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { medium, newFolder, openSqlite, openTestStore, runs } from '../../test/medium.ts'
import { openFeeds } from '../../test/open-feeds.ts'
import { migrations, type WatchPolicy } from '../index.ts'

const alice = testIdentity('alice')
const length = 40
const chain = testFeed(alice, length)
const source = sourceOf(chain)
const blobs = { type: 'none' } as const
const last = (count: number): WatchPolicy => ({ depth: { type: 'last', count }, blobs })

function watching(policy: WatchPolicy) {
  const world = openFeeds(openSqlite(':memory:', { migrations }))
  world.feeds.watchFeed(alice, policy)
  world.feeds.acceptHead(headOf(chain))
  deliverAll(world.feeds, alice, source)
  return world
}

const heldOf = ({ feeds }: ReturnType<typeof watching>): number => feeds.feed(alice)?.heldCount ?? 0

test('[S8] older entries on demand: down to the one asked for, once, and the policy stays', () => {
  using world = watching(last(5))
  const { feeds } = world
  expect(heldOf(world)).toBe(5)
  {
    using _ = feeds.reachDown(alice, length - 14)
    expect(feeds.need(alice)).toMatchObject({ limit: 10, since: null })
    deliverAll(feeds, alice, source)
    expect(heldOf(world)).toBe(15)
    expect(feeds.need(alice)).toBeNull()
  }
  expect(feeds.feed(alice)?.policy).toEqual(last(5))
  expect(feeds.need(alice)).toBeNull()
  expect(heldOf(world)).toBe(15)
})

test('[S8] of two who ask, the lower counts, and each ends alone', () => {
  using world = watching({ depth: { type: 'since', comparable: chain[35]!.entry.comparable }, blobs })
  const { feeds } = world
  const [held, low, high] = [heldOf(world), feeds.reachDown(alice, 3), feeds.reachDown(alice, 20)]
  expect(held).toBeLessThan(10)
  expect(feeds.need(alice)?.limit).toBe(length - 2 - held)
  low[Symbol.dispose]()
  low[Symbol.dispose]()
  expect(feeds.need(alice)?.limit).toBe(length - 19 - held)
  high[Symbol.dispose]()
  expect(feeds.need(alice)).toBeNull()
})

test('[F10] [S8] after a rebase that only took the newest entries away, as many older ones come as the policy wants', () => {
  using world = watching(last(5))
  const { feeds } = world
  const left = chain.slice(0, length - 2)
  feeds.acceptHead(headOf(left, 2))
  deliverAll(feeds, alice, source)
  expect(feeds.feed(alice)?.runs).toMatchObject([{ first: length - 6, last: length - 2 }])
  expect(feeds.need(alice)).toBeNull()
})

test('[S14] [H4] [T4] a forgotten feed leaves nothing but its highest head, and comes back when it is watched', () => {
  using world = watching(last(10))
  const { feeds, db } = world
  feeds.watchFeed(alice, null)
  feeds.forget(alice)
  for (const table of ['entries', 'bodies', 'runs', 'unverified']) {
    expect(db.first(`select count(*) as n from ${table}`), table).toEqual({ n: 0 })
  }
  expect(world.shown.size).toBe(0)
  expect(feeds.acceptHead(headOf(chain.slice(0, 20)))).toBe('stale')
  expect(feeds.feed(alice)).toMatchObject({ heldCount: 0, heldBytes: 0, record: headOf(chain) })
  feeds.watchFeed(alice, last(3))
  deliverAll(feeds, alice, source)
  expect(heldOf(world)).toBe(3)
})

test('[S14] the room of a forgotten feed goes back to the disk', () => {
  const folder = newFolder()
  using store = openTestStore(folder, { sha256, now: () => 5_000 })
  const sizeOf = (name: string): number => medium.fileBytes(`${folder}/${name}`)
  const texts = Array.from({ length: 1_000 }, (_, at) => `${at} ${'long '.repeat(1_500)}`)
  const long = extend(alice, [], texts)
  store.watchFeed(alice, { depth: { type: 'all' }, blobs })
  store.acceptHead(headOf(long))
  store.appendRun(runOf(long))
  while (store.indexSearch(500).behind > 0);
  while (store.sweepBlobs());
  store.watchFeed(alice, null)
  store.forget(alice)
  while (store.sweepBlobs());
  // A row of the feed, the views' empty tables, the slack that is left for what comes next.
  expect(sizeOf('main.sqlite')).toBeLessThan(2 * 1024 * 1024)
  expect(store.feed(alice)?.record).toEqual(headOf(long))
  expect(store.feedItems(alice).items).toEqual([])
})

type Act =
  | { readonly type: 'policy'; readonly policy: WatchPolicy | null }
  | { readonly type: 'reach'; readonly first: number }
  | { readonly type: 'forget' }
  | { readonly type: 'grow' }
  | { readonly type: 'fetch'; readonly batches: number }

const depth: fc.Arbitrary<WatchPolicy['depth']> = fc.oneof(
  fc.constant({ type: 'all' } as const),
  fc.record({ type: fc.constant('last' as const), count: fc.integer({ min: 1, max: 60 }) }),
  fc.record({
    type: fc.constant('since' as const),
    comparable: fc.nat(length - 1).map((at) => chain[at]!.entry.comparable),
  }),
)
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    type: fc.constant('policy' as const),
    policy: fc.option(
      depth.map((one) => ({ depth: one, blobs })),
      { nil: null },
    ),
  }),
  fc.record({ type: fc.constant('reach' as const), first: fc.integer({ min: 1, max: length }) }),
  fc.constant({ type: 'forget' as const }),
  fc.constant({ type: 'grow' as const }),
  fc.record({ type: fc.constant('fetch' as const), batches: fc.integer({ min: 1, max: 3 }) }),
)

/** The lowest entry that has to be here. */
function lowest(known: number, policy: WatchPolicy): number {
  const { depth: how } = policy
  if (how.type === 'all') return 1
  if (how.type === 'last') return Math.max(1, known - how.count + 1)
  const at = chain.findIndex(({ entry }) => entry.comparable >= how.comparable)
  return Math.min(at + 1, known)
}

test('[S8] [S14] any policies and changes of them: as deep as the last one wants, from the head down without a gap', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), depth, (acts, final) => {
      using world = openFeeds(openSqlite(':memory:', { migrations }))
      const { feeds } = world
      let known = 10
      feeds.watchFeed(alice, last(1))
      feeds.acceptHead(headOf(chain.slice(0, known)))
      for (const one of acts) {
        if (one.type === 'policy') feeds.watchFeed(alice, one.policy)
        else if (one.type === 'forget') feeds.forget(alice)
        else if (one.type === 'fetch') deliver(feeds, alice, source, { batch: 4, batches: one.batches })
        else if (one.type === 'grow') {
          known = Math.min(length, known + 7)
          feeds.acceptHead(headOf(chain.slice(0, known)))
        } else {
          using _ = feeds.reachDown(alice, one.first)
          deliverAll(feeds, alice, source)
          const state = feeds.feed(alice)
          if (state?.watched) expect(state.runs.at(-1)?.first).toBeLessThanOrEqual(Math.min(one.first, known))
        }
      }
      feeds.watchFeed(alice, { depth: final, blobs })
      deliverAll(feeds, alice, source)
      const run = feeds.feed(alice)?.runs.at(-1)
      const wantsNone =
        final.type === 'since' && final.comparable > headOf(chain.slice(0, known)).head.comparable
      if (!wantsNone) {
        expect(run?.last).toBe(known)
        expect(run?.first).toBeLessThanOrEqual(lowest(known, { depth: final, blobs }))
      }
      expect(feeds.need(alice)).toBeNull()
      expect(feeds.feed(alice)?.record).toEqual(headOf(chain.slice(0, known)))
      expect(world.shown.size).toBe(feeds.feed(alice)?.heldCount)
    }),
    { numRuns: runs(200) },
  )
})

/**
 * Whatever the order in which heads and batches come, and wherever deliveries break off, a store ends
 * up with the same chain; and never shows two entries of which one does not lie above the other.
 *
 * @module
 */
import { compareHeads, type HeadRecord, type RawCid, type SignedEntry } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followAll } from '../src/feeds/feed-table.ts'
import { migrations } from '../src/index.ts'
import { pendingOf } from './contract-world.ts'
import { deliver, deliverAll, sourceOf } from './deliver.ts'
import { extend, headOf, testIdentity } from './feed-maker.ts'
import { openSqlite, runs } from './medium.ts'
import { type OpenFeeds, openFeeds } from './open-feeds.ts'

const alice = testIdentity('alice')

/** One epoch: how much of the former chain stays, how long it grows, and where it forks, if it does. */
interface EpochPlan {
  readonly keep: number
  readonly grow: number
  readonly fork: { readonly back: number; readonly grow: number } | null
}

const epochPlan: fc.Arbitrary<EpochPlan> = fc.record({
  keep: fc.nat(12),
  grow: fc.integer({ min: 1, max: 9 }),
  fork: fc.option(fc.record({ back: fc.nat(8), grow: fc.integer({ min: 1, max: 9 }) }), { nil: null }),
})

interface World {
  readonly heads: readonly HeadRecord[]
  readonly chains: readonly (readonly SignedEntry[])[]
  readonly expected: readonly string[]
  readonly highest: HeadRecord
  readonly disputedAbove: number | null
}

/** Every head that was ever announced, and what a store that knows all must show. */
function build(plans: readonly EpochPlan[]): World {
  const heads: HeadRecord[] = []
  const chains: SignedEntry[][] = []
  let chain: SignedEntry[] = []
  let expected: readonly string[] = []
  let disputedAbove: number | null = null
  for (const [index, { keep, grow, fork }] of plans.entries()) {
    const epoch = index + 1
    const base = chain.slice(0, Math.min(keep, chain.length))
    const announce = (branch: SignedEntry[], from: number): void => {
      for (let length = from; length <= branch.length; length += 2)
        heads.push(headOf(branch.slice(0, length), epoch))
      heads.push(headOf(branch, epoch))
      chains.push(branch)
    }
    chain = extend(
      alice,
      base,
      Array.from({ length: grow }, (_, at) => `epoch ${epoch} entry ${at}`),
    )
    announce(chain, base.length + 1)
    expected = chain.map(({ cid }) => cid)
    disputedAbove = null
    if (fork !== null) {
      const common = Math.max(0, chain.length - 1 - fork.back)
      const other = extend(
        alice,
        chain.slice(0, common),
        Array.from({ length: fork.grow }, (_, at) => `epoch ${epoch} other ${at}`),
      )
      // Only these two: a head inside the common part or an early one of a branch tells less, and is told too late.
      heads.push(headOf(other, epoch))
      chains.push(other)
      expected = chain.slice(0, common).map(({ cid }) => cid)
      disputedAbove = common
    }
  }
  const highest = heads.reduce((a, b) => (compareHeads(a.head, b.head) >= 0 ? a : b))
  return { heads, chains, expected, highest, disputedAbove }
}

type Step =
  | { readonly type: 'head'; readonly pick: number }
  | { readonly type: 'fetch'; readonly batch: number; readonly batches: number; readonly lie: number | null }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant('head' as const), pick: fc.nat() }),
  fc.record({
    type: fc.constant('fetch' as const),
    batch: fc.integer({ min: 1, max: 5 }),
    batches: fc.integer({ min: 1, max: 4 }),
    lie: fc.option(fc.nat(15), { nil: null }),
  }),
)

/** What is shown is one chain without contradictions, and told to the views as such. */
function checkInvariants({ feeds, shown }: OpenFeeds): void {
  const state = feeds.feed(alice)
  const chain = [...feeds.chain(alice)].map(({ signed }) => signed)
  expect(state?.heldCount).toBe(chain.length)
  expect(state?.heldBytes).toBe(chain.reduce((sum, { bytes }) => sum + bytes.length, 0))
  expect([...shown.values()].map(({ cid }) => cid).sort()).toEqual(chain.map(({ cid }) => cid).sort())
  const lengths = new Map(chain.map((entry) => [entry.entry.length, entry]))
  const inRuns = (state?.runs ?? []).flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, at) => first + at),
  )
  expect(inRuns).toEqual(chain.map(({ entry }) => entry.length))
  for (const { first, last } of state?.runs ?? []) {
    for (let length = first + 1; length <= last; length++) {
      expect(lengths.get(length)?.entry.parent).toBe(lengths.get(length - 1)?.cid as RawCid)
    }
  }
}

test('[S11] [F8] [F9] [F10] any order of heads and batches, cut anywhere, converges to the same chain', () => {
  fc.assert(
    fc.property(
      fc.array(epochPlan, { minLength: 1, maxLength: 3 }),
      fc.array(step, { maxLength: 25 }),
      (plans, steps) => {
        const { heads, chains, expected, highest, disputedAbove } = build(plans)
        const source = sourceOf(...chains)
        using world = openFeeds(openSqlite(':memory:', { migrations }))
        const { feeds } = world
        feeds.watchFeed(alice, followAll)
        for (const next of steps) {
          if (next.type === 'head') feeds.acceptHead(heads[next.pick % heads.length] as HeadRecord)
          else {
            const { batch, batches, lie } = next
            deliver(feeds, alice, source, {
              batch,
              batches,
              ...(lie === null ? {} : { lieAboutBase: () => lie }),
            })
          }
          checkInvariants(world)
        }
        // Gossip repeats itself: in the end every head has been heard while everything else was there.
        for (let round = 0; round < 3; round++) {
          for (const head of heads) {
            feeds.acceptHead(head)
            deliverAll(feeds, alice, source)
          }
        }
        checkInvariants(world)
        expect(feeds.feed(alice)?.record).toEqual(highest)
        expect([...feeds.chain(alice)].map(({ signed }) => signed.cid)).toEqual(expected)
        expect(feeds.feed(alice)?.disputedAbove).toBe(disputedAbove)
        expect(feeds.need(alice)).toBeNull()
      },
    ),
    { numRuns: runs(150) },
  )
})

test('[S6] [F7] verdicts in any order and any portions: the lowest false signature counts', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.nat(29), { maxLength: 4 }),
      fc.array(fc.nat(29), { minLength: 30, maxLength: 30 }),
      (count, bad, order) => {
        const chain = extend(
          alice,
          [],
          Array.from({ length: count }, (_, at) => `entry ${at}`),
        )
        using world = openFeeds(openSqlite(':memory:', { migrations }))
        const { feeds } = world
        feeds.watchFeed(alice, followAll)
        feeds.acceptHead(headOf(chain))
        deliverAll(feeds, alice, sourceOf(chain), { batch: 4 })
        const pending = pendingOf(feeds)
        const badCids = new Set(bad.map((at) => chain[at % count]?.cid))
        const verdicts = pending
          .map(({ id, cid }, at) => ({ id, valid: !badCids.has(cid), at: order[at] as number }))
          .sort((a, b) => a.at - b.at)
        for (let at = 0; at < verdicts.length; at += 3) {
          feeds.settle(verdicts.slice(at, at + 3))
          checkInvariants(world)
        }
        const lowest = Math.min(count, ...bad.map((at) => at % count))
        expect([...feeds.chain(alice)]).toHaveLength(bad.length === 0 ? count : lowest)
        expect(feeds.unverifiedCount()).toBe(0)
        expect([...feeds.chain(alice)].every(({ verified }) => verified)).toBe(true)
      },
    ),
    { numRuns: runs(100) },
  )
})

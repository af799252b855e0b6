/**
 * Signatures, erasing, own entries, clocks (spec F8, S4, S6, S7, S9).
 *
 * @module
 */
import type { SignedEntry } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { followAll } from '../src/feeds/feed-table.ts'
import {
  alice,
  all,
  bob,
  chainOf,
  cids,
  pendingOf,
  settleAll,
  shownLengths,
  upTo,
  worldsOver,
} from './contract-world.ts'
import { deliverAll, sourceOf } from './deliver.ts'
import { extend, headOf, runOf, testFeed } from './feed-maker.ts'
import type { OpenFeeds } from './open-feeds.ts'

export function actingContract(open: () => OpenFeeds): void {
  const { watching, holding } = worldsOver(open)

  describe('signatures', () => {
    test('[F8] [R8] only verified entries are served', () => {
      const chain = testFeed(alice, 10)
      using world = holding(chain)
      const top = chain[9]?.cid as never
      expect(world.feeds.serve(alice, top, all)).toEqual([])
      const pending = pendingOf(world.feeds)
      expect(pending.map(({ cid }) => cid).sort()).toEqual(cids(chain).sort())
      const verdicts = pending.map(({ id, cid }) => ({ id, cid, valid: true }))
      world.feeds.settle(verdicts.filter(({ cid }) => cid !== chain[2]?.cid))
      expect(world.feeds.unverifiedCount()).toBe(1)
      expect(world.feeds.serve(alice, top, all).map(({ entry }) => entry.cid)).toEqual(cids(chain.slice(3)))
      expect(world.feeds.entryAt(alice, 3)?.verified).toBe(false)
      expect(world.feeds.entryAt(alice, 4)?.verified).toBe(true)
      settleAll(world)
      expect(world.feeds.serve(alice, top, all).map(({ entry }) => entry.cid)).toEqual(cids(chain))
      expect(world.feeds.serve(bob, top, all)).toEqual([])
    })

    test('[R4] blocks end at their bounds, oldest first inside', () => {
      const chain = testFeed(alice, 10)
      using world = holding(chain)
      settleAll(world)
      const lengths = (from: number, options: object): number[] =>
        world.feeds
          .serve(alice, chain[from - 1]?.cid as never, { ...all, ...options })
          .map(({ entry }) => entry.entry.length)
      expect(lengths(10, { maxEntries: 3 })).toEqual([8, 9, 10])
      expect(lengths(7, { maxEntries: 3 })).toEqual([5, 6, 7])
      expect(lengths(7, { above: 5 })).toEqual([6, 7])
      expect(lengths(10, { maxBytes: 1 })).toEqual([10])
      const two = (chain[9]?.bytes.length ?? 0) + (chain[8]?.bytes.length ?? 0)
      expect(lengths(10, { maxBytes: two })).toEqual([9, 10])
    })

    test('[F8] types that act are told again once they are verified', () => {
      const chain = extend(alice, testFeed(alice, 1), [
        {
          payload: JSON.stringify({
            type: 'follow',
            at: 1,
            target: { identity: bob, root: null },
            value: true,
          }),
        },
      ])
      using world = holding(chain)
      const told = [...world.shown.values()].map(({ length, verified }) => [length, verified])
      expect(told.sort()).toEqual([
        [1, false],
        [2, false],
      ])
      settleAll(world)
      const again = [...world.shown.values()].map(({ length, verified }) => [length, verified])
      expect(again.sort()).toEqual([
        [1, false],
        [2, true],
      ])
    })
  })

  describe('erasing', () => {
    const contentOf = (world: OpenFeeds, length: number): string =>
      world.feeds.entryAt(alice, length)?.content as string
    const eraseOf = (identity: string, content: string): string =>
      JSON.stringify({ type: 'erase', at: 1, targets: [{ identity, content }] })

    test('[S7] an erase hides once it is verified, and what comes later too', () => {
      const plain = testFeed(alice, 4)
      using first = holding(plain)
      const target = contentOf(first, 2)
      const chain = extend(alice, plain, [{ payload: eraseOf(alice, target) }, 'after'])
      using world = holding(chain)
      expect(shownLengths(world)).toEqual(upTo(6))
      settleAll(world)
      expect(shownLengths(world)).toEqual([1, 3, 4, 5, 6])
      expect(chainOf(world)).toEqual(cids(chain))
      // The same content written again is refused as well.
      const again = extend(alice, chain, ['note 2'])
      world.feeds.acceptHead(headOf(again))
      deliverAll(world.feeds, alice, sourceOf(again))
      expect(shownLengths(world)).toEqual([1, 3, 4, 5, 6])
    })

    test('[T26] when the erase leaves the chain, what it hid comes back', () => {
      const plain = testFeed(alice, 4)
      using first = holding(plain)
      const chain = extend(alice, plain, [{ payload: eraseOf(alice, contentOf(first, 2)) }])
      using world = holding(chain)
      settleAll(world)
      expect(shownLengths(world)).toEqual([1, 3, 4, 5])
      const rebased = extend(alice, plain, ['instead'])
      world.feeds.acceptHead(headOf(rebased, 2))
      deliverAll(world.feeds, alice, sourceOf(rebased))
      expect(shownLengths(world)).toEqual(upTo(5))
    })

    test('[T27] nobody erases what is another’s', () => {
      const plain = testFeed(alice, 2)
      using world = holding(plain)
      settleAll(world)
      const mallory = extend(bob, [], [{ payload: eraseOf(alice, contentOf(world, 1)) }])
      world.feeds.watchFeed(bob, followAll)
      world.feeds.acceptHead(headOf(mallory))
      deliverAll(world.feeds, bob, sourceOf(mallory))
      settleAll(world)
      expect(shownLengths(world)).toEqual([1, 2])
    })
  })

  describe('own entries', () => {
    test('[S9] own entries are verified, shown and told of at once', () => {
      using world = open()
      const chain = testFeed(alice, 5)
      const own = chain.map((entry) => ({ entry, body: null }))
      world.feeds.appendOwn(own.slice(0, 2), headOf(chain.slice(0, 2)))
      world.feeds.appendOwn(own.slice(2), headOf(chain))
      expect(chainOf(world)).toEqual(cids(chain))
      expect(world.feeds.unverifiedCount()).toBe(0)
      expect(world.feeds.feed(alice)).toMatchObject({ record: headOf(chain), runs: [{ first: 1, last: 5 }] })
      expect(world.feeds.serve(alice, chain[4]?.cid as never, all)).toHaveLength(5)
      expect(shownLengths(world)).toEqual(upTo(5))
    })

    test('[S9] own entries that do not continue the feed are a bug, and change nothing', () => {
      using world = open()
      const chain = testFeed(alice, 5)
      const own = chain.map((entry) => ({ entry, body: null }))
      world.feeds.appendOwn(own.slice(0, 2), headOf(chain.slice(0, 2)))
      expect(() => world.feeds.appendOwn(own.slice(3), headOf(chain))).toThrow(TypeError)
      expect(() => world.feeds.appendOwn(own.slice(0, 2), headOf(chain.slice(0, 2)))).toThrow('newer state')
      expect(chainOf(world)).toEqual(cids(chain.slice(0, 2)))
      world.feeds.appendOwn(own.slice(2), headOf(chain))
      expect(chainOf(world)).toEqual(cids(chain))
    })

    test('[F10] an own rebase replaces what lies above its base', () => {
      using world = open()
      const chain = testFeed(alice, 5)
      const rebased = extend(alice, chain.slice(0, 2), ['3'])
      world.feeds.appendOwn(
        chain.map((entry) => ({ entry, body: null })),
        headOf(chain),
      )
      world.feeds.replaceOwn(2, [{ entry: rebased[2] as SignedEntry, body: null }], headOf(rebased, 2))
      expect(chainOf(world)).toEqual(cids(rebased))
      expect(shownLengths(world)).toEqual(upTo(3))
    })

    test('[F10] an own rebase may leave nothing above its base', () => {
      using world = open()
      const chain = testFeed(alice, 5)
      const left = chain.slice(0, 3)
      world.feeds.appendOwn(
        chain.map((entry) => ({ entry, body: null })),
        headOf(chain),
      )
      world.feeds.replaceOwn(3, [], headOf(left, 2))
      expect(chainOf(world)).toEqual(cids(left))
      expect(world.feeds.need(alice)).toBe(null)
      const next = extend(alice, left, ['again'])
      world.feeds.appendOwn([{ entry: next[3] as SignedEntry, body: null }], headOf(next, 2))
      expect(chainOf(world)).toEqual(cids(next))
    })
  })

  test('[T24] a clock that is off by ten years, or jumps, loses nothing', () => {
    const chain = testFeed(alice, 9)
    const rebased = extend(alice, chain.slice(0, 5), ['6'])
    const tenYears = 10 * 365 * 86_400_000
    for (const jumps of [
      [tenYears, -tenYears, 0],
      [-tenYears, tenYears, -tenYears],
    ]) {
      using world = watching()
      const start = world.clock.now
      const steps = [
        () => world.feeds.acceptHead(headOf(chain)),
        () => deliverAll(world.feeds, alice, sourceOf(chain)),
        () => world.feeds.acceptHead(headOf(rebased, 2)),
        () => deliverAll(world.feeds, alice, sourceOf(rebased)),
        () => settleAll(world),
      ]
      for (const [at, step] of steps.entries()) {
        world.clock.now = start + (jumps[at % jumps.length] as number)
        step()
      }
      expect(chainOf(world)).toEqual(cids(rebased))
      expect(shownLengths(world)).toEqual(upTo(6))
    }
  })

  test('[S4] listeners hear after the commit, and nothing of what was rolled back', () => {
    using world = watching()
    const chain = testFeed(alice, 3)
    const told = world.changes.length
    expect(() =>
      world.feeds.appendOwn(
        chain.map((entry) => ({ entry, body: null })),
        headOf(chain.slice(0, 2)),
      ),
    ).toThrow(TypeError)
    expect(world.changes.length).toBe(told)
    expect(world.feeds.feed(alice)?.record).toBeNull()
    world.feeds.acceptHead(headOf(chain))
    world.feeds.appendRun(runOf(chain))
    expect(chainOf(world)).toEqual(cids(chain))
  })
}

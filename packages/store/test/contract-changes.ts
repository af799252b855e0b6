/**
 * Chains that break, are rewritten or fork (spec F7, F9, F10).
 *
 * @module
 */
import { cidDigest, type SignedEntry } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import {
  alice,
  all,
  bob,
  chainOf,
  cids,
  settleAll,
  shownLengths,
  upTo,
  worldsOver,
} from './contract-world.ts'
import { deliver, deliverAll, sourceOf } from './deliver.ts'
import { extend, fakeSign, headOf, runOf, testFeed } from './feed-maker.ts'

import { type OpenFeeds, passDays } from './open-feeds.ts'

export function changeContract(open: () => OpenFeeds): void {
  const { watching, holding } = worldsOver(open)

  describe('broken feeds', () => {
    test('[F3] [F4] [F6] a broken rule under a head: what lies below stays', () => {
      const good = testFeed(alice, 4)
      const top = good[3] as SignedEntry
      const wrong = {
        length: fakeSign({ ...top.entry, parent: top.cid, length: 9, comparable: 9000 }),
        comparable: fakeSign({ ...top.entry, parent: top.cid, length: 5 }),
        identity: fakeSign({ ...top.entry, identity: bob, parent: top.cid, length: 5, comparable: 9000 }),
      }
      for (const [code, entry] of Object.entries(wrong)) {
        using world = watching()
        const chain = [...good, entry]
        const { head, signature } = headOf(chain)
        world.feeds.acceptHead({ head: { ...head, identity: alice }, signature })
        const outcome = world.feeds.appendRun({ identity: alice, entries: chain, bodies: new Map() })
        expect(outcome).toEqual({ type: 'broken', code })
        expect(chainOf(world)).toEqual(cids(good))
        expect(world.feeds.feed(alice)?.broken).toMatchObject({ length: 5, cid: entry.cid, code })
        expect(world.feeds.need(alice)).toBeNull()
      }
      using world = watching()
      const { head, signature } = headOf(good)
      world.feeds.acceptHead({ head: { ...head, comparable: 5 }, signature })
      expect(world.feeds.appendRun(runOf(good))).toEqual({ type: 'broken', code: 'comparable' })
      expect(chainOf(world)).toEqual(cids(good.slice(0, 3)))
    })

    test('[F7] a rule broken where two runs meet breaks the upper one', () => {
      const good = testFeed(alice, 4)
      const top = good[3] as SignedEntry
      const jump = fakeSign({ ...top.entry, parent: top.cid, length: 9, comparable: 9000 })
      const upper = extend(alice, [jump], ['x', 'y'])
      using world = watching()
      world.feeds.acceptHead(headOf(upper))
      expect(world.feeds.appendRun(runOf(upper))).toMatchObject({ type: 'appended', added: 3 })
      expect(world.feeds.appendRun(runOf(good))).toEqual({ type: 'broken', code: 'length' })
      expect(chainOf(world)).toEqual(cids(good))
      expect(world.feeds.feed(alice)?.broken).toMatchObject({ cid: jump.cid, code: 'length' })
    })

    test('[F7] a false signature breaks the feed from that entry on, the lowest counts', () => {
      const chain = testFeed(alice, 9)
      using world = holding(chain)
      settleAll(world, new Set([chain[6]?.cid as string, chain[4]?.cid as string]))
      expect(chainOf(world)).toEqual(cids(chain.slice(0, 4)))
      expect(shownLengths(world)).toEqual(upTo(4))
      expect(world.feeds.feed(alice)).toMatchObject({
        heldCount: 4,
        broken: { length: 5, code: 'signature' },
      })
      expect(world.feeds.unverifiedCount()).toBe(0)
      expect(world.feeds.entry(chain[6]?.cid as never)).toBeNull()
      expect(world.feeds.need(alice)).toBeNull()
    })

    test('[F7] the owner repairs a broken feed by rebasing, and what was broken never comes back', () => {
      const chain = testFeed(alice, 9)
      using world = holding(chain)
      settleAll(world, new Set([chain[4]?.cid as string]))
      const repaired = extend(alice, chain.slice(0, 4), ['5', '6'])
      world.feeds.acceptHead(headOf(repaired, 2))
      deliverAll(world.feeds, alice, sourceOf(repaired))
      expect(chainOf(world)).toEqual(cids(repaired))
      expect(world.feeds.feed(alice)?.broken).toBeNull()
      // A third epoch with the broken entry in it is broken again.
      world.feeds.acceptHead(headOf(chain, 3))
      deliverAll(world.feeds, alice, sourceOf(chain))
      settleAll(world)
      expect(chainOf(world)).toEqual(cids(chain.slice(0, 4)))
      expect(world.feeds.feed(alice)?.broken).toMatchObject({ length: 5, code: 'signature' })
    })

    test('[F11] below a broken entry the feed is still completed', () => {
      const chain = testFeed(alice, 12)
      using world = watching()
      world.feeds.acceptHead(headOf(chain))
      deliver(world.feeds, alice, sourceOf(chain), { batches: 2 })
      settleAll(world, new Set([chain[8]?.cid as string]))
      expect(world.feeds.feed(alice)?.runs).toEqual([{ first: 7, last: 8 }])
      deliverAll(world.feeds, alice, sourceOf(chain))
      expect(chainOf(world)).toEqual(cids(chain.slice(0, 8)))
    })
  })

  describe('rebases', () => {
    test('[F10] what left the chain is hidden at once, what stays is not fetched again', () => {
      const chain = testFeed(alice, 9)
      const rebased = extend(alice, chain.slice(0, 5), ['6', '7'])
      using world = holding(chain)
      settleAll(world)
      expect(world.feeds.acceptHead(headOf(rebased, 2))).toBe('new')
      const need = world.feeds.need(alice)
      expect(need).toMatchObject({ rewinds: true, epoch: 2, fromLength: 7, locator: { length: 9 } })
      world.feeds.rewind(alice, 2, 5)
      expect(shownLengths(world)).toEqual(upTo(5))
      expect(world.feeds.appendRun(runOf(rebased.slice(5)))).toEqual({
        type: 'appended',
        added: 2,
        connected: true,
      })
      expect(chainOf(world)).toEqual(cids(rebased))
      expect(world.feeds.unverifiedCount()).toBe(2)
      expect(world.feeds.need(alice)).toBeNull()
      expect(world.feeds.forkEvidence(alice)).toEqual([])
    })

    test('[F10] a false base of the source costs time, never entries', () => {
      const chain = testFeed(alice, 9)
      const rebased = extend(alice, chain.slice(0, 5), ['6', '7', '8'])
      const source = sourceOf(chain, rebased)
      for (const lieAboutBase of [() => 0, () => 3, () => 7, () => 9, (base: number) => base]) {
        using world = holding(chain)
        world.feeds.acceptHead(headOf(rebased, 2))
        deliver(world.feeds, alice, source, { batch: 1, lieAboutBase })
        deliverAll(world.feeds, alice, source)
        expect(chainOf(world)).toEqual(cids(rebased))
        expect(shownLengths(world)).toEqual(upTo(8))
        expect(world.feeds.feed(alice)).toMatchObject({ heldCount: 8, disputedAbove: null, broken: null })
      }
    })

    test('[F10] hidden entries of the same chain come back without being fetched', () => {
      const chain = testFeed(alice, 9)
      const rebased = extend(alice, chain.slice(0, 5), ['6'])
      using world = holding(chain)
      world.feeds.acceptHead(headOf(rebased, 2))
      world.feeds.rewind(alice, 2, 0)
      expect(shownLengths(world)).toEqual([])
      expect(world.feeds.appendRun(runOf(rebased.slice(5)))).toEqual({
        type: 'appended',
        added: 1,
        connected: true,
      })
      expect(chainOf(world)).toEqual(cids(rebased))
      expect(shownLengths(world)).toEqual(upTo(6))
    })

    test('[S7] hidden entries are dropped when their time has come', () => {
      const chain = testFeed(alice, 9)
      const rebased = extend(alice, chain.slice(0, 5), ['6'])
      using world = holding(chain)
      world.feeds.acceptHead(headOf(rebased, 2))
      deliverAll(world.feeds, alice, sourceOf(rebased))
      passDays(world, 6)
      expect(world.feeds.dropHidden(7)).toBe(0)
      expect(world.feeds.entry(chain[8]?.cid as never)).not.toBeNull()
      passDays(world, 1)
      expect(world.feeds.dropHidden(7, { identities: [alice], days: 30 })).toBe(0)
      expect(world.feeds.dropHidden(7)).toBe(4)
      expect(world.feeds.entry(chain[8]?.cid as never)).toBeNull()
      expect(chainOf(world)).toEqual(cids(rebased))
      expect(world.feeds.unverifiedCount()).toBe(6)
    })
  })

  describe('forks', () => {
    const chain = testFeed(alice, 10)
    const branch = extend(alice, chain.slice(0, 6), ['b7', 'b8', 'b9', 'b10'])
    const longer = extend(alice, branch, ['b11', 'b12'])
    const source = sourceOf(chain, longer)

    test('[F9] [T5] two heads of equal length: the common prefix stays, both records are kept', () => {
      using world = holding(chain)
      expect(world.feeds.acceptHead(headOf(branch))).toBe('forked')
      expect(world.feeds.feed(alice)?.disputedAbove).toBe(9)
      deliverAll(world.feeds, alice, source, { batch: 1 })
      expect(chainOf(world)).toEqual(cids(chain.slice(0, 6)))
      expect(shownLengths(world)).toEqual(upTo(6))
      expect(world.feeds.feed(alice)).toMatchObject({ disputedAbove: 6, heldCount: 6 })
      expect(new Set(world.feeds.forkEvidence(alice))).toEqual(new Set([headOf(chain), headOf(branch)]))
      expect(world.feeds.acceptHead(headOf(branch))).toBe('known')
      expect(world.feeds.acceptHead(headOf(chain))).toBe('known')
      // Both branches survive, and are served to who asks for them by CID.
      settleAll(world)
      for (const side of [chain, branch]) {
        const served = world.feeds.serve(alice, side[9]?.cid as never, all)
        expect(served.map(({ entry }) => entry.cid)).toEqual(cids(side))
      }
      passDays(world, 9)
      expect(world.feeds.dropHidden(0)).toBe(0)
    })

    test('[F12] the branches are given once all of them are here and verified', () => {
      using world = holding(chain)
      expect(world.feeds.forkBranches(alice)?.every(({ isWhole }) => isWhole)).not.toBe(true)
      world.feeds.acceptHead(headOf(longer))
      expect(world.feeds.forkBranches(alice)?.every(({ isWhole }) => isWhole)).not.toBe(true)
      deliverAll(world.feeds, alice, source)
      expect(world.feeds.forkBranches(alice)?.every(({ isWhole }) => isWhole)).not.toBe(true)
      settleAll(world)
      const branches = world.feeds.forkBranches(alice) ?? []
      const sides = branches.map(({ record, entries }) => [record, entries.map(({ signed }) => signed.cid)])
      expect(new Set(sides)).toEqual(
        new Set([
          [headOf(chain), cids(chain.slice(6))],
          [headOf(longer), cids(longer.slice(6))],
        ]),
      )
    })

    test('[F9] a longer head that does not descend from the shorter', () => {
      using world = holding(chain)
      expect(world.feeds.acceptHead(headOf(longer))).toBe('new')
      deliverAll(world.feeds, alice, source)
      expect(world.feeds.feed(alice)).toMatchObject({ disputedAbove: 6, record: headOf(longer) })
      expect(chainOf(world)).toEqual(cids(chain.slice(0, 6)))
      expect(world.feeds.forkEvidence(alice)).toHaveLength(2)
    })

    test('[F9] the shorter head that comes last', () => {
      using world = watching()
      world.feeds.acceptHead(headOf(longer))
      deliverAll(world.feeds, alice, source)
      expect(world.feeds.acceptHead(headOf(chain))).toBe('forked')
      deliverAll(world.feeds, alice, source)
      expect(world.feeds.feed(alice)).toMatchObject({ disputedAbove: 6, record: headOf(longer) })
      expect(chainOf(world)).toEqual(cids(chain.slice(0, 6)))
    })

    test('[F9] a fork that was known before anything was fetched', () => {
      using world = watching()
      world.feeds.acceptHead(headOf(chain))
      expect(world.feeds.acceptHead(headOf(branch))).toBe('forked')
      deliverAll(world.feeds, alice, source)
      expect(world.feeds.feed(alice)).toMatchObject({ disputedAbove: 6 })
      expect(chainOf(world)).toEqual(cids(chain.slice(0, 6)))
      expect(world.feeds.need(alice)).toBeNull()
    })

    test('[F9] the next epoch heals', () => {
      using world = holding(chain)
      world.feeds.acceptHead(headOf(branch))
      deliverAll(world.feeds, alice, source)
      const healed = extend(alice, chain.slice(0, 6), ['all'])
      world.feeds.acceptHead(headOf(healed, 2))
      deliverAll(world.feeds, alice, sourceOf(healed))
      expect(chainOf(world)).toEqual(cids(healed))
      expect(world.feeds.feed(alice)).toMatchObject({ disputedAbove: null, heldCount: 7 })
      expect(world.feeds.forkEvidence(alice)).toHaveLength(2)
    })

    test('[F9] equal contents in equal order are no dispute: the lesser head CID is the feed', () => {
      const contents = ['x', 'y', 'z']
      const sides = [
        extend(alice, chain.slice(0, 4), contents, 'one'),
        extend(alice, chain.slice(0, 4), contents, 'two'),
      ]
      const [lesser, greater] = sides.sort((a, b) => compareTop(a, b)) as [SignedEntry[], SignedEntry[]]
      for (const order of [
        [lesser, greater],
        [greater, lesser],
      ]) {
        using world = watching()
        for (const side of order) {
          world.feeds.acceptHead(headOf(side))
          deliverAll(world.feeds, alice, sourceOf(...sides))
        }
        expect(chainOf(world)).toEqual(cids(lesser))
        expect(world.feeds.feed(alice)).toMatchObject({ disputedAbove: null, heldCount: 7 })
        expect(shownLengths(world)).toEqual(upTo(7))
        expect(world.feeds.need(alice)).toBeNull()
        const more = extend(alice, lesser, ['more'])
        world.feeds.acceptHead(headOf(more))
        deliverAll(world.feeds, alice, sourceOf(more))
        expect(chainOf(world)).toEqual(cids(more))
      }
    })

    test('[T5] evidence: two records an epoch, the newest four epochs; more while their branches are not here', () => {
      using world = watching()
      for (let epoch = 1; epoch <= 6; epoch++) {
        for (const variant of ['a', 'b', 'c']) {
          world.feeds.acceptHead(headOf(extend(alice, chain.slice(0, 6), [`${variant}${epoch}`]), epoch))
        }
      }
      const kept = world.feeds.forkEvidence(alice).map(({ head }) => head.epoch)
      expect(kept).toEqual([6, 6, 6, 5, 5, 4, 4, 3, 3])
    })
  })
}

function compareTop(a: readonly SignedEntry[], b: readonly SignedEntry[]): number {
  const [x, y] = [a, b].map((chain) => cidDigest((chain.at(-1) as SignedEntry).cid)) as [
    Uint8Array,
    Uint8Array,
  ]
  const at = x.findIndex((byte, index) => byte !== y[index])
  return (x[at] ?? 0) - (y[at] ?? 0)
}

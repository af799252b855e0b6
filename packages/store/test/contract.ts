/**
 * What every `FeedStore` must do, whatever SQLite is below it; the bracketed ids are rules of SPEC.md.
 *
 * @module
 */
import { cidDigest, rawCid, type SignedEntry } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { followAll } from '../src/feeds/feed-table.ts'
import { createGroupCommit, type WatchPolicy } from '../src/index.ts'
import type { Sqlite } from '../src/sqlite.ts'
import { deliver, deliverAll, sourceOf } from './deliver.ts'
import { extend, fakeSign, headOf, runOf, sha256, testFeed, testIdentity } from './feed-maker.ts'
import { type OpenFeeds, openFeeds } from './open-feeds.ts'

const alice = testIdentity('alice')
const bob = testIdentity('bob')

/** Lengths that views show of Alice, ascending. */
const shownLengths = ({ shown, feeds }: OpenFeeds): number[] =>
  [...shown.values()]
    .filter(({ identity }) => identity === alice)
    .map(({ length }) => length)
    .sort((a, b) => a - b)
    .filter((length) => feeds.entryAt(alice, length) !== null)

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

const chainOf = ({ feeds }: OpenFeeds): string[] => [...feeds.chain(alice)].map(({ signed }) => signed.cid)

const cids = (chain: readonly SignedEntry[]): string[] => chain.map(({ cid }) => cid)

const settleAll = ({ feeds }: OpenFeeds, bad: ReadonlySet<string> = new Set()): void => {
  const pending = feeds.unverified(100_000)
  feeds.settle(pending.map(({ id, cid }) => ({ id, valid: !bad.has(cid) })))
}

/** `open` gives an empty database with the migrations run. */
export function feedStoreContract(open: () => Sqlite): void {
  const watching = (policy: WatchPolicy = followAll): OpenFeeds => {
    const world = openFeeds(open())
    world.feeds.watchFeed(alice, policy)
    return world
  }

  /** A store that holds all of a chain under its head. */
  const holding = (chain: readonly SignedEntry[], policy: WatchPolicy = followAll): OpenFeeds => {
    const world = watching(policy)
    world.feeds.acceptHead(headOf(chain))
    deliverAll(world.feeds, alice, sourceOf(chain))
    return world
  }

  describe('heads', () => {
    test('[T18] heads of unwatched identities are not stored, unless by force', () => {
      using world = openFeeds(open())
      const record = headOf(testFeed(alice, 2))
      expect(world.feeds.acceptHead(record)).toBe('unwatched')
      expect(world.feeds.feed(alice)).toBeNull()
      expect(world.feeds.acceptHead(record, { force: true })).toBe('new')
      expect(world.feeds.headRecords([alice, bob])).toEqual([record])
    })

    test('[H4] a lower head changes nothing, the same is known', () => {
      using world = watching()
      const chain = testFeed(alice, 5)
      expect(world.feeds.acceptHead(headOf(chain.slice(0, 4)))).toBe('new')
      expect(world.feeds.acceptHead(headOf(chain))).toBe('new')
      expect(world.feeds.acceptHead(headOf(chain.slice(0, 4)))).toBe('stale')
      expect(world.feeds.acceptHead(headOf(chain))).toBe('known')
      expect(world.feeds.feed(alice)?.record).toEqual(headOf(chain))
    })

    test('[T4] a thousand old heads in any order: nobody moves back', () => {
      const chain = testFeed(alice, 500)
      using world = holding(chain)
      const highest = headOf(extend(alice, chain.slice(0, 3), ['rebased']), 3)
      world.feeds.acceptHead(highest)
      for (let round = 0; round < 1000; round++) {
        const length = ((round * 7919) % 500) + 1
        const epoch = (round % 2) + 1
        world.feeds.acceptHead(headOf(chain.slice(0, length), epoch))
        expect(world.feeds.feed(alice)?.record).toEqual(highest)
      }
    })

    test('[H4] the highest head outlives forgetting the feed', () => {
      const chain = testFeed(alice, 4)
      using world = holding(chain)
      world.feeds.forget(alice)
      expect(world.feeds.feed(alice)).toMatchObject({
        record: headOf(chain),
        heldCount: 0,
        heldBytes: 0,
        runs: [],
      })
      expect(world.shown.size).toBe(0)
      expect(world.feeds.unverifiedCount()).toBe(0)
      expect(world.feeds.acceptHead(headOf(chain.slice(0, 3)))).toBe('stale')
      deliverAll(world.feeds, alice, sourceOf(chain))
      expect(chainOf(world)).toEqual(cids(chain))
    })
  })

  describe('runs', () => {
    test('[S5] a run under a head is stored, shown and told of after the commit', () => {
      using world = watching()
      const chain = testFeed(alice, 3)
      world.feeds.acceptHead(headOf(chain))
      expect(world.feeds.appendRun(runOf(chain))).toEqual({ type: 'appended', added: 3, connected: true })
      expect(chainOf(world)).toEqual(cids(chain))
      expect(shownLengths(world)).toEqual([1, 2, 3])
      expect(world.changes.at(-1)).toMatchObject({ views: true, feeds: new Set([alice]) })
      const state = world.feeds.feed(alice)
      expect(state).toMatchObject({ heldCount: 3, heldBytes: headOf(chain).head.bytes })
      expect(state?.runs).toEqual([{ first: 1, last: 3 }])
    })

    test('[F8] a run that hangs from nothing is not stored', () => {
      using world = watching()
      const chain = testFeed(alice, 6)
      expect(world.feeds.appendRun(runOf(chain))).toEqual({ type: 'unattached' })
      world.feeds.acceptHead(headOf(chain))
      expect(world.feeds.appendRun(runOf(chain.slice(0, 3)))).toEqual({ type: 'unattached' })
      const [first, , third, ...rest] = chain
      expect(world.feeds.appendRun(runOf([first, third, ...rest] as SignedEntry[]))).toEqual({
        type: 'unattached',
      })
      expect(world.feeds.feed(alice)?.heldCount).toBe(0)
    })

    test('[S3] replaying a run is harmless', () => {
      const chain = testFeed(alice, 6)
      using world = holding(chain)
      const before = world.feeds.feed(alice)
      expect(world.feeds.appendRun(runOf(chain))).toMatchObject({ type: 'appended', added: 0 })
      expect(world.feeds.appendRun(runOf(chain.slice(1, 4)))).toMatchObject({ type: 'appended', added: 0 })
      expect(world.feeds.feed(alice)).toEqual(before)
      expect(world.feeds.need(alice)).toBeNull()
    })

    test('[F11] newest first with a gap, then the gap', () => {
      using world = watching()
      const chain = testFeed(alice, 20)
      const source = sourceOf(chain)
      world.feeds.acceptHead(headOf(chain.slice(0, 10)))
      deliverAll(world.feeds, alice, source)
      world.feeds.acceptHead(headOf(chain))
      deliver(world.feeds, alice, source, { batches: 2 })
      expect(world.feeds.feed(alice)?.runs).toEqual([
        { first: 1, last: 10 },
        { first: 15, last: 20 },
      ])
      expect(world.feeds.need(alice)).toMatchObject({
        fromLength: 14,
        rewinds: false,
        locator: { length: 10 },
      })
      deliverAll(world.feeds, alice, source)
      expect(world.feeds.feed(alice)?.runs).toEqual([{ first: 1, last: 20 }])
      expect(shownLengths(world)).toEqual(upTo(20))
    })

    test('[F11] a run under a head that was overtaken while it came is taken', () => {
      using world = watching()
      const chain = testFeed(alice, 9)
      world.feeds.acceptHead(headOf(chain.slice(0, 6)))
      world.feeds.acceptHead(headOf(chain))
      expect(world.feeds.appendRun(runOf(chain.slice(0, 6)))).toMatchObject({ type: 'appended', added: 6 })
      deliverAll(world.feeds, alice, sourceOf(chain))
      expect(world.feeds.feed(alice)?.runs).toEqual([{ first: 1, last: 9 }])
      expect(world.feeds.forkEvidence(alice)).toEqual([])
    })

    test('[S3] all runs of one call are one commit', () => {
      using world = watching()
      const chain = testFeed(alice, 9)
      world.feeds.acceptHead(headOf(chain))
      const told = world.changes.length
      const outcomes = world.feeds.appendRuns([
        runOf(chain.slice(6)),
        runOf(chain.slice(3, 6)),
        runOf(chain.slice(0, 3)),
      ])
      expect(outcomes.map(({ type }) => type)).toEqual(['appended', 'appended', 'appended'])
      expect(world.changes.length).toBe(told + 1)
      expect(chainOf(world)).toEqual(cids(chain))
    })

    test('[S8] a policy asks for the last entries alone', () => {
      const chain = testFeed(alice, 20)
      using world = holding(chain, { ...followAll, depth: { type: 'last', count: 5 } })
      expect(world.feeds.feed(alice)?.runs).toEqual([{ first: 16, last: 20 }])
      expect(world.feeds.need(alice)).toBeNull()
      world.feeds.watchFeed(alice, { ...followAll, depth: { type: 'last', count: 8 } })
      expect(world.feeds.need(alice)).toMatchObject({ fromLength: 15, limit: 3 })
      deliverAll(world.feeds, alice, sourceOf(chain))
      expect(world.feeds.feed(alice)?.runs).toEqual([{ first: 13, last: 20 }])
    })

    test('[S8] a policy asks for entries since a comparable', () => {
      const chain = testFeed(alice, 20)
      const since = chain[11]?.entry.comparable as number
      using world = holding(chain, { ...followAll, depth: { type: 'since', comparable: since } })
      expect(world.feeds.feed(alice)?.runs).toEqual([{ first: 12, last: 20 }])
      expect(world.feeds.need(alice)).toBeNull()
    })

    test('[R3] the locator names what is held, and finds the fork point of another chain', () => {
      const chain = testFeed(alice, 20)
      const other = extend(alice, chain.slice(0, 13), ['a', 'b', 'c'])
      using world = holding(chain)
      using far = holding(other)
      world.feeds.acceptHead(headOf(extend(alice, chain, ['more'])))
      const locator = world.feeds.need(alice)?.locator
      expect(locator).toMatchObject({ length: 20 })
      // 20, 19, 18, 16, 12, 4
      expect(locator?.prefixes.length).toBe(6 * 8)
      expect(far.feeds.commonLength(alice, locator as never)).toBe(12)
      expect(far.feeds.commonLength(bob, locator as never)).toBe(0)
    })
  })

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
      const hiddenAt = world.clock.now
      world.feeds.acceptHead(headOf(rebased, 2))
      deliverAll(world.feeds, alice, sourceOf(rebased))
      expect(world.feeds.dropHidden(hiddenAt)).toBe(0)
      expect(world.feeds.entry(chain[8]?.cid as never)).not.toBeNull()
      expect(world.feeds.dropHidden(hiddenAt + 1)).toBe(4)
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
      expect(world.feeds.dropHidden(Number.MAX_SAFE_INTEGER)).toBe(0)
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

    test('[T5] evidence: two records an epoch, the newest four epochs', () => {
      using world = watching()
      for (let epoch = 1; epoch <= 6; epoch++) {
        for (const variant of ['a', 'b', 'c']) {
          world.feeds.acceptHead(headOf(extend(alice, chain.slice(0, 6), [`${variant}${epoch}`]), epoch))
        }
      }
      const kept = world.feeds.forkEvidence(alice).map(({ head }) => head.epoch)
      expect(kept).toEqual([6, 6, 5, 5, 4, 4, 3, 3])
    })
  })

  describe('signatures', () => {
    test('[F8] [R8] only verified entries are served', () => {
      const chain = testFeed(alice, 10)
      using world = holding(chain)
      const top = chain[9]?.cid as never
      expect(world.feeds.serve(alice, top, all)).toEqual([])
      const pending = world.feeds.unverified(100)
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
      using world = openFeeds(open())
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
      using world = openFeeds(open())
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
      using world = openFeeds(open())
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

    test('[S9] one turn of the event loop is one transaction', async () => {
      using world = openFeeds(open())
      const chain = testFeed(alice, 50)
      const group = createGroupCommit(world.feeds)
      const told = world.changes.length
      await Promise.all(
        chain.map((entry, index) => group.publish({ entry, body: null }, headOf(chain.slice(0, index + 1)))),
      )
      expect(world.changes.length).toBe(told + 1)
      expect(chainOf(world)).toEqual(cids(chain))
      await expect(
        group.publish({ entry: chain[0] as SignedEntry, body: null }, headOf(chain)),
      ).rejects.toThrow()
    })
  })

  describe('bodies and loose entries', () => {
    test('[S5] a detached payload comes with its run, or later as a block', () => {
      const text = JSON.stringify({ type: 'public_note', at: 1, text: 'far', salt: 'AAAAAAAAAAAAAAAAAAAAAA' })
      const bytes = new TextEncoder().encode(text)
      const content = contentName(text)
      const chain = extend(alice, [], [{ payload: content, links: [[content, bytes.length]] }, 'near'])
      using later = holding(chain)
      const payloads = (world: OpenFeeds) =>
        [...world.shown.values()].map(({ payload }) => payload?.type ?? null)
      expect(payloads(later).sort()).toEqual([null, 'public_note'])
      later.feeds.contentArrived(content, bytes)
      expect(payloads(later)).toEqual(['public_note', 'public_note'])
      expect(later.feeds.entryAt(alice, 1)?.body).toEqual(bytes)

      using world = watching()
      world.feeds.acceptHead(headOf(chain))
      world.feeds.appendRun(runOf(chain, new Map([[content, bytes]])))
      expect(payloads(world)).toEqual(['public_note', 'public_note'])
      // A rebase keeps contents, so bodies are not fetched again.
      const rebased = extend(
        alice,
        [],
        [{ payload: content, links: [[content, bytes.length]], comparable: 5 }],
      )
      world.feeds.acceptHead(headOf(rebased, 2))
      deliverAll(world.feeds, alice, sourceOf(rebased))
      expect(world.feeds.entryAt(alice, 1)).toMatchObject({ body: bytes })
    })

    test('[S5] a loose entry is kept by its CID and not shown', () => {
      using world = openFeeds(open())
      const [, second] = testFeed(alice, 2)
      world.feeds.keepLoose({ entry: second as SignedEntry, body: null })
      world.feeds.keepLoose({ entry: second as SignedEntry, body: null })
      expect(world.feeds.entry(second?.cid as never)).toMatchObject({ verified: true })
      expect(world.feeds.entryAt(alice, 2)).toBeNull()
      expect(world.shown.size).toBe(0)
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

const all = { above: 0, maxEntries: 2048, maxBytes: 1_000_000, bodies: true }

function compareTop(a: readonly SignedEntry[], b: readonly SignedEntry[]): number {
  const [x, y] = [a, b].map((chain) => cidDigest((chain.at(-1) as SignedEntry).cid)) as [
    Uint8Array,
    Uint8Array,
  ]
  const at = x.findIndex((byte, index) => byte !== y[index])
  return (x[at] ?? 0) - (y[at] ?? 0)
}

function contentName(text: string) {
  return rawCid(new TextEncoder().encode(text), sha256)
}

/**
 * Heads, runs, bodies (spec H4, F8, F11, S3, S5, S8).
 *
 * @module
 */
import { type RawCid, rawCid, type SignedEntry } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { followAll } from '../src/feeds/feed-table.ts'
import { alice, bob, chainOf, cids, shownLengths, upTo, worldsOver } from './contract-world.ts'
import { deliver, deliverAll, sourceOf } from './deliver.ts'
import { extend, headOf, runOf, sha256, testFeed } from './feed-maker.ts'
import type { OpenFeeds, OpenFeedsOptions } from './open-feeds.ts'

export function chainContract(open: (options?: OpenFeedsOptions) => OpenFeeds): void {
  const { watching, holding } = worldsOver(open)

  describe('heads', () => {
    test('[T18] heads of unwatched identities are not stored, unless by force', () => {
      using world = open()
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

    test('[T1] [F2] whoever signs a head over the entries of another gets none of them', () => {
      using world = watching()
      const theirs = testFeed(bob, 3)
      const { head, signature } = headOf(theirs)
      world.feeds.acceptHead({ head: { ...head, identity: alice }, signature })
      const outcome = world.feeds.appendRun({ identity: alice, entries: theirs, bodies: new Map() })
      expect(outcome).toEqual({ type: 'broken', code: 'identity' })
      expect([...world.feeds.chain(alice)]).toEqual([])
      expect(world.feeds.feed(alice)).toMatchObject({ heldCount: 0, broken: { length: 1 } })
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

    test('[S8] a policy of no entries follows the head alone, rebases too', () => {
      using world = watching({ ...followAll, depth: { type: 'last', count: 0 } })
      const chain = testFeed(alice, 5)
      expect(world.feeds.acceptHead(headOf(chain.slice(0, 3)))).toBe('new')
      expect(world.feeds.acceptHead(headOf(chain))).toBe('new')
      expect(world.feeds.need(alice)).toBeNull()
      expect(world.feeds.acceptHead(headOf(chain.slice(0, 2), 2))).toBe('new')
      expect(world.feeds.need(alice)).toBeNull()
      expect(world.feeds.feed(alice)).toMatchObject({ record: headOf(chain.slice(0, 2), 2), heldCount: 0 })
      world.feeds.watchFeed(alice, followAll)
      deliverAll(world.feeds, alice, sourceOf(chain))
      expect(chainOf(world)).toEqual(cids(chain.slice(0, 2)))
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

    test.each(['before its entry', 'while its entry is loose'])(
      '[S5] a payload that came as a block %s',
      (when) => {
        const text = JSON.stringify({
          type: 'public_note',
          at: 1,
          text: 'far',
          salt: 'AAAAAAAAAAAAAAAAAAAAAA',
        })
        const bytes = new TextEncoder().encode(text)
        const content = contentName(text)
        const chain = extend(alice, [], [{ payload: content, links: [[content, bytes.length]] }, 'near'])
        const blocks = new Map<RawCid, Uint8Array>()
        using world = open({ block: (cid) => blocks.get(cid) ?? null })
        world.feeds.watchFeed(alice, followAll)
        if (when !== 'before its entry') world.feeds.keepLoose({ entry: chain[0] as SignedEntry, body: null })
        blocks.set(content, bytes)
        world.feeds.contentArrived(content, bytes)
        expect(world.shown.size).toBe(0)
        world.feeds.acceptHead(headOf(chain))
        world.feeds.appendRun(runOf(chain))
        expect([...world.shown.values()].map(({ payload }) => payload?.type)).toEqual([
          'public_note',
          'public_note',
        ])
        // Beside its entry from now on, as if it had come with it.
        expect(world.feeds.entryAt(alice, 1)?.body).toEqual(bytes)
      },
    )

    test('[S5] a loose entry is kept by its CID and not shown', () => {
      using world = open()
      const [, second] = testFeed(alice, 2)
      world.feeds.keepLoose({ entry: second as SignedEntry, body: null })
      world.feeds.keepLoose({ entry: second as SignedEntry, body: null })
      expect(world.feeds.entry(second?.cid as never)).toMatchObject({ verified: true })
      expect(world.feeds.entryAt(alice, 2)).toBeNull()
      expect(world.shown.size).toBe(0)
    })
  })
}

function contentName(text: string) {
  return rawCid(new TextEncoder().encode(text), sha256)
}

/** An honest device never forks itself, whatever arrives of its own feed while it writes (T5). */
import type { SignedEntry } from '@effigy/core'
import { expect, test } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'

const alice = testIdentity('alice')
const published = testFeed(alice, 8)
/** What a copy of the disk holds. */
const restored = published.slice(0, 5)

const own = (chain: readonly SignedEntry[], from: number) =>
  chain.slice(from).map((entry) => ({ entry, body: null }))

function restoredStore() {
  const world = openFeeds(openSqlite(':memory:', { migrations }))
  world.feeds.appendOwn(own(restored, 0), headOf(restored))
  world.feeds.watchFeed(alice, { depth: { type: 'all' }, blobs: { type: 'none' } })
  return world
}

test('[S9] [T5] nothing is appended below a head that is known and not here, however long it makes the feed', () => {
  using world = restoredStore()
  const { feeds } = world
  // Signed before the head came, committed after it.
  const other = extend(alice, restored, ['a', 'b', 'c', 'd', 'e'])
  expect(feeds.acceptHead(headOf(published))).toBe('new')
  expect(() => feeds.appendOwn(own(other, 5), headOf(other))).toThrow('newer state')
  deliverAll(feeds, alice, sourceOf(published))
  expect(feeds.feed(alice)).toMatchObject({ disputedAbove: null, heldCount: 8 })
  const next = extend(alice, published, ['a'])
  feeds.appendOwn(own(next, 8), headOf(next))
  expect(feeds.feed(alice)).toMatchObject({ disputedAbove: null, heldCount: 9 })
})

test('[S9] [T5] a rebase is refused while the newest head is not here, and beside another of its epoch', () => {
  using world = restoredStore()
  const { feeds } = world
  const rebased = extend(alice, restored.slice(0, 3), ['instead of 5'])
  feeds.acceptHead(headOf(published))
  expect(() => feeds.replaceOwn(3, own(rebased, 3), headOf(rebased, 2))).toThrow('newer state')
  const before = extend(alice, restored.slice(0, 2), ['3 again'])
  feeds.acceptHead(headOf(before, 2))
  expect(() => feeds.replaceOwn(3, own(rebased, 3), headOf(rebased, 2))).toThrow('newer state')
  deliverAll(feeds, alice, sourceOf(published, before))
  expect(feeds.feed(alice)).toMatchObject({ disputedAbove: null, heldCount: 3 })
})

test('[S9] [F14] what is signed anew above the same entry is the entry that it was, and is served', () => {
  using world = restoredStore()
  const { feeds } = world
  const all = { above: 0, maxEntries: 10, maxBytes: 1_000_000, bodies: true }
  const top = restored.at(-1)!.cid
  // Entries 4 and 5 leave the chain, and come back as they were.
  feeds.replaceOwn(3, own(restored, 3), headOf(restored, 2))
  expect(feeds.feed(alice)).toMatchObject({ heldCount: 5, runs: [{ first: 1, last: 5 }] })
  expect(feeds.serve(alice, top, all).map(({ entry }) => entry.cid)).toEqual(restored.map(({ cid }) => cid))
  expect(feeds.entryAt(alice, 5)).toMatchObject({ verified: true })
  const next = extend(alice, restored, ['6'])
  feeds.appendOwn(own(next, 5), headOf(next, 2))
  expect(feeds.feed(alice)).toMatchObject({ heldCount: 6, disputedAbove: null })
})

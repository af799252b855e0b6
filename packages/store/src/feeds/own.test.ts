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

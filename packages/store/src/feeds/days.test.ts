/** Hidden bytes wait for days that count, whatever the clock says. */
import { expect, test } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { type OpenFeeds, openFeeds, passDays } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'
import { dayMs } from './days.ts'
import { followAll } from './feed-table.ts'

const alice = testIdentity('alice')
const chain = testFeed(alice, 5)
const rebased = extend(alice, chain.slice(0, 3), ['other 4'])
const yearMs = 365 * dayMs

/** A peer that has been there for a while, and sees two entries leave the chain. */
function withHidden(db = openSqlite(':memory:', { migrations })): OpenFeeds {
  const world = openFeeds(db)
  const { feeds } = world
  passDays(world, 3)
  feeds.watchFeed(alice, followAll)
  feeds.acceptHead(headOf(chain))
  deliverAll(feeds, alice, sourceOf(chain))
  feeds.acceptHead(headOf(rebased, 2))
  deliverAll(feeds, alice, sourceOf(rebased))
  return world
}

const isThere = ({ feeds }: OpenFeeds): boolean => feeds.entry(chain[4]!.cid) !== null

test('[S12] [T24] a clock that jumps ahead by years counts as one day', () => {
  using world = withHidden()
  world.clock.now += 10 * yearMs
  expect(world.feeds.countDay()).toBe(true)
  expect(world.feeds.countDay()).toBe(false)
  expect(world.feeds.dropHidden(7)).toBe(0)
  passDays(world, 5)
  expect(world.feeds.dropHidden(7)).toBe(0)
  passDays(world, 1)
  expect(world.feeds.dropHidden(7)).toBe(2)
  expect(isThere(world)).toBe(false)
})

test('[S12] a day on which nobody was heard does not count', () => {
  using world = withHidden()
  world.clock.now += 30 * dayMs
  expect(world.feeds.dropHidden(7)).toBe(0)
  expect(isThere(world)).toBe(true)
})

test('[S12] [T24] a clock that jumps back counts no day, and what is hidden still goes seven days later', () => {
  using world = withHidden()
  world.clock.now -= 10 * yearMs
  expect(world.feeds.countDay()).toBe(false)
  passDays(world, 6)
  expect(world.feeds.dropHidden(7)).toBe(0)
  passDays(world, 1)
  expect(world.feeds.dropHidden(7)).toBe(2)
})

test('[S12] [T24] hidden while the clock was years ahead: the days count all the same', () => {
  using world = openFeeds(openSqlite(':memory:', { migrations }))
  world.clock.now += 10 * yearMs
  passDays(world, 1)
  using hidden = withHidden(world.db)
  hidden.clock.now -= 10 * yearMs
  hidden.feeds.countDay()
  passDays(hidden, 6)
  expect(hidden.feeds.dropHidden(7)).toBe(0)
  passDays(hidden, 1)
  expect(hidden.feeds.dropHidden(7)).toBe(2)
})

test('[S12] an hour of listening a day is enough; less than a day apart counts once', () => {
  using world = withHidden()
  const counted = Array.from({ length: 4 * 24 }, () => {
    world.clock.now += dayMs / 24
    return world.feeds.countDay()
  })
  expect(counted.filter(Boolean)).toHaveLength(4)
})

test('[F10] of one’s own feed hidden bytes stay for thirty days', () => {
  using world = withHidden()
  const own = { identities: [alice], days: 30 }
  passDays(world, 29)
  expect(world.feeds.dropHidden(7, own)).toBe(0)
  passDays(world, 1)
  expect(world.feeds.dropHidden(7, own)).toBe(2)
})

test('[S3] a day that was rolled back has not counted', () => {
  using world = withHidden()
  const { changes } = world.feeds.context
  world.clock.now += dayMs
  expect(() =>
    changes.commit(() => {
      world.feeds.countDay()
      throw new Error('full')
    }),
  ).toThrow('full')
  expect(world.feeds.countDay()).toBe(true)
})

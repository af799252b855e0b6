/** A long fork is walked once, whatever happens to other feeds (F9, T16). */
import { expect, test, vi } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'
import { followAll } from './feed-table.ts'

const [mallory, bob] = [testIdentity('mallory'), testIdentity('bob')]
const stem = testFeed(mallory, 3)
const branch = (name: string, count: number) =>
  extend(
    mallory,
    stem,
    Array.from({ length: count }, (_, at) => `${name} ${at}`),
  )
const [left, right] = [branch('left', 200), branch('right', 200)]

function openForked() {
  const db = openSqlite(':memory:', { migrations })
  const world = openFeeds(db)
  const { feeds } = world
  feeds.watchFeed(mallory, followAll)
  for (const chain of [left, right]) {
    feeds.acceptHead(headOf(chain))
    deliverAll(feeds, mallory, sourceOf(left, right), { batch: 100 })
  }
  const first = vi.spyOn(db, 'first')
  return {
    ...world,
    /** Single rows that it takes to say what is needed of Mallory's feed. */
    looks() {
      first.mockClear()
      feeds.need(mallory)
      return first.mock.calls.length
    },
  }
}

test('[F9] [T16] what moves in another feed makes nobody walk the branches of a fork again', () => {
  using world = openForked()
  const { feeds } = world
  expect(feeds.feed(mallory)?.disputedAbove).toBe(3)
  world.looks()
  const known = world.looks()
  expect(known).toBeLessThan(50)
  const notes = testFeed(bob, 4)
  feeds.watchFeed(bob, followAll)
  feeds.acceptHead(headOf(notes))
  deliverAll(feeds, bob, sourceOf(notes))
  const rewritten = extend(bob, notes.slice(0, 1), ['anew'])
  feeds.acceptHead(headOf(rewritten, 2))
  deliverAll(feeds, bob, sourceOf(notes, rewritten))
  expect(feeds.feed(bob)?.heldCount).toBe(2)
  expect(world.looks()).toBe(known)
})

test('[F9] what moves in the branches themselves is walked anew', () => {
  using world = openForked()
  const { feeds } = world
  const known = world.looks()
  // An end that is broken: all above it leaves the branch.
  const pending = feeds.unverified(1_000)
  const middle = pending.find(({ bytes }) => new TextDecoder().decode(bytes).includes('right 100'))
  if (middle === undefined) throw new Error('not pending')
  feeds.settle([{ id: middle.id, valid: false }])
  expect(world.looks()).toBeGreaterThan(known)
})

import { describe, expect, test } from 'vitest'
import { headOf, runOf, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { type OpenFeeds, openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../schema.ts'
import { followAll } from './feed-table.ts'

const [alice, bob] = [testIdentity('alice'), testIdentity('bob')]
const chain = testFeed(alice, 9)
const upper = runOf(chain.slice(6))
const middle = runOf(chain.slice(3, 6))
const lower = runOf(chain.slice(0, 3))

function watching(): OpenFeeds {
  const world = openFeeds(openSqlite(':memory:', { migrations }))
  world.feeds.watchFeed(alice, followAll)
  world.feeds.acceptHead(headOf(chain))
  return world
}

const shown = ({ feeds }: OpenFeeds): number[] =>
  [...feeds.chain(alice)].map(({ signed }) => signed.entry.length)
const isOpen = ({ db }: OpenFeeds): boolean => {
  try {
    db.run('begin')
  } catch {
    return true
  }
  db.run('rollback')
  return false
}

describe('a transaction over several calls', () => {
  test('[S3] [S4] is read at once and told when it ends, all of it in one', () => {
    using world = watching()
    const told = world.changes.length
    world.feeds.appendEach?.([upper], { stays: true })
    expect(world.feeds.appendEach?.([middle], { stays: true })).toEqual([
      { type: 'appended', added: 3, connected: false },
    ])
    expect(shown(world)).toEqual([4, 5, 6, 7, 8, 9])
    expect(isOpen(world)).toBe(true)
    expect(world.changes.length).toBe(told)
    world.feeds.finishAppending?.()
    expect(isOpen(world)).toBe(false)
    expect(world.changes.slice(told)).toMatchObject([{ feeds: new Set([alice]), views: true }])
    world.feeds.finishAppending?.()
    expect(world.changes.length).toBe(told + 1)
  })

  test('[S3] ends before anybody else writes, whose failure takes nothing of it away', () => {
    using world = watching()
    world.feeds.appendEach?.([upper], { stays: true })
    expect(() => world.feeds.appendOwn([], headOf(testFeed(bob, 1)))).toThrow()
    expect(isOpen(world)).toBe(false)
    expect(shown(world)).toEqual([7, 8, 9])
    world.feeds.appendEach?.([middle], { stays: true })
    world.feeds.watchFeed(bob, followAll)
    expect(isOpen(world)).toBe(false)
    expect(shown(world)).toEqual([4, 5, 6, 7, 8, 9])
  })

  test('[S6] verdicts on what it holds are part of it', () => {
    using world = watching()
    world.feeds.appendEach?.([upper], { stays: true })
    world.feeds.settle(world.feeds.unverified(9).map(({ id }) => ({ id, valid: true })))
    expect(isOpen(world)).toBe(true)
    world.feeds.finishAppending?.()
    expect(world.feeds.unverifiedCount()).toBe(0)
  })

  test('[S3] [S4] a failure takes back all of it, and who read of it is told to look again', () => {
    using world = watching()
    world.feeds.appendEach?.([upper], { stays: true })
    const told = world.changes.length
    function* failing() {
      yield middle
      throw new Error('no')
    }
    expect(() => world.feeds.appendEach?.(failing(), { stays: true })).toThrow('no')
    expect(isOpen(world)).toBe(false)
    expect(shown(world)).toEqual([])
    expect(world.feeds.feed(alice)).toMatchObject({ heldCount: 0, runs: [] })
    expect(world.changes.slice(told)).toMatchObject([{ feeds: new Set([alice]) }])
    expect(world.feeds.need(alice)?.fromLength).toBe(9)
    for (const run of [upper, middle, lower]) world.feeds.appendEach?.([run], { stays: true })
    world.feeds.finishAppending?.()
    expect(shown(world)).toHaveLength(9)
  })

  test('[S6] [F7] no entry gets the verdict of one that was taken back', () => {
    using world = watching()
    world.feeds.appendEach?.([upper], { stays: true })
    const checked = world.feeds.unverified(9).map(({ id }) => ({ id, valid: true }))
    function* failing() {
      yield middle
      throw new Error('no')
    }
    expect(() => world.feeds.appendEach?.(failing(), { stays: true })).toThrow('no')
    world.feeds.appendRun(upper)
    world.feeds.settle(checked)
    expect(world.feeds.unverifiedCount()).toBe(3)
  })

  test('[C3] no position that was given out of it is ever another one’s', () => {
    using world = watching()
    function* failing() {
      yield upper
      throw new Error('no')
    }
    const { headLog } = world.feeds
    const before = headLog.position()
    world.feeds.appendEach?.([upper], { stays: true })
    expect(() => world.feeds.appendEach?.(failing(), { stays: true })).toThrow('no')
    world.feeds.watchFeed(bob, followAll)
    expect(headLog.continues(before)).toBe(true)
    expect(headLog.continues({ ...before, count: before.count + 1 })).toBe(false)
    expect(headLog.position().log).not.toEqual(before.log)
  })

  test('[H4] many heads in one transaction, each with its outcome', () => {
    using world = watching()
    world.feeds.watchFeed(bob, followAll)
    const told = world.changes.length
    const outcomes = world.feeds.acceptHeads?.([
      headOf(testFeed(bob, 2)),
      headOf(chain),
      headOf(testFeed(testIdentity('carol'), 1)),
      headOf(chain.slice(0, 2)),
    ])
    expect(outcomes).toEqual(['new', 'known', 'unwatched', 'stale'])
    expect(world.changes.slice(told)).toMatchObject([{ feeds: new Set([bob]) }])
  })
})

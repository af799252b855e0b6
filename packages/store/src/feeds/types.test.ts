/** Whoever invents types by the thousand keeps none of the protocol's own from acting (S6, T16). */
import { expect, test } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { type OpenFeeds, openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'
import { followAll } from './feed-table.ts'
import { ownTypesNumbered } from './types.ts'

const alice = testIdentity('alice')

/** Names of 4,096 types that apps might have. */
function crowd({ db }: OpenFeeds): void {
  db.run(`
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 4096)
    insert into types (name) select 'x-' || n from numbers`)
}

/** Alice's note, and her entry that erases it. */
function feedThatErases() {
  const written = testFeed(alice, 1)
  using scratch = openFeeds(openSqlite(':memory:', { migrations }))
  hold(scratch, written)
  const content = scratch.feeds.entryAt(alice, 1)?.content as string
  const erase = JSON.stringify({ type: 'erase', at: 1, targets: [{ identity: alice, content }] })
  return extend(alice, written, [{ payload: erase }])
}

function hold({ feeds }: OpenFeeds, chain: ReturnType<typeof testFeed>): void {
  feeds.watchFeed(alice, followAll)
  feeds.acceptHead(headOf(chain))
  deliverAll(feeds, alice, sourceOf(chain))
}

function settleAll({ feeds }: OpenFeeds): void {
  feeds.settle(feeds.unverified(1000).map(({ id }) => ({ id, valid: true })))
}

const lengths = ({ shown }: OpenFeeds): number[] => [...shown.values()].map(({ length }) => length)

test('[S6] [T16] an erase acts though 4,096 other types were met before it', () => {
  using world = openFeeds(openSqlite(':memory:', { migrations }))
  crowd(world)
  hold(world, feedThatErases())
  settleAll(world)
  expect(lengths(world)).toEqual([2])
})

test('[S6] [T16] beyond 4,096 of them, a type of an app has no number, and its entry is kept', () => {
  using world = openFeeds(openSqlite(':memory:', { migrations }))
  crowd(world)
  hold(
    world,
    extend(alice, [], [{ payload: '{"type":"x-one-more","at":1}' }, { payload: '{"type":"x-7","at":1}' }]),
  )
  const types = new Map([...world.shown.values()].map(({ length, type }) => [length, type]))
  expect(types).toEqual(
    new Map([
      [1, 0],
      [2, 7],
    ]),
  )
})

test('[S2] [S6] an erase that was kept without a number acts after the file was brought up to date', () => {
  const db = openSqlite(':memory:', { migrations })
  const before = openFeeds(db)
  crowd(before)
  hold(before, feedThatErases())
  db.script(
    "update entries set type = 0; delete from types where name not like 'x-%'; delete from unverified;",
  )
  db.script(ownTypesNumbered)
  using world = openFeeds(db)
  expect(world.feeds.unverified(10)).toHaveLength(2)
  settleAll(world)
  expect([...world.db.rows('select length, hidden_at is null as shown from entries order by id')]).toEqual([
    { length: 1, shown: 0 },
    { length: 2, shown: 1 },
  ])
})

test('[S2] where the table never ran full nothing is changed', () => {
  const db = openSqlite(':memory:', { migrations })
  using world = openFeeds(db)
  hold(world, feedThatErases())
  settleAll(world)
  db.script(ownTypesNumbered)
  expect(world.feeds.unverifiedCount()).toBe(0)
  expect(db.first("select 1 as one from meta where key = 'views.rebuild'")).toBeNull()
})

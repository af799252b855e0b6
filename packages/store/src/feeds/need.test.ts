/** What a locator may say of a chain that was left in part: the source builds on it (R3). */
import { expect, test } from 'vitest'
import { extend, headOf, testFeed, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'
import { followAll } from './feed-table.ts'

const alice = testIdentity('alice')
const bodies = new Map()
const old = testFeed(alice, 6)
const rebased = extend(alice, old.slice(0, 1), ['2′', '3′', '4′', '5′', '6′'])

/** Of the old chain from `held` upwards; then the top of the one after the rebase, without what is below. */
function cutInRebase(held: number) {
  const world = openFeeds(openSqlite(':memory:', { migrations }))
  const { feeds } = world
  feeds.watchFeed(alice, followAll)
  feeds.acceptHead(headOf(old))
  expect(feeds.appendRun({ identity: alice, entries: old.slice(held - 1), bodies }).type).toBe('appended')
  feeds.acceptHead(headOf(rebased, 2))
  feeds.rewind(alice, 2, 0)
  expect(feeds.appendRun({ identity: alice, entries: rebased.slice(4), bodies }).type).toBe('appended')
  return world
}

test('[R3] an old chain that is here whole is named: most of what is missing only moved', () => {
  using world = cutInRebase(1)
  const need = world.feeds.need(alice)
  expect(need).toMatchObject({ fromLength: 4, rewinds: false })
  expect(need?.locator.length).toBe(6)
})

test('[R3] one of which the lower part is not here is not: the source would take that part as held', () => {
  using world = cutInRebase(5)
  const need = world.feeds.need(alice)
  expect(need).toMatchObject({ fromLength: 4, rewinds: false })
  expect(need?.locator).toEqual({ length: 0, prefixes: new Uint8Array(0) })
})

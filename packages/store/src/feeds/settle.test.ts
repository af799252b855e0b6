/**
 * @module
 */
import { expect, test } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, note, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'
import { followAll } from './feed-table.ts'

test('[S6] what waits is read byte for byte, in the order in which it came, whatever is settled in between', () => {
  using world = openFeeds(openSqlite(':memory:', { migrations }))
  const { feeds } = world
  const expected: Uint8Array[] = []
  for (const name of ['alice', 'bob']) {
    const identity = testIdentity(name)
    const texts = ['plain', 'Grüße, 你好, 🦉', '\u0000 \u2028 "\\', '', 'x'.repeat(3000)]
    const chain = extend(
      identity,
      [],
      texts.map((text) => ({ payload: note(text) })),
    )
    feeds.watchFeed(identity, followAll)
    feeds.acceptHead(headOf(chain))
    deliverAll(feeds, identity, sourceOf(chain), { batch: 5 })
    expected.push(...chain.map(({ bytes }) => bytes))
  }
  const whole = feeds.unverified(100)
  expect(whole.map(({ bytes }) => bytes)).toEqual(expected)
  const ids = whole.map(({ id }) => id)
  expect(ids).toEqual(ids.toSorted((a, b) => a - b))
  // Three ranges from here on.
  feeds.settle([ids[2], ids[3], ids[7]].map((id) => ({ id: id as number, valid: true })))
  const rest = whole.filter((_, at) => ![2, 3, 7].includes(at))
  expect(feeds.unverified(100)).toEqual(rest)
  expect(feeds.unverified(5)).toEqual(rest.slice(0, 5))
  expect(feeds.unverified(4, ids[1])).toEqual(rest.slice(2, 6))
  expect(feeds.unverified(4, ids.at(-1))).toEqual([])
})

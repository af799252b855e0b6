/** What the texts beside entries take, whatever way they come and go (V110). */
import { type RawCid, rawCid } from '@effigy/core'
import { expect, test } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, note, runOf, sha256, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { type OpenFeeds, openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'
import { followAll } from './feed-table.ts'
import { leavingTables } from './leaving.ts'
import { textBytesCounted } from './text-bytes.ts'

const [alice, bob] = [testIdentity('alice'), testIdentity('bob')]

function detached(text: string) {
  const body = new TextEncoder().encode(
    JSON.stringify({ ...JSON.parse(note(text)), salt: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  )
  const content = rawCid(body, sha256)
  return { body, content, draft: { payload: content, links: [[content, body.length]] as const } }
}

function settleAll({ feeds }: OpenFeeds): void {
  for (let waiting = feeds.unverified(100); waiting.length > 0; waiting = feeds.unverified(100))
    feeds.settle(waiting.map(({ id }) => ({ id, valid: true })))
}

/** What is in `bodies`, by feed: what is counted, counted anew. */
const inTable = ({ db }: OpenFeeds, feed: number): number =>
  db.first<{ n: number }>(
    'select ifnull(sum(length(b.bytes)), 0) as n from bodies b join entries e on e.id = b.entry where e.feed = ?',
    feed,
  )?.n ?? 0

test('[V110] texts count when they come with their entry, after it, and once more after a repair; not when they are erased or dropped', () => {
  using world = openFeeds(openSqlite(':memory:', { migrations }))
  const { feeds } = world
  const texts = ['with its entry', 'later', 'erased'].map(detached)
  const [beside, later, erased] = texts as [(typeof texts)[0], (typeof texts)[0], (typeof texts)[0]]
  const chain = extend(
    alice,
    [],
    texts.map(({ draft }) => draft),
  )
  feeds.watchFeed(alice, followAll)
  feeds.acceptHead(headOf(chain))
  feeds.appendRun(runOf(chain, new Map([beside, erased].map(({ content, body }) => [content, body]))))
  expect(feeds.textBytes?.(alice)).toBe(beside.body.length + erased.body.length)
  feeds.contentArrived(later.content, later.body)
  const whole = beside.body.length + later.body.length + erased.body.length
  expect(feeds.textBytes?.(alice)).toBe(whole)
  // Again: it is here already.
  feeds.contentArrived(later.content, later.body)
  expect(feeds.textBytes?.(alice)).toBe(whole)
  world.db.run('delete from bodies where entry = 2')
  expect(feeds.textBytes?.(alice)).toBe(whole - later.body.length)
  feeds.contentArrived(later.content, later.body)
  const erase = JSON.stringify({
    type: 'erase',
    at: 1,
    targets: [{ identity: alice, content: erased.content }],
  })
  const longer = extend(alice, chain, [{ payload: erase }])
  feeds.acceptHead(headOf(longer))
  deliverAll(feeds, alice, sourceOf(longer))
  settleAll(world)
  expect(feeds.textBytes?.(alice)).toBe(inTable(world, 1))
  const { heldCount, heldBytes } = feeds.feed(alice)!
  expect(feeds.heldOfWatched?.()).toEqual({ entries: heldCount, bytes: heldBytes + inTable(world, 1) })
  feeds.watchFeed(alice, null)
  expect(feeds.heldOfWatched?.()).toEqual({ entries: 0, bytes: 0 })
  feeds.forget(alice)
  expect([feeds.textBytes?.(alice), inTable(world, 1)]).toEqual([0, 0])
})

test('[V110] [S2] what was there before it was counted is counted, each text for the feed it stands beside', () => {
  const db = openSqlite(':memory:', { migrations: migrations.slice(0, migrations.indexOf(textBytesCounted)) })
  db.script(leavingTables)
  const { body, content, draft } = detached('of both')
  const bodies = new Map<RawCid, Uint8Array>([[content, body]])
  using world = openFeeds(db)
  for (const author of [alice, bob]) {
    const chain = extend(author, [], [draft, { payload: note('inside') }])
    world.feeds.watchFeed(author, followAll)
    world.feeds.acceptHead(headOf(chain))
    world.feeds.appendRun(runOf(chain, bodies))
  }
  const counted = [inTable(world, 1), inTable(world, 2)]
  expect(counted[0]).toBe(body.length)
  db.script(textBytesCounted)
  expect([world.feeds.textBytes?.(alice), world.feeds.textBytes?.(bob)]).toEqual(counted)
  world.feeds.forget(alice)
  expect([world.feeds.textBytes?.(alice), world.feeds.textBytes?.(bob)]).toEqual([
    inTable(world, 1),
    inTable(world, 2),
  ])
})

/** What is erased goes to nobody any more, long before its bytes are dropped (S7). */
import { type RawCid, rawCid } from '@effigy/core'
import { expect, test } from 'vitest'
import { deliverAll, sourceOf } from '../../test/deliver.ts'
import { extend, headOf, note, sha256, testIdentity } from '../../test/feed-maker.ts'
import { openSqlite } from '../../test/medium.ts'
import { openFeeds } from '../../test/open-feeds.ts'
import { migrations } from '../index.ts'
import { followAll } from './feed-table.ts'

const alice = testIdentity('alice')

function detached(text: string) {
  const body = new TextEncoder().encode(
    JSON.stringify({ ...JSON.parse(note(text)), salt: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  )
  const content = rawCid(body, sha256)
  return { body, content, draft: { payload: content, links: [[content, body.length]] as const } }
}

test('[S7] the text of an erased note is not served, its entry is', () => {
  using world = openFeeds(openSqlite(':memory:', { migrations }))
  const { feeds } = world
  const [kept, erased] = [detached('kept'), detached('erased')]
  const erase = JSON.stringify({
    type: 'erase',
    at: 1,
    targets: [{ identity: alice, content: erased.content }],
  })
  const chain = extend(alice, [], [kept.draft, erased.draft, { payload: erase }])
  feeds.watchFeed(alice, followAll)
  feeds.acceptHead(headOf(chain))
  deliverAll(feeds, alice, sourceOf(chain))
  for (const { content, body } of [kept, erased]) feeds.contentArrived(content, body)
  const served = () => {
    const options = { above: 0, maxEntries: 10, maxBytes: 100_000, bodies: true }
    return feeds.serve(alice, chain[2]?.cid as RawCid, options).map(({ body }) => body !== null)
  }
  feeds.settle(feeds.unverified(2).map(({ id }) => ({ id, valid: true })))
  feeds.settle(feeds.unverified(10).map(({ id }) => ({ id, valid: true })))
  expect(served()).toEqual([true, false, false])
})

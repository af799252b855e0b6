/** What the other side wants carried is remembered for what it watches, and for nothing else (G4, T16). */
import { expect, test } from 'vitest'
import { createPeer, createWorld, createWriter } from '../../test/replication-kit.ts'
import { writeIdentities } from '../messages-bytes.ts'
import { createNewsSource } from './news-source.ts'

test('[G4] [T16] wishes for feeds that are no longer watched are forgotten', async () => {
  const world = createWorld()
  using alice = await createPeer(world, 'alice')
  const writer = await createWriter('writer')
  await alice.publish(writer, ['one'])
  let isWatched = true
  const source = createNewsSource({
    store: alice.store,
    effects: { end: (code) => expect.fail(code) },
    isDefault: () => false,
    isWatched: () => isWatched,
  })
  const isCarried = () => source.news(writer.record, null) !== null
  const { identity } = writer
  source.carry({ type: 'carry', on: true, count: 1 }, writeIdentities([identity]))
  expect(isCarried()).toBe(true)
  source.prune()
  expect(isCarried()).toBe(true)
  isWatched = false
  source.prune()
  isWatched = true
  expect(isCarried()).toBe(false)
})

/** A session that ends on a full disk: all of its machines are disposed, and nothing of it is held (T16). */
import { EffigyError } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import { expect, test } from 'vitest'
import { connect, createPeer, createWorld, createWriter, turning, until } from '../../test/replication-kit.ts'
import type { Claims } from './claims.ts'

/** How many listen at the time. */
function countListeners<Key>(claims: Claims<Key>): () => number {
  const watch = claims.watch.bind(claims)
  let listening = 0
  Object.assign(claims, {
    watch(listener: (key: Key) => void): Disposable {
      const watching = watch(listener)
      listening++
      return {
        [Symbol.dispose]() {
          listening--
          watching[Symbol.dispose]()
        },
      }
    },
  })
  return () => listening
}

test('[T16] its claims are free, nobody listens for it, and no timer is left', async () => {
  const world = createWorld()
  using alice = await createPeer(world, 'alice')
  using bob = await createPeer(world, 'bob')
  const writer = await createWriter('writer')
  const texts = Array.from({ length: 3_000 }, (_, index) => `note ${index}`)
  await alice.publish(writer, texts)
  bob.watch(writer.identity)
  const before = world.clock.pending()
  const { feeds, blobs } = bob.replication
  const counts = [countListeners(feeds), countListeners(blobs.claims)]
  const links = memoryPair({ latency: { clock: world.clock, ms: 40 } })
  const { done } = await connect(bob, alice, links)
  expect(await until(world, () => feeds.isHeld(writer.identity, {}))).toBe(true)
  expect(counts.map((count) => count())).toEqual([1, 1])
  Object.assign(bob.store, {
    finishAppending() {
      throw new EffigyError('storage-full', 'no room')
    },
  })
  for (const link of links) link.close('cut')
  await expect(turning(world, done)).rejects.toMatchObject({ code: 'storage-full' })
  await until(world, () => false, 1_000)
  expect(feeds.isHeld(writer.identity, {})).toBe(false)
  expect(counts.map((count) => count())).toEqual([0, 0])
  expect(world.clock.pending()).toBe(before)
})

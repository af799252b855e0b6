/** All that one's devices wrote is deleted, also what the device that asks for it does not keep. */
import type { RawCid } from '@effigy/core'
import { createLivePort } from '@effigy/peer'
import { describe, expect, test } from 'vitest'
import { type Amount, type HerePeer, untilAllHere } from '../../apps/web/src/screens/account/all-here.ts'
import { eraseEverything } from '../../apps/web/src/screens/account/erase-everything.ts'
import { household, meet } from '../../packages/peer/test/account-kit.ts'
import { createWorld, never, note, type TestPeer, texts, type World } from '../../packages/peer/test/world.ts'

/** A laptop that wrote, and a phone that keeps the newest five entries of it. */
async function laptopAndPhone(world: World): Promise<readonly [laptop: TestPeer, phone: TestPeer]> {
  const [laptop, before] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  before.store.watchFeed(laptop.identity, { depth: { type: 'last', count: 5 }, blobs: { type: 'none' } })
  await before.stop()
  for (let at = 0; at < 30; at++) await laptop.peer.publish(note(`note ${at}`))
  const phone = await world.add('phone')
  await meet(world, phone, laptop)
  await world.until(() => texts(phone.store, laptop.identity).includes('note 29'))
  return [laptop, phone]
}

const notes = ({ store, identity }: TestPeer) =>
  texts(store, identity).filter((text) => text.startsWith('note'))

/** As a page has it. */
function paged({ peer, identity }: TestPeer) {
  const { live } = createLivePort(peer)
  return {
    identity,
    live: live as HerePeer['live'],
    fetchOlder: peer.fetchOlder,
    account: { show: async () => peer.account.show() },
    query: {
      feedItems: async (...asked: Parameters<typeof peer.query.feedItems>) => peer.query.feedItems(...asked),
    },
    erase: peer.erase,
  }
}

describe('[T14] delete everything', () => {
  test('reaches what is not kept here: it is fetched first', async () => {
    await using world = createWorld()
    const [laptop, phone] = await laptopAndPhone(world)
    const page = paged(phone)
    const own = [phone.identity, laptop.identity]
    const lacking: Amount[] = []
    const here = untilAllHere(page, own, { signal: never, anyway: never, onLack: (one) => lacking.push(one) })
    await world.turn(here)
    expect(lacking[0]?.held).toBeLessThan(lacking[0]?.total ?? 0)
    expect(phone.store.feed(laptop.identity)?.heldCount).toBeGreaterThanOrEqual(30)
    const options = { signal: never, named: new Set<RawCid>(), onProgress: () => {} }
    await world.turn(eraseEverything(page, own, options))
    await world.until(() => notes(laptop).length === 0)
  })

  test('waits while nobody gives the rest, until the person goes on without', async () => {
    await using world = createWorld()
    const [laptop, phone] = await laptopAndPhone(world)
    await laptop.stop()
    const page = paged(phone)
    const own = [phone.identity, laptop.identity]
    const anyway = new AbortController()
    const lacking = Promise.withResolvers<Amount>()
    const here = untilAllHere(page, own, { signal: never, anyway: anyway.signal, onLack: lacking.resolve })
    const { held, total } = await world.turn(lacking.promise)
    expect(total - held).toBeGreaterThan(20)
    anyway.abort()
    await world.turn(here)
    expect(phone.store.feed(laptop.identity)?.heldCount).toBe(held)
  })
})

/** Long after: what a thief hid comes back while somebody has it, and who was away for months finds the account again. */
import { describe, expect, test } from 'vitest'
import {
  authorityOf,
  confirmPhrase,
  everywhere,
  friendOf,
  household,
  hubOf,
  meet,
  members,
  shows,
} from './account-kit.ts'
import { createWorld, never, note, type TestPeer, texts, type World } from './world.ts'

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs
const signal = never

type Three = readonly [TestPeer, TestPeer, TestPeer]

/** Days on which everybody ran, and heard who would know better. */
async function passDays(world: World, peers: readonly TestPeer[], days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    world.clock.jump(dayMs)
    for (const { store } of peers) {
      store.countDay()
      store.maintain()
    }
  }
  await world.pass(100)
}

describe('[T26] what a thief took away', () => {
  test.for([6, 20])(
    'is back after %i days at own devices and followers, once the device is revoked',
    async (days) => {
      await using world = createWorld()
      const [laptop, phone, tablet] = (await household(
        world,
        'laptop',
        'phone',
        'tablet',
      )) as unknown as Three
      const friend = await friendOf(world, laptop)
      const honest = [laptop, tablet, friend]
      await meet(world, tablet, phone)
      for (const text of ['first', 'second']) await phone.peer.publish(note(text))
      const { content } = await laptop.peer.publish(note('of the laptop'))
      await everywhere(world, honest, (peer) => shows(peer, phone, 'first', 'second'))
      await everywhere(world, [...honest, phone], (peer) => shows(peer, laptop, 'of the laptop'))
      await world.clock.advance(hourMs)
      const lostAt = world.clock.now()
      await world.clock.advance(hourMs)
      await phone.peer.erase([{ identity: laptop.identity, content }])
      const own = phone.store.feedItems(phone.identity, { limit: 500 }).items
      const notes = own.filter(({ state }) => state.type === 'shown' && 'text' in state.payload)
      await world.turn(phone.peer.remove(notes.map(({ cid }) => cid)))
      await everywhere(world, honest, (peer) => !texts(peer.store, phone.identity).includes('first'))
      await everywhere(world, honest, (peer) => shows(peer, laptop, 'erased'))

      // Nobody gets it from the thief.
      await phone.stop()
      await passDays(world, honest, days)
      const isHere = ({ store }: TestPeer): boolean => notes.some(({ cid }) => store.entry(cid) !== null)
      // Followers drop after 7 days, own devices after 30.
      expect(honest.map(isHere)).toEqual([true, true, days < 7])
      await world.turn(laptop.peer.account.revoke(phone.identity, { lostAt }))
      await everywhere(world, honest, (peer) => shows(peer, phone, 'first', 'second'))
      await everywhere(world, honest, (peer) => shows(peer, laptop, 'of the laptop'))
    },
  )
})

test('[Y11] [Y19] a device and a friend who were away for months find the moved account at the hub alone', async () => {
  await using world = createWorld()
  const [laptop, phone, tablet] = (await household(world, 'laptop', 'phone', 'tablet')) as unknown as Three
  const phrase = laptop.peer.account.phrase()!
  await confirmPhrase(laptop.peer.account)
  const friend = await friendOf(world, laptop)
  const hub = await hubOf(world, laptop, phone, tablet, friend)
  await tablet.peer.publish(note('of the tablet'))
  await laptop.peer.publish(note('of the laptop'))
  await everywhere(world, [phone, tablet, hub], (peer) => shows(peer, laptop, 'of the laptop'))
  for (const { peer } of [laptop, phone, tablet, friend]) await world.turn(peer.settled(never))
  for (const peer of [tablet, friend, laptop]) await peer.stop()

  world.clock.jump(180 * dayMs)
  await world.turn(phone.peer.account.move({ phrase, signal }))
  await phone.peer.publish(note('half a year later'))
  await world.turn(phone.peer.settled(never))
  await phone.stop()
  world.clock.jump(180 * dayMs)

  const [device, follower] = [await world.add('tablet'), await world.add('friend')]
  for (const peer of [device, follower]) await meet(world, peer, hub)
  await everywhere(world, [device, follower], (peer) => shows(peer, phone, 'half a year later'))
  expect(device.peer.account.show()).toMatchObject({ role: 'linked', disputed: false })
  expect(members(device)).toEqual(['phone (main)', 'tablet'])
  expect(follower.peer.account.of(phone.identity)?.identity).toBe(authorityOf(phone).identity)
  // It goes on writing as a device of the account, and is heard.
  await device.peer.publish(note('still here'))
  await everywhere(world, [follower], (peer) => shows(peer, tablet, 'of the tablet', 'still here'))
  const again = await world.add('laptop')
  await meet(world, again, hub)
  await world.until(() => again.peer.account.show()?.role === 'revoked')
})

/** Where a person's data is: what was checked counts, what own devices say is shown. */
import { leaseCopyMs } from '@effigy/sync'
import { expect, test } from 'vitest'
import { tellExtent, whereabouts } from '../src/index.ts'
import { household, link, meet, members } from './account-kit.ts'
import { boxHub } from './drops-kit.ts'
import { createWorld, never, note, type TestPeer } from './world.ts'

const dayMs = 24 * 60 * 60 * 1000

test('alone there is one copy; what another device says of itself is shown, and counts only while it is checked', async () => {
  await using world = createWorld()
  const laptop = await world.add('laptop')
  await laptop.peer.publish(note('one'))
  expect(whereabouts(laptop.peer)).toEqual({
    places: [
      {
        type: 'self',
        identity: laptop.identity,
        label: null,
        extent: { type: 'all' },
        checked: true,
        lease: null,
      },
    ],
    copies: 1,
  })
  await laptop.peer.account.create({ label: 'laptop' })
  const phone = await world.add('phone')
  await link(world, laptop, phone)
  await world.until(() => members(phone).length === 2)
  phone.peer.watch(laptop.identity, { depth: { type: 'last', count: 5 }, blobs: { type: 'all' } })
  await tellExtent(phone.peer)
  const told = () => whereabouts(laptop.peer).places.find(({ identity }) => identity === phone.identity)
  await world.until(() => told()?.extent.type === 'last')
  expect(told()).toMatchObject({ type: 'device', label: 'phone', extent: { type: 'last', count: 5 } })
  // Said again, it is no news.
  const length = phone.store.feed(phone.identity)?.record?.head.length
  await tellExtent(phone.peer)
  expect(phone.store.feed(phone.identity)?.record?.head.length).toBe(length)
  await phone.stop()
  await world.until(() => told()?.checked === false)
  expect(whereabouts(laptop.peer).copies).toBe(1)
})

test('[V34] a hub that showed what it leases is a copy while it is away, with the day on which that ends', async () => {
  await using world = createWorld('where leased')
  const { hub } = await boxHub(world, { leases: { isFor: () => true } })
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  await laptop.peer.publish(note('one'))
  await phone.peer.publish(note('two'))
  await meet(world, laptop, hub)
  await meet(world, phone, hub)
  await world.pass(20_000)
  await world.turn(laptop.peer.leases.ask(hub.identity, { days: 20, signal: never }))
  await world.pass(10_000)
  await world.turn(laptop.peer.leases.tend({ holder: hub.identity, signal: never }))
  await phone.stop()
  await hub.stop()
  await world.until(() => laptop.peer.status().sessions.length === 0)
  const place = (of: TestPeer) =>
    whereabouts(laptop.peer).places.find(({ identity }) => identity === of.identity)
  const { until } = laptop.peer.leases.list().find(({ holder }) => holder === hub.identity) ?? { until: 0 }
  expect(until).toBeGreaterThan(world.clock.now() + 19 * dayMs)
  expect(place(hub)).toMatchObject({
    type: 'hub',
    checked: true,
    extent: { type: 'all' },
    lease: { failure: null },
  })
  expect(place(hub)?.lease?.until).toBeLessThanOrEqual(until)
  expect(place(phone)).toMatchObject({ type: 'device', label: 'phone', lease: { failure: null } })
  expect(whereabouts(laptop.peer).copies).toBeGreaterThan(1)
  // What is written now is nowhere else.
  await laptop.peer.publish(note('three'))
  expect(whereabouts(laptop.peer).copies).toBe(1)
  expect(place(hub)).toMatchObject({ checked: false, extent: { type: 'part' } })
  world.clock.jump(21 * dayMs)
  expect(place(hub)?.extent).toEqual({ type: 'unknown' })
})

test('[V34] [T16] a holder counts for leaseCopyMs after its last spot check, and not a ms longer', async () => {
  await using world = createWorld('where checked')
  const { hub } = await boxHub(world, { leases: { isFor: () => true } })
  const laptop = await world.add('laptop')
  await laptop.peer.publish(note('one'))
  await meet(world, laptop, hub)
  await world.pass(20_000)
  await world.turn(laptop.peer.leases.ask(hub.identity, { days: 60, signal: never }))
  await world.pass(10_000)
  await world.turn(laptop.peer.leases.tend({ holder: hub.identity, signal: never }))
  await hub.stop()
  await world.until(() => laptop.peer.status().sessions.length === 0)
  const checkedAt = laptop.peer.leases.list().find(({ holder }) => holder === hub.identity)?.checkedAt ?? 0
  world.clock.jump(checkedAt + leaseCopyMs - 1 - world.clock.now())
  expect(whereabouts(laptop.peer).copies).toBe(2)
  world.clock.jump(1)
  expect(whereabouts(laptop.peer).copies).toBe(1)
})

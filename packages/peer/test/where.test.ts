/** Where a person's data is: what was checked counts, what own devices say is shown. */
import { expect, test } from 'vitest'
import { tellExtent, whereabouts } from '../src/index.ts'
import { link, members } from './account-kit.ts'
import { createWorld, note } from './world.ts'

test('alone there is one copy; what another device says of itself is shown, and counts only while it is checked', async () => {
  await using world = createWorld()
  const laptop = await world.add('laptop')
  await laptop.peer.publish(note('one'))
  expect(whereabouts(laptop.peer)).toEqual({
    places: [
      { type: 'self', identity: laptop.identity, label: null, extent: { type: 'all' }, checked: true },
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

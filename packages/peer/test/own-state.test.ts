/** What the devices of one person share: state that nobody else reads, and a hand in what each of them wrote. */
import { describe, expect, test } from 'vitest'
import { household, link, meet } from './account-kit.ts'
import { createWorld, note, type TestPeer, texts, type World } from './world.ts'

/** The account's feed and all its devices. */
async function followAll(world: World, friend: TestPeer, ...devices: readonly TestPeer[]) {
  for (const { peer, identity } of devices) {
    friend.peer.watch(identity)
    friend.peer.watch(peer.account.show()!.identity)
  }
  await meet(world, friend, devices[0]!)
}

describe('own state', () => {
  test('[P18] [X2] is the same on all devices, whoever said it last, and nobody else reads it', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const friend = await world.add('friend')
    await friend.peer.relate('follow', laptop.identity, true)
    await meet(world, friend, laptop)
    await laptop.peer.state.set([
      ['petname/x', 'Ada'],
      ['read/y', 12],
    ])
    await world.until(() => phone.peer.state.value('petname/x') === 'Ada')
    await phone.peer.state.set([['petname/x', 'Ada L.']])
    await world.until(() => laptop.peer.state.value('petname/x') === 'Ada L.')
    expect(laptop.peer.state.values('').map(({ key }) => key)).toEqual(['petname/x', 'read/y'])
    await phone.peer.state.set([['read/y', null]])
    await world.until(() => laptop.peer.state.value('read/y') === null)
    const before = laptop.store.feed(laptop.identity)?.record?.head.length
    await laptop.peer.state.set([['petname/x', 'Ada L.']])
    expect(laptop.store.feed(laptop.identity)?.record?.head.length).toBe(before)
    expect(texts(friend.store, laptop.identity)).toContain('encrypted')
    expect(JSON.stringify(texts(friend.store, laptop.identity))).not.toContain('Ada')
  })

  test('a clock that is behind does not keep the later word from counting', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    await laptop.peer.state.set([['draft/a', 'first']])
    await world.until(() => phone.peer.state.value('draft/a') === 'first')
    world.clock.jump(-3_600_000)
    await phone.peer.state.set([['draft/a', 'second']])
    await world.until(() => laptop.peer.state.value('draft/a') === 'second')
  })

  test('[Y20] a device that joins later learns what was sealed before it, blocks and mutes too', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const bad = await world.add('bad')
    await laptop.peer.state.set([['petname/x', 'Ada']])
    await phone.peer.state.set([['petname/y', 'Bob']])
    await laptop.peer.relate('mute', bad.identity, true)
    const long = 'd'.repeat(9_000)
    await laptop.peer.state.set([['draft/long', long]])
    await world.until(() => laptop.peer.state.value('petname/y') === 'Bob')
    const tablet = await world.add('tablet')
    await link(world, laptop, tablet)
    await world.until(() => tablet.peer.state.value('petname/x') === 'Ada')
    await world.until(() => tablet.peer.state.value('petname/y') === 'Bob')
    await world.until(() => tablet.peer.state.value('draft/long') === long)
    expect(tablet.store.relations(tablet.identity, 'mute')).toEqual([bad.identity])
  })
})

test('[P12] what a device says of somebody counts over what another said before, whatever its clock says', async () => {
  await using world = createWorld()
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  const other = await world.add('other')
  await laptop.peer.relate('follow', other.identity, true)
  await world.until(() => phone.store.relations(phone.identity, 'follow').includes(other.identity))
  world.clock.jump(-3_600_000)
  await phone.peer.relate('follow', other.identity, false)
  await world.until(() => laptop.store.relations(laptop.identity, 'follow').length === 0)
  await world.until(() => laptop.store.feed(other.identity)?.watched !== true)
})

describe('what another own device wrote', () => {
  test('[Y21] [P9] is erased from any of them, at followers too', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const friend = await world.add('friend')
    await followAll(world, friend, laptop, phone)
    const { content } = await laptop.peer.publish(note('a slip'))
    await world.until(() => texts(friend.store, laptop.identity).includes('a slip'))
    await world.until(() => texts(phone.store, laptop.identity).includes('a slip'))
    await phone.peer.erase([{ identity: laptop.identity, content }])
    await world.until(() => !texts(laptop.store, laptop.identity).includes('a slip'))
    await world.until(() => !texts(friend.store, laptop.identity).includes('a slip'))
    const stranger = { identity: friend.identity, content }
    await expect(phone.peer.erase([stranger])).rejects.toMatchObject({ code: 'not-own-entry' })
  })

  test('[Y21] [P8] is edited from any of them: the new one answers to the old name', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const friend = await world.add('friend')
    await followAll(world, friend, laptop, phone)
    const { cid, content } = await laptop.peer.publish(note('teh'))
    await world.until(() => texts(phone.store, laptop.identity).includes('teh'))
    await phone.peer.edit(cid, note('the'))
    await world.until(() => texts(friend.store, phone.identity).includes('the'))
    await world.until(() => {
      const item = friend.store.resolve(laptop.identity, content)
      return item?.state.type === 'shown' && item.identity === phone.identity
    })
    await expect(phone.peer.remove([cid])).rejects.toMatchObject({ code: 'not-own-entry' })
  })
})

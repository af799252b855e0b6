/** Following a person: all devices of now and later, under one policy, and along when the account moves. */
import { describe, expect, test } from 'vitest'
import { authorityOf, friendOf, household, hubOf, link, meet } from './account-kit.ts'
import { createWorld, never, note, type TestPeer, texts } from './world.ts'

const dayMs = 24 * 60 * 60 * 1000

type Three = readonly [TestPeer, TestPeer, TestPeer]

async function publishMany({ peer }: TestPeer, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => peer.publish(note(`${index}`))))
}

const kindsOf = ({ peer }: TestPeer): string[] => {
  const kinds: string[] = []
  void (async () => {
    for await (const { own, change } of peer.account.changes(never))
      kinds.push(`${own ? 'own' : 'other'} ${change.type}`)
  })()
  return kinds
}

describe('follow by root', () => {
  test('[Y13] a follow of a device names the account; its other devices come too, and later ones', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    await phone.peer.publish(note('from the phone'))
    await world.until(() => texts(laptop.store, phone.identity).length === 1)
    const friend = await friendOf(world, laptop)
    const { root, identity } = authorityOf(laptop)
    expect(friend.store.follows(friend.identity, 10)).toEqual([{ identity, root }])
    await world.until(() => texts(friend.store, phone.identity).includes('from the phone'))
    expect(friend.peer.account.of(phone.identity)).toMatchObject({
      root,
      devices: [{ isNew: false }, { isNew: false }],
    })

    await friend.peer.relate('follow', laptop.identity, false)
    expect(friend.store.follows(friend.identity, 10)).toEqual([])
    for (const device of [laptop, phone]) expect(friend.store.feed(device.identity)?.watched).toBe(false)
  })

  test('[T26] a device that joins is fetched shallow and marked for a day', async () => {
    await using world = createWorld()
    const [laptop] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const friend = await friendOf(world, laptop)
    await world.turn(friend.peer.settled(never))
    const tablet = await world.add('tablet')
    await publishMany(tablet, 80)
    await link(world, laptop, tablet)
    await world.until(() => texts(laptop.store, tablet.identity).length === 80)
    await world.until(() => texts(friend.store, tablet.identity).length >= 50)
    await world.pass(2_000)
    expect(friend.store.feed(tablet.identity)?.heldCount).toBe(50)
    const isNew = (): readonly string[] =>
      (friend.peer.account.of(laptop.identity)?.devices ?? []).flatMap((each) =>
        each.isNew ? [each.label] : [],
      )
    expect(isNew()).toEqual(['tablet'])
    await friend.stop()
    world.clock.jump(dayMs)
    const later = await world.add('friend')
    await meet(world, later, laptop)
    await world.until(() => friend.store.feed(tablet.identity)?.heldCount === 80)
    expect(later.peer.account.of(laptop.identity)?.devices.some((each) => each.isNew)).toBe(false)
  })

  test('one policy for a person: the last n are shared among the devices', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    await Promise.all([publishMany(laptop, 30), publishMany(phone, 30)])
    await world.until(() => texts(laptop.store, phone.identity).length === 30)
    const friend = await friendOf(world, laptop)
    await friend.peer.relate('follow', laptop.identity, false)
    const policy = { depth: { type: 'last', count: 20 }, blobs: { type: 'none' } } as const
    await friend.peer.relate('follow', laptop.identity, true, policy)
    expect(friend.store.feed(laptop.identity)?.policy.depth).toEqual({ type: 'last', count: 10 })
    expect(friend.store.feed(phone.identity)?.policy).toMatchObject({ depth: { type: 'last', count: 10 } })
  })

  test('who is blocked is blocked on all devices, on those that come later too', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const friend = await friendOf(world, laptop)
    await world.until(() => friend.store.feed(phone.identity)?.watched === true)
    await friend.peer.relate('block', phone.identity, true)
    for (const device of [laptop, phone]) expect(friend.store.feed(device.identity)?.watched).toBe(false)
    await world.until(() => friend.peer.status().sessions.length === 0)
    const dialled = phone.peer.connect(friend.address)
    await world.until(() => dialled.state.type === 'refused')
    await friend.peer.relate('block', laptop.identity, false)
    await world.until(() => friend.store.feed(phone.identity)?.watched === true)
  })
})

describe('own devices', () => {
  test('whom one of them follows, or follows no more, the others watch, or let go, by themselves', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const friend = await world.add('friend')
    await friend.peer.publish(note('from a friend'))
    await laptop.peer.relate('follow', friend.identity, true)
    await meet(world, laptop, friend)
    await world.until(() => texts(phone.store, friend.identity).includes('from a friend'))
    await laptop.peer.relate('follow', friend.identity, false)
    await world.until(() => phone.store.feed(friend.identity)?.watched === false)
  })

  test('one of them may hold less of another, and goes on doing so', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const depth = { type: 'last', count: 5 } as const
    phone.peer.watch(laptop.identity, { depth, blobs: { type: 'none' } })
    await laptop.peer.account.set({ profile: { name: 'anew' } })
    await world.until(() => phone.peer.account.show()?.profile?.name === 'anew')
    await phone.stop()
    const again = await world.add('phone')
    expect(again.store.feed(laptop.identity)?.policy).toMatchObject({ depth, blobs: { type: 'none' } })
  })
})

describe('friends of friends', () => {
  test('[S15] a person whom a friend follows is met on all devices, and blocked on all', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    await phone.peer.publish(note('from the phone'))
    await world.until(() => texts(laptop.store, phone.identity).length === 1)
    const friend = await friendOf(world, laptop)
    await world.until(() => texts(friend.store, phone.identity).length === 1)
    const carol = await world.add('carol')
    carol.peer.setHops([{ depth: { type: 'all' }, blobs: { type: 'none' }, maxFeeds: 10 }])
    await carol.peer.relate('follow', friend.identity, true)
    await meet(world, carol, friend)
    await world.until(() => texts(carol.store, phone.identity).includes('from the phone'))
    expect(carol.store.feed(phone.identity)?.policy.hop).toBe(1)
    await carol.peer.relate('block', laptop.identity, true)
    await world.until(() => carol.store.feed(phone.identity)?.watched === false)
  })
})

describe('moving along', () => {
  test('[Y19] followers come along by themselves after months, and see that it happened', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const friend = await friendOf(world, laptop)
    await world.turn(friend.peer.settled(never))
    const hub = await hubOf(world, laptop, phone, friend)
    await world.turn(friend.peer.settled(never))
    await friend.stop()
    const phrase = laptop.peer.account.phrase()!
    await laptop.stop()
    world.clock.jump(90 * dayMs)
    await world.turn(phone.peer.account.move({ phrase, signal: never }))
    await phone.peer.publish(note('from the new main device'))
    await world.turn(phone.peer.settled(never))
    await phone.stop()
    expect(hub.store.synods?.moved().size).toBe(1)

    const back = await world.add('friend')
    const kinds = kindsOf(back)
    await meet(world, back, hub)
    await world.until(() => texts(back.store, phone.identity).includes('from the new main device'))
    await world.until(() => kinds.includes('other moved'))
    expect(back.peer.account.of(phone.identity)?.identity).toBe(authorityOf(phone).identity)
    expect(back.store.feed(authorityOf(phone).identity)?.watched).toBe(true)
  })

  test('[T18] [T27] heads that nobody asked for: a stranger who names the key is not taken for the account', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const friend = await friendOf(world, laptop)
    const feeds = [...friend.store.feeds()].length
    const [other, linked, third] = (await household(world, 'mallory', 'aide', 'third')) as unknown as Three
    const phrase = other.peer.account.phrase()!
    await world.turn(linked.peer.account.move({ phrase, signal: never }))
    await meet(world, friend, third)
    await meet(world, friend, linked)
    await world.pass(5_000)
    expect([...friend.store.feeds()].length).toBe(feeds)
    expect(friend.peer.account.of(laptop.identity)?.identity).toBe(authorityOf(phone).identity)
  })
})

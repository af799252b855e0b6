/** Somebody followed as one device who makes an account afterwards, or says that there is one. */
import type { Identity } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { authorityOf, link, list, meet } from './account-kit.ts'
import { createWorld, never, note, type TestPeer, texts, type World } from './world.ts'

const namedHop = 10

async function followed(world: World) {
  const [laptop, friend] = [await world.add('laptop'), await world.add('friend')]
  await laptop.peer.publish(note('one device'))
  await friend.peer.relate('follow', laptop.identity, true)
  await meet(world, friend, laptop)
  await world.until(() => texts(friend.store, laptop.identity).includes('one device'))
  return { laptop, friend }
}

async function makeAccount({ peer }: TestPeer): Promise<void> {
  await peer.account.create({ label: 'laptop', profile: { name: 'Alice' } })
  await peer.publish(note('of an account'))
}

const rootsOf = ({ store, identity }: TestPeer) => store.follows(identity, 10).map(({ root }) => root)

const listenedTo = ({ store }: TestPeer): readonly Identity[] =>
  [...store.feeds({ watched: true })].flatMap(({ identity, policy }) =>
    policy.hop === namedHop ? [identity] : [],
  )

describe('who is followed as one device', () => {
  test('[Y25] [T14] is followed with all devices once there is an account', async () => {
    await using world = createWorld()
    const { laptop, friend } = await followed(world)
    const policy = { depth: { type: 'last', count: 40 }, blobs: { type: 'none' } } as const
    friend.peer.watch(laptop.identity, policy)
    await makeAccount(laptop)
    const { root, identity } = authorityOf(laptop)
    await world.until(() => rootsOf(friend).includes(root))
    await world.turn(friend.peer.settled(never))
    expect(listenedTo(friend)).toEqual([])
    expect(friend.store.feed(identity)?.policy).toMatchObject({ account: root })
    const phone = await world.add('phone')
    await phone.peer.publish(note('from the phone'))
    await link(world, laptop, phone)
    await world.until(() => texts(friend.store, phone.identity).includes('from the phone'))
    // What was wanted of the device is wanted of the person, and not what was enough to find the account.
    world.clock.jump(25 * 60 * 60 * 1000)
    await world.until(() => friend.store.feed(phone.identity)?.policy.depth.type === 'last')
    expect(friend.store.feed(phone.identity)?.policy.blobs).toEqual({ type: 'none' })

    await friend.peer.relate('follow', laptop.identity, false)
    for (const each of [laptop, phone]) expect(friend.store.feed(each.identity)?.watched).toBe(false)
    await world.pass(3_000)
    expect(rootsOf(friend)).toEqual([])
  })

  test('[Y25] [T15] belongs to the account that was found first, whoever lists it afterwards', async () => {
    await using world = createWorld()
    const { laptop, friend } = await followed(world)
    await makeAccount(laptop)
    const { root } = authorityOf(laptop)
    await world.until(() => rootsOf(friend).includes(root))
    for (const name of ['thief', 'other thief', 'third thief']) {
      const thief = await world.add(name)
      await thief.peer.account.create({ label: name })
      await list(world, thief, laptop)
      friend.peer.watch(authorityOf(thief).identity)
      await meet(world, friend, thief)
      await world.until(() => friend.store.synods?.account(authorityOf(thief).root) != null)
      await world.pass(2_000)
      await thief.stop()
    }
    expect(rootsOf(friend)).toEqual([root, null])
    expect(listenedTo(friend)).toEqual([])
  })

  test('[Y25] is let go with what was listened to, also after a restart', async () => {
    await using world = createWorld()
    const { laptop, friend } = await followed(world)
    // The key's feed is with nobody who is met: it is listened to for long.
    await friend.stop()
    await makeAccount(laptop)
    const hub = await world.add('hub')
    hub.peer.watch(laptop.identity)
    await meet(world, hub, laptop)
    await world.until(() => texts(hub.store, laptop.identity).includes('of an account'))
    await laptop.stop()
    const back = await world.add('friend')
    await meet(world, back, hub)
    await world.until(() => listenedTo(back).length === 1)
    await back.stop()
    const again = await world.add('friend')
    expect(listenedTo(again)).toHaveLength(1)
    await again.peer.relate('follow', laptop.identity, false)
    expect(listenedTo(again)).toEqual([])
  })
})

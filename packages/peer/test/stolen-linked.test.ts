/** A linked device in a thief's hands: the harm it does, and that revoking it undoes all of it, for everybody (T14, T26). */
import type { Payload } from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { authorityOf, everywhere, friendOf, household, hubOf, meet, members, shows } from './account-kit.ts'
import { accomplice, chainOf, forge, lastEpoch } from './thief-kit.ts'
import { createWorld, never, note, type TestPeer, texts, type World } from './world.ts'

const hourMs = 60 * 60 * 1000

interface Loss {
  readonly laptop: TestPeer
  readonly phone: TestPeer
  readonly tablet: TestPeer
  readonly hub: TestPeer
  readonly friend: TestPeer
  /** Everybody but the phone. */
  readonly honest: readonly TestPeer[]
  /** The last moment at which the phone was in good hands. */
  readonly lostAt: number
}

/** Three devices, their hub and a friend; all of them have what the phone and the laptop said. Then the phone is gone. */
async function loss(world: World): Promise<Loss> {
  const [laptop, phone, tablet] = (await household(world, 'laptop', 'phone', 'tablet')) as [
    TestPeer,
    TestPeer,
    TestPeer,
  ]
  const friend = await friendOf(world, laptop)
  const hub = await hubOf(world, laptop, phone, tablet, friend)
  await meet(world, tablet, phone)
  for (const text of ['first', 'second', 'third']) await phone.peer.publish(note(text))
  await laptop.peer.publish(note('of the laptop'))
  const honest = [laptop, tablet, hub, friend]
  await everywhere(world, honest, ({ store }) => texts(store, phone.identity).length === 3)
  await everywhere(world, [...honest, phone], ({ store }) => texts(store, laptop.identity).length === 1)
  await world.clock.advance(hourMs)
  const lostAt = world.clock.now()
  await world.clock.advance(hourMs)
  return { laptop, phone, tablet, hub, friend, honest, lostAt }
}

describe('[T26] a stolen linked device', () => {
  test('posts, erases what others wrote, takes away what it wrote itself: after the revocation everything is back', async () => {
    await using world = createWorld()
    const { laptop, phone, honest, lostAt } = await loss(world)
    await phone.peer.publish(note('of the thief'))
    const [target] = laptop.store.feedItems(laptop.identity, { limit: 1 }).items
    await phone.peer.erase([{ identity: laptop.identity, content: target!.content }])
    const own = phone.store.feedItems(phone.identity, { limit: 500 }).items
    const gone = own.filter(({ state }) => state.type === 'shown' && 'text' in state.payload)
    await world.turn(phone.peer.remove(gone.slice(-2).map(({ cid }) => cid)))
    await everywhere(world, honest, (peer) => !texts(peer.store, phone.identity).includes('first'))
    await everywhere(world, honest, (peer) => texts(peer.store, laptop.identity)[0] === 'erased')

    const final = await world.turn(laptop.peer.account.revoke(phone.identity, { lostAt }))
    expect(final?.slice(0, 2)).toEqual([1, 3])
    await everywhere(world, honest, (peer) => shows(peer, phone, 'first', 'second', 'third'))
    await everywhere(world, honest, (peer) => shows(peer, laptop, 'of the laptop'))
    await world.until(() => phone.peer.account.show()?.role === 'revoked')
    // What is erased by a device in good hands stays so.
    expect(members(laptop)).toEqual(['laptop (main)', 'tablet'])
  })

  test('nothing newer is accepted anywhere, whatever epoch, length or time it claims', async () => {
    await using world = createWorld()
    const { laptop, phone, honest, lostAt } = await loss(world)
    const chain = chainOf(laptop, phone.identity)
    const final = await world.turn(laptop.peer.account.revoke(phone.identity, { lostAt }))
    await everywhere(world, honest, ({ store }) => store.synods?.standing(phone.identity).type === 'revoked')
    const seed = testSeed('phone')
    const { identity, current } = authorityOf(laptop)
    const synod = [identity, current!.cid] as const
    const thief = [note('of the thief'), note('and more')]
    const forged = [
      await forge(seed, thief, { below: chain, synod }),
      // In place of what came before the final, as old as it.
      await forge(seed, [...thief, ...thief], { below: chain.slice(0, 1), synod }),
      await forge(seed, thief, { below: chain.slice(0, 2), epoch: 2, synod }),
      await forge(seed, [note('of the thief')], { epoch: lastEpoch - 1 }),
    ]
    for (const [index, each] of forged.entries()) {
      const relay = await accomplice(world, `relay ${index}`, each)
      for (const peer of honest) await meet(world, peer, relay)
    }
    await world.pass(3_000)
    for (const peer of honest) {
      expect([peer.name, texts(peer.store, phone.identity)]).toEqual([
        peer.name,
        ['third', 'second', 'first'],
      ])
      const record = peer.store.feed(phone.identity)?.record?.head
      expect([record?.epoch, record?.length, record?.head]).toEqual(final)
    }
  })

  test('is no main device: it adds nobody, neither in its own feed nor by a state of its own making', async () => {
    await using world = createWorld()
    const { laptop, phone, tablet, friend, honest } = await loss(world)
    const mallory = await world.add('mallory')
    const { state } = authorityOf(laptop).current!
    const own = state.identities.find(([device]) => device === phone.identity)!
    const stolen = { ...state, identities: [own, [mallory.identity, ...own.slice(1)]] } as unknown as Payload
    const chain = chainOf(laptop, phone.identity)
    const relay = await accomplice(
      world,
      'relay',
      await forge(testSeed('phone'), [stolen], { below: chain, comparable: world.clock.now() }),
    )
    for (const peer of honest) await meet(world, peer, relay)
    await everywhere(world, honest, ({ store }) => store.feed(phone.identity)?.record?.head.length === 4)
    await world.pass(1_000)
    for (const { store } of honest) {
      expect(store.synods?.standing(mallory.identity)).toEqual({ type: 'foreign' })
      expect(store.synods?.standing(phone.identity).type).toBe('member')
    }
    const final = null
    await expect(phone.peer.account.revoke(tablet.identity, { final })).rejects.toThrow('main device')
    await expect(phone.peer.account.set({ profile: { name: 'x' } })).rejects.toThrow('main device')
    expect(friend.peer.account.of(laptop.identity)?.devices).toHaveLength(3)
  })

  test('takes nobody off the list by asking for who is on it already', async () => {
    await using world = createWorld()
    const [laptop, phone, tablet] = (await household(world, 'laptop', 'phone', 'tablet')) as [
      TestPeer,
      TestPeer,
      TestPeer,
    ]
    const { identities } = authorityOf(phone).current!.state
    const member = identities.find(([device]) => device === tablet.identity)!
    const ask = (method: string) =>
      world.turn(
        phone.peer.call(laptop.identity, 'account', method, { member: [...member] }, { signal: never }),
      )
    // A person is not even asked.
    expect(await ask('admit')).toMatchObject({ ok: true })
    expect(await ask('withdraw')).toMatchObject({ ok: false, error: { code: 'too-late' } })
    expect(members(laptop)).toEqual(['laptop (main)', 'phone', 'tablet'])
  })
})

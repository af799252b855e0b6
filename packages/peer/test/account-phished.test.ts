/** An account that lists a device which was never told so: whoever got its signature and then refused (spec S39, T15). */
import type { Root } from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { ownReaders } from '../src/own/devices.ts'
import { authorityOf, friendOf, household, link, list, meet } from './account-kit.ts'
import { createWorld, note, type TestPeer, testCrypto, textOf, texts, type World } from './world.ts'

const rootOf = (peer: TestPeer): Root => authorityOf(peer).root

/** A device that wrote something, and an account that lists it behind its back; each has all of the other. */
async function phished(world: World): Promise<{ victim: TestPeer; phisher: TestPeer }> {
  const victim = await world.add('victim')
  const [phisher] = (await household(world, 'phisher', 'accomplice')) as [TestPeer]
  await victim.peer.publish(note('of the victim'))
  await list(world, phisher, victim)
  await meet(world, victim, phisher)
  victim.peer.watch(authorityOf(phisher).identity)
  victim.peer.watch(phisher.identity)
  phisher.peer.watch(victim.identity)
  const root = rootOf(phisher)
  await world.until(() => victim.store.synods?.account(root)?.standings.get(victim.identity) !== undefined)
  await world.until(() => texts(phisher.store, victim.identity).length === 1)
  return { victim, phisher }
}

describe('[S39] [T15] an account that lists a device which never joined it', () => {
  test('is none of its own: not shown, not followed, nothing sealed to it, nothing of it believed', async () => {
    await using world = createWorld()
    const { victim, phisher } = await phished(world)
    const stranger = await world.add('stranger')
    await phisher.peer.relate('follow', stranger.identity, true)
    await phisher.peer.publish({
      type: 'identification',
      at: 1,
      name: 'Mallory',
      about: '',
      avatar: null,
      hubs: [],
      box: rootOf(phisher),
    })
    await phisher.peer.publish(note('lure'))
    await world.until(() => texts(victim.store, phisher.identity).includes('lure'))

    const { synods } = victim.store
    expect(victim.peer.account.show()).toBeNull()
    expect(synods?.accountOf(victim.identity)).toBeNull()
    expect(synods?.standing(victim.identity)).toEqual({ type: 'foreign' })
    expect(synods?.siblings(victim.identity)).toEqual([])
    expect(synods?.siblings(phisher.identity)).not.toContain(victim.identity)
    expect(victim.peer.query.relations(victim.identity, 'follow')).toEqual([])
    expect(victim.peer.query.profile(victim.identity)).toBeNull()
    const own = victim.peer.query.timeline({ identities: [victim.identity] }).items
    expect(own.map(({ identity }) => identity)).toEqual([victim.identity])
    const { publicKey } = await testCrypto.agreementKey(testSeed('box of victim'))
    expect(ownReaders(victim.store, victim.identity, publicKey)).toEqual([publicKey])
    expect(victim.store.feed(stranger.identity)?.watched ?? false).toBe(false)
    // Whoever blocks the phisher blocks not themselves.
    await victim.peer.relate('block', phisher.identity, true)
    expect(victim.peer.query.timeline().items.map(({ identity }) => identity)).toContain(victim.identity)
  })

  test('erases nothing here, and ends nothing: taken off its list, or revoked by it, the device writes on', async () => {
    await using world = createWorld()
    const { victim, phisher } = await phished(world)
    const [post] = victim.store.feedItems(victim.identity, { limit: 1 }).items
    await phisher.peer.erase([{ identity: victim.identity, content: post!.content }])
    await world.until(() => texts(phisher.store, victim.identity)[0] === 'erased')
    await phisher.peer.account.revoke(victim.identity, { final: null })
    const root = rootOf(phisher)
    await world.until(
      () => victim.store.synods?.account(root)?.standings.get(victim.identity)?.type === 'revoked',
    )
    await world.pass(2_000)
    await victim.peer.publish(note('and more'))
    expect(texts(victim.store, victim.identity)).toEqual(['and more', 'of the victim'])
    expect(victim.store.feed(victim.identity)?.limit ?? null).toBeNull()
  })

  test('stays so over a restart and a rebuild, and the device may create or join another one', async () => {
    await using world = createWorld()
    const { victim, phisher } = await phished(world)
    await victim.stop()
    const again = await world.add('victim')
    expect(again.peer.account.show()).toBeNull()
    const root = await again.peer.account.create({ label: 'mine' })
    expect(again.peer.account.show()).toMatchObject({ root, role: 'main', members: [{ label: 'mine' }] })
    await phisher.peer.account.revoke(victim.identity, { final: null })
    await meet(world, again, phisher)
    await world.until(
      () => again.store.synods?.account(rootOf(phisher))?.standings.get(again.identity)?.type === 'revoked',
    )
    expect(again.peer.account.show()).toMatchObject({ root, role: 'main' })
    await again.peer.publish(note('still here'))
  })
})

test('[S39] [T15] nor is an account that lists another own device: it ends nothing of it here, and to block it parts nobody', async () => {
  await using world = createWorld()
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  const [phisher] = (await household(world, 'phisher', 'accomplice')) as [TestPeer]
  await list(world, phisher, phone)
  await meet(world, laptop, phisher)
  laptop.peer.watch(authorityOf(phisher).identity)
  laptop.peer.watch(phisher.identity)
  const root = rootOf(phisher)
  const listed = () => laptop.store.synods?.account(root)?.standings.get(phone.identity)?.type
  await world.until(() => listed() === 'member')
  const post = await phone.peer.publish(note('of the phone'))
  phisher.peer.watch(phone.identity)
  await world.until(() => texts(laptop.store, phone.identity).length === 1)
  await phisher.peer.erase([{ identity: phone.identity, content: post.content }])
  await laptop.peer.relate('block', phisher.identity, true)
  const shown = () => laptop.peer.query.timeline().items.map(textOf)
  expect(shown()).toEqual(['of the phone'])
  await world.until(() => laptop.peer.status().sessions.length === 1)
  expect(laptop.peer.status().sessions[0]?.identity).toBe(phone.identity)
  await phisher.peer.account.revoke(phone.identity, { final: null })
  await laptop.peer.relate('block', phisher.identity, false)
  await world.until(() => listed() === 'revoked', 60_000)
  await phone.peer.publish(note('and more'))
  await world.until(() => shown()[0] === 'and more')
  expect(laptop.store.synods?.accountOf(phone.identity)).toBe(rootOf(laptop))
})

describe('[S39] a store that was lost', () => {
  test('finds the account again by what this device wrote in it, and by the key in its vault', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const friend = await friendOf(world, laptop)
    await phone.peer.publish(note('from the phone'))
    await world.until(() => texts(friend.store, phone.identity).length === 1)
    const { root } = authorityOf(laptop)
    for (const lost of [phone, laptop]) {
      await lost.stop()
      // A pin of its own is all that tells the two apart.
      lost.store.synods?.pin(lost.identity, null)
      const again = await world.add(lost.name)
      expect(again.peer.account.show()?.root).toBe(root)
    }
  })

  test('one made before there were pins takes the only account that lists its device', async () => {
    await using world = createWorld()
    const [laptop] = (await household(world, 'laptop')) as [TestPeer]
    const phone = await world.add('phone')
    await link(world, laptop, phone)
    // Never opened as that device until now.
    laptop.store.setSelf(phone.identity)
    expect(laptop.store.synods?.accountOf(phone.identity)).toBe(authorityOf(phone).root)
  })
})

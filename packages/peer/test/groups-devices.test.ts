/** Groups and the devices of their members: lost ones, new ones, restarted ones, and those of liars (spec Q, T21, T28). */
import { encodeBase64url, type Identity, type Payload, readerPrint } from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import type { Published } from '../src/peer.ts'
import type { DraftOptions } from '../src/publish.ts'
import { authorityOf, household, link, meet } from './account-kit.ts'
import { acquaint, circle, note, textsOf } from './group-kit.ts'
import { createWorld, type TestPeer, testCrypto } from './world.ts'

const boxOf = async (name: string) => (await testCrypto.agreementKey(testSeed(`box of ${name}`))).publicKey

test('[Q13] [T21] a revoked device of a member reads nothing newer', async () => {
  await using world = createWorld('revoked')
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  const bob = await world.add('bob')
  await bob.peer.account.create({ label: 'bob', profile: { name: 'Bob' } })
  await acquaint(world, [laptop, bob])
  await meet(world, phone, laptop)
  const group = await world.turn(
    bob.peer.groups.create({ name: 'Us', members: [{ identity: phone.identity }] }),
  )
  await world.turn(bob.peer.groups.post(group, note(world, 'before')))
  await world.until(() => [laptop, phone].every((one) => textsOf(one, group).length === 1))
  await world.turn(phone.peer.groups.post(group, note(world, 'by the phone')))
  await world.until(() => [laptop, bob].every((one) => textsOf(one, group).length === 2))
  await world.turn(laptop.peer.account.revoke(phone.identity, { lostAt: world.clock.now() }))
  await world.until(() => bob.store.synods?.standing(phone.identity).type === 'revoked')
  await world.turn(bob.peer.groups.post(group, note(world, 'after')))
  await world.until(() => textsOf(laptop, group).length === 3)
  expect(textsOf(laptop, group)).toEqual(['after', 'by the phone', 'before'])
  await meet(world, phone, bob)
  await world.pass(5_000)
  expect(textsOf(phone, group)).not.toContain('after')
})

test('[Q15] a new device of a member reads what its person could, and writes; who came later gets no more by it', async () => {
  await using world = createWorld('joined')
  const [alice, bob, carol] = (await circle(world, 'alice', 'bob', 'carol')) as [TestPeer, TestPeer, TestPeer]
  const group = await world.turn(
    alice.peer.groups.create({ name: 'Us', history: false, members: [{ identity: bob.identity }] }),
  )
  await world.turn(alice.peer.groups.post(group, note(world, 'one')))
  await world.until(() => textsOf(bob, group).length === 1)
  await world.turn(alice.peer.groups.invite(group, [{ identity: carol.identity }]))
  await world.until(() => bob.peer.groups.show(group)?.members.length === 3)
  const tablet = await world.add('tablet')
  await link(world, bob, tablet)
  await meet(world, tablet, alice)
  await world.until(() => alice.store.synods?.standing(tablet.identity).type === 'member')
  await world.turn(bob.peer.groups.post(group, note(world, 'two')))
  await world.until(() => textsOf(tablet, group).length === 2)
  expect(textsOf(tablet, group)).toEqual(['two', 'one'])
  await world.turn(tablet.peer.groups.post(group, note(world, 'three')))
  await world.until(() => [alice, bob].every((one) => textsOf(one, group).length === 3))
  await world.until(() => textsOf(carol, group).includes('three') && textsOf(carol, group).includes('two'))
  expect(textsOf(carol, group)).toEqual(['three', 'two'])
})

test('[Q2] a peer that starts again knows its groups, and goes on with them', async () => {
  await using world = createWorld('again')
  const [alice, bob] = (await circle(world, 'alice', 'bob')) as [TestPeer, TestPeer]
  const group = await world.turn(
    alice.peer.groups.create({ name: 'Us', members: [{ identity: bob.identity }] }),
  )
  await world.turn(alice.peer.groups.post(group, note(world, 'one')))
  await world.until(() => textsOf(bob, group).length === 1)
  const before = bob.peer.groups.show(group)
  await bob.stop()
  const again = await world.add('bob')
  expect(again.peer.groups.list()).toEqual([before])
  await meet(world, again, alice)
  await world.turn(again.peer.groups.post(group, note(world, 'two')))
  await world.until(() => textsOf(alice, group).length === 2)
  expect(textsOf(again, group)).toEqual(['two', 'one'])
})

/** Publishes what no honest peer does. */
function forge({ peer }: TestPeer, payload: object, options: DraftOptions): Promise<Published> {
  const publish = peer.publish as (payload: Payload, options: DraftOptions) => Promise<Published>
  return publish(payload as Payload, options)
}

test('[Q12] [Q14] [T28] a key that somebody injects is neither written under nor does it open messages', async () => {
  await using world = createWorld('injected')
  const people = await circle(world, 'alice', 'bob', 'carol', 'dave')
  const [alice, bob, carol, dave] = people as [TestPeer, TestPeer, TestPeer, TestPeer]
  const members = [bob, carol].map(({ identity }) => ({ identity }))
  const group = await world.turn(alice.peer.groups.create({ name: 'Us', members }))
  await world.until(() => textsOf(carol, group).length === 0 && carol.peer.groups.show(group) !== null)
  // The operations by name, as whoever was there keeps them.
  const knows = carol.store
    .groupTexts!.of(group, 'operation', 10)
    .map(({ identity, content }) => ({ identity, content }))
  await world.turn(alice.peer.groups.remove(group, [carol.identity]))
  await world.until(() => bob.peer.groups.show(group)?.members.length === 2)

  const key = new Uint8Array(32).fill(7)
  const boxes = await Promise.all(people.map(({ name }) => boxOf(name)))
  const inject = async (thief: TestPeer, asked: readonly { identity: Identity }[]) => {
    const payload = {
      type: 'read_key',
      at: world.clock.now(),
      kind: 'content',
      conversation: group,
      generation: 2 ** 31,
      key: encodeBase64url(key),
      former: [],
      knows: asked,
      prints: boxes.slice(0, 2).map((box) => readerPrint(box, testCrypto.sha256)),
    }
    const seal = {
      type: 'age',
      context: `read_key/${group}/${2 ** 31}`,
      recipients: () => boxes,
    } as const
    await forge(thief, payload, { seal })
    const box = { type: 'box', conversation: group, key } as const
    await forge(thief, note(world, `by ${thief.name}`), { seal: box })
  }
  await inject(dave, knows)
  await inject(carol, knows)
  await world.until(() => alice.store.contentKeys!.of(group, { giver: dave.identity }).length === 1)
  await world.until(() => alice.store.contentKeys!.of(group, { giver: carol.identity }).length === 1)
  await world.turn(alice.peer.groups.post(group, note(world, 'ours')))
  await world.until(() => textsOf(bob, group).includes('ours'))
  await world.pass(3_000)
  expect(textsOf(carol, group)).not.toContain('ours')
  expect(textsOf(dave, group)).toEqual([])
  for (const one of [alice, bob]) {
    const shown = one.peer.groups
      .messages(group)
      .map(({ payload, isFormer }) => [(payload as { text?: string }).text, isFormer])
    const talk = one.peer.conversations.messages(`g${group}`).items
    expect(talk.map(({ identity }) => identity)).not.toContain(dave.identity)
    // Carol was in it once and may have written before she went: it is said that she is there no more.
    expect(shown).toEqual([
      ['ours', false],
      ['by carol', true],
    ])
  }
})

test('[Q14] a group is of persons: whoever has no account takes part by their device', async () => {
  await using world = createWorld('lone')
  const [alice, bob] = (await Promise.all([world.add('alice'), world.add('bob')])) as [TestPeer, TestPeer]
  for (const one of [alice, bob]) {
    const box = encodeBase64url(await boxOf(one.name))
    const profile = { type: 'identification', name: one.name, about: '', avatar: null, hubs: [], box }
    await one.peer.publish({ ...profile, at: world.clock.now() } as unknown as Payload)
  }
  await alice.peer.relate('follow', bob.identity, true)
  await bob.peer.relate('follow', alice.identity, true)
  await expect(
    world.turn(alice.peer.groups.create({ name: 'Us', members: [{ identity: bob.identity }] })),
  ).rejects.toMatchObject({ code: 'no-box-key' })
  await meet(world, alice, bob)
  await world.until(() => alice.store.profile(bob.identity)?.verified === true)
  const group = await world.turn(
    alice.peer.groups.create({ name: 'Us', members: [{ identity: bob.identity }] }),
  )
  await world.turn(alice.peer.groups.post(group, note(world, 'hello')))
  await world.until(() => textsOf(bob, group).length === 1)
  // An account that is made later is the same person.
  await bob.peer.account.create({ label: 'bob', profile: { name: 'Bob' } })
  alice.peer.watch(authorityOf(bob).identity)
  await world.until(() => alice.store.synods?.accountOf(bob.identity) != null)
  await world.turn(bob.peer.groups.post(group, note(world, 'still me')))
  await world.until(() => textsOf(alice, group).length === 2)
  expect(alice.peer.groups.messages(group).every(({ isFormer }) => !isFormer)).toBe(true)
  // Who leaves that account, or joins another, is removed all the same.
  await world.turn(alice.peer.groups.remove(group, [bob.identity]))
  expect(alice.peer.groups.show(group)?.members).toHaveLength(1)
  alice.store.synods?.pin(bob.identity, null)
  await world.pass(1_000)
  expect(alice.store.synods?.accountOf(bob.identity)).toBeNull()
  expect(alice.peer.groups.show(group)?.members).toHaveLength(1)
})

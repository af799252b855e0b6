/** Groups on whole peers (spec Q): everything sealed, over real sessions, through a hub that reads nothing. */
import { expect, test } from 'vitest'
import { acquaint, circle, note, rollOf, textsOf } from './group-kit.ts'
import { createWorld, type TestPeer } from './world.ts'

test('[Q11] [Q14] who is invited reads what is written, and a hub that keeps it reads nothing', async () => {
  await using world = createWorld('group')
  const [alice, bob, carol] = (await circle(world, 'alice', 'bob', 'carol')) as [TestPeer, TestPeer, TestPeer]
  const group = await world.turn(
    alice.peer.groups.create({ name: 'Book club', members: [{ identity: bob.identity }] }),
  )
  // Nobody has said anything there before.
  await world.turn(alice.peer.conversations.answer(`g${group}`, { text: 'hello bob' }))
  await world.until(() => textsOf(bob, group).length === 1)
  await world.turn(bob.peer.groups.post(group, note(world, 'hello alice')))
  await world.until(() => textsOf(alice, group).length === 2)
  expect(textsOf(alice, group)).toEqual(['hello alice', 'hello bob'])
  expect(bob.peer.groups.show(group)).toMatchObject({ name: 'Book club', role: 'member', waiting: 0 })
  expect(carol.peer.groups.list()).toEqual([])
  // The same among conversations, for those who write it and those who read it.
  for (const one of [alice, bob]) {
    expect(one.peer.conversations.messages(`g${group}`).items).toHaveLength(2)
    expect(one.peer.conversations.list().items).toMatchObject([{ kind: 'group', name: `g${group}` }])
  }
  expect(alice.peer.groups.readers(group).map(({ hasKey }) => hasKey)).toEqual([true, true])
})

test('[Q13] [T21] who was removed keeps what they had and reads nothing newer, and knows it', async () => {
  await using world = createWorld('removed')
  const [alice, bob, carol] = (await circle(world, 'alice', 'bob', 'carol')) as [TestPeer, TestPeer, TestPeer]
  const group = await world.turn(
    alice.peer.groups.create({
      name: 'Us',
      members: [{ identity: bob.identity, role: 'admin' }, { identity: carol.identity }],
    }),
  )
  await world.turn(alice.peer.groups.post(group, note(world, 'before')))
  await world.until(() => [bob, carol].every((one) => textsOf(one, group).length === 1))
  await world.turn(bob.peer.groups.remove(group, [carol.identity]))
  await world.until(() => rollOf(alice, group) === 'aa')
  await world.turn(alice.peer.groups.post(group, note(world, 'after')))
  await world.turn(bob.peer.groups.post(group, note(world, 'after too')))
  await world.until(() => textsOf(bob, group).length === 3 && textsOf(alice, group).length === 3)
  await world.until(() => carol.peer.groups.show(group)?.role === 'former')
  await world.pass(5_000)
  expect(textsOf(carol, group)).toEqual(['before'])
  // All of it is there, and stays shut.
  const feed = carol.store.feedItems(alice.identity).items
  expect(feed.map(({ length }) => length)).toContain(alice.store.feed(alice.identity)?.record?.head.length)
  expect(JSON.stringify(feed)).not.toContain('after')
  await expect(world.turn(carol.peer.groups.post(group, note(world, 'me too')))).rejects.toMatchObject({
    code: 'group-former',
  })
  await expect(world.turn(bob.peer.groups.remove(group, [alice.identity]))).rejects.toMatchObject({
    code: 'group-senior',
  })
})

test.for([true, false])('[Q15] who comes later, with history %s', async (history) => {
  await using world = createWorld(`history ${history}`)
  const [alice, bob, carol] = (await circle(world, 'alice', 'bob', 'carol')) as [TestPeer, TestPeer, TestPeer]
  const group = await world.turn(
    alice.peer.groups.create({ name: 'Us', history, members: [{ identity: bob.identity, role: 'admin' }] }),
  )
  await world.turn(alice.peer.groups.post(group, note(world, 'one')))
  // Another generation, so that a former key is there.
  await world.turn(alice.peer.groups.set(group, { about: 'Old friends' }))
  await world.until(() => textsOf(bob, group).length === 1)
  await world.turn(bob.peer.groups.post(group, note(world, 'two')))
  await world.until(() => textsOf(alice, group).length === 2)
  await world.turn(alice.peer.groups.invite(group, [{ identity: carol.identity }]))
  await world.turn(alice.peer.groups.post(group, note(world, 'three')))
  const expected = history ? ['three', 'two', 'one'] : ['three']
  await world.until(() => textsOf(carol, group).length >= expected.length)
  await world.pass(5_000)
  expect(textsOf(carol, group)).toEqual(expected)
  // Whatever history says, who did what is known to all.
  expect(carol.peer.groups.show(group)).toMatchObject({ about: 'Old friends', role: 'member', waiting: 0 })
  expect(rollOf(carol, group)).toBe('aam')
  await world.turn(carol.peer.groups.post(group, note(world, 'hello')))
  await world.until(() => textsOf(bob, group).includes('hello') && textsOf(alice, group).includes('hello'))
})

test('[Q7] [T21] two admins who change a group at the same time end with the same one', async () => {
  await using world = createWorld('concurrent')
  const people = await circle(world, 'alice', 'bob', 'carol', 'dave')
  const [alice, bob, carol, dave] = people as [TestPeer, TestPeer, TestPeer, TestPeer]
  const group = await world.turn(
    alice.peer.groups.create({
      name: 'Us',
      members: [
        { identity: bob.identity, role: 'admin' },
        { identity: carol.identity, role: 'admin' },
      ],
    }),
  )
  await world.until(() => [bob, carol].every((one) => rollOf(one, group) === 'aaa'))
  // Nobody hears of the others.
  world.network.partition([['alice'], ['bob'], ['carol'], ['dave', 'hub']])
  await world.turn(bob.peer.groups.remove(group, [carol.identity]))
  await world.turn(carol.peer.groups.invite(group, [{ identity: dave.identity }]))
  await world.turn(carol.peer.groups.set(group, { name: 'Mine' }))
  await world.turn(alice.peer.groups.set(group, { about: 'By Alice' }))
  world.network.heal()
  await world.until(
    () =>
      rollOf(alice, group) === 'aa' &&
      rollOf(bob, group) === 'aa' &&
      carol.peer.groups.show(group)?.role === 'former' &&
      bob.peer.groups.show(group)?.about === 'By Alice',
    120_000,
  )
  for (const one of [alice, bob]) {
    expect(one.peer.groups.show(group)).toMatchObject({ name: 'Us', about: 'By Alice', waiting: 0 })
  }
  await world.turn(alice.peer.groups.post(group, note(world, 'the two of us')))
  await world.until(() => textsOf(bob, group).length === 1)
  await world.pass(3_000)
  expect(textsOf(carol, group)).toEqual([])
  expect(textsOf(dave, group)).toEqual([])
})

test('[Q8] [Q13] who leaves reads nothing newer, and the group goes on with another admin', async () => {
  await using world = createWorld('leaves')
  const [alice, bob, carol] = (await circle(world, 'alice', 'bob', 'carol')) as [TestPeer, TestPeer, TestPeer]
  const group = await world.turn(
    alice.peer.groups.create({ name: 'Us', members: [bob, carol].map(({ identity }) => ({ identity })) }),
  )
  await world.until(() => [bob, carol].every((one) => rollOf(one, group) === 'amm'))
  await world.turn(alice.peer.groups.leave(group))
  expect(alice.peer.groups.show(group)?.role).toBe('former')
  await world.until(() => [bob, carol].every((one) => rollOf(one, group) === 'am'))
  await world.turn(carol.peer.groups.post(group, note(world, 'without Alice')))
  await world.until(() => textsOf(bob, group).length === 1)
  await expect(world.turn(carol.peer.groups.set(group, { name: 'Mine' }))).rejects.toMatchObject({
    code: 'group-admins-only',
  })
  await world.turn(bob.peer.groups.set(group, { name: 'Ours' }))
  await world.until(() => carol.peer.groups.show(group)?.name === 'Ours')
  await world.pass(3_000)
  expect(textsOf(alice, group)).toEqual([])
  expect(alice.peer.groups.show(group)?.name).toBe('Us')
})

test('[Q2] [Q12] who knows only the one who let them in hears of all the others', async () => {
  await using world = createWorld('strangers')
  const [alice, bob] = (await circle(world, 'alice', 'bob')) as [TestPeer, TestPeer]
  const carol = await world.add('carol')
  await carol.peer.account.create({ label: 'carol', profile: { name: 'Carol' } })
  const group = await world.turn(
    alice.peer.groups.create({ name: 'Us', members: [{ identity: bob.identity, role: 'admin' }] }),
  )
  await world.turn(alice.peer.groups.post(group, note(world, 'one')))
  await world.until(() => textsOf(bob, group).length === 1)
  await acquaint(world, [bob, carol])
  await world.turn(bob.peer.groups.invite(group, [{ identity: carol.identity }]))
  // Alice she never met: operations and messages of hers come over the hub.
  await world.until(() => textsOf(carol, group).length === 1, 60_000)
  // That the device which made the group is hers shows once her account is here.
  await world.until(() => rollOf(carol, group) === 'aam', 60_000)
  await world.turn(carol.peer.groups.post(group, note(world, 'hello')))
  await world.until(() => textsOf(alice, group).length === 2, 60_000)
  // Nobody's timeline shows what those wrote whom they do not follow.
  expect(carol.store.timeline().items.map(({ identity }) => identity)).not.toContain(alice.identity)
  await world.turn(carol.peer.groups.leave(group))
  await world.until(() => carol.store.feed(alice.identity)?.watched === false)
})

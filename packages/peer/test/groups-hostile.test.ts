/** Groups that are made to break those who judge them (spec Q, T16). */
import {
  type ContentName,
  encodeBase64url,
  operationsConversation,
  type Payload,
  readerPrint,
} from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createKnownGroups } from '../src/groups/known-groups.ts'
import type { DraftOptions } from '../src/publish.ts'
import { authorityOf, hubOf, list, meet } from './account-kit.ts'
import { circle, note, rollOf, textsOf } from './group-kit.ts'
import { createWorld, type TestPeer, testCrypto, textOf, type World } from './world.ts'

/** Writes operations of a group as nobody honest does, under the newest key of its creator. */
function forger(world: World, creator: TestPeer, group: string) {
  const conversation = operationsConversation(group, testCrypto.sha256)
  const key = creator.store.contentKeys!.of(conversation)[0]!.key
  return async (by: TestPeer, knows: readonly ContentName[], operation: object): Promise<ContentName> => {
    const publish = by.peer.publish as (
      payload: Payload,
      options: DraftOptions,
    ) => ReturnType<TestPeer['peer']['publish']>
    const payload = { type: 'group', at: world.clock.now(), group, knows, ...operation } as unknown as Payload
    const { content } = await publish(payload, { seal: { type: 'box', conversation, key } })
    return { identity: by.identity, content }
  }
}

const named = ({ identity }: TestPeer, role: 'admin' | 'member') => ({ identity, root: null, role })
const renamed = (name: string) => ({
  operation: 'settings',
  ...{ name, about: '', avatar: null, history: true },
})

test('[Q10] [T16] a member by the heads alone, of whom nothing counts any more, fells nobody', async () => {
  await using world = createWorld('cut heads')
  const people = await circle(world, 'victim', 'mallory', 'anna', 'yuri', 'paul')
  const [victim, mallory, anna, yuri, paul] = people as [TestPeer, TestPeer, TestPeer, TestPeer, TestPeer]
  const members = [{ identity: victim.identity }, { identity: anna.identity, role: 'admin' as const }]
  const group = await world.turn(mallory.peer.groups.create({ name: 'Us', members }))
  await world.until(() => rollOf(victim, group) === 'aam')
  const first = mallory.store.groupTexts!.of(group, 'operation', 1)[0]!
  const write = forger(world, mallory, group)
  const knows: ContentName = { identity: first.identity, content: first.content }
  // What Anna and Yuri did is overruled by what Mallory did aside: Paul is nobody. The heads that are named leave that out.
  const added = await write(anna, [knows], { operation: 'add', members: [named(yuri, 'admin')] })
  const further = await write(yuri, [added], { operation: 'add', members: [named(paul, 'member')] })
  await write(mallory, [further], renamed('Head'))
  let last = knows
  for (let count = 0; count < 4; count++) last = await write(mallory, [last], renamed(`Step ${count}`))
  await write(mallory, [last], { operation: 'remove', targets: [{ identity: anna.identity, root: null }] })
  for (let count = 0; count < 23; count++) await write(mallory, [knows], renamed(`Filler ${count}`))
  await world.until(() => victim.store.groupTexts!.count(group, 'operation') === 31)
  await world.pass(60_000)
  expect(victim.peer.groups.show(group)?.members.length).toBe(2)
  expect(victim.logged.filter(({ event }) => event === 'group.failed')).toEqual([])
})

test('[Q17] [T16] of whom a group of strangers names little is wanted, until one follows who made it', async () => {
  await using world = createWorld('strangers')
  const people = await Promise.all(['victim', 'mallory', 'paul'].map((name) => world.add(name)))
  const [victim, mallory, paul] = people as [TestPeer, TestPeer, TestPeer]
  for (const { peer, name } of people) await peer.account.create({ label: name, profile: { name } })
  await hubOf(world, ...people)
  for (const feed of [authorityOf(mallory), mallory]) victim.peer.watch(feed.identity)
  for (const other of [victim, paul]) {
    mallory.peer.watch(authorityOf(other).identity)
    await world.until(() => mallory.store.synods?.accountOf(other.identity) != null)
  }
  const members = [victim, paul].map(({ identity }) => ({ identity }))
  const group = await world.turn(mallory.peer.groups.create({ name: 'Us', members }))
  await world.until(() => victim.peer.groups.show(group)?.members.length === 3)
  const policy = () => victim.store.feed(paul.identity)?.policy
  await world.until(() => policy()?.depth.type === 'last')
  expect(policy()).toMatchObject({ depth: { type: 'last', count: 1_024 }, blobs: { type: 'none' } })
  await world.turn(victim.peer.relate('follow', mallory.identity, true))
  await world.until(() => policy()?.depth.type === 'all')
  await world.turn(victim.peer.relate('block', mallory.identity, true))
  await world.until(() => victim.store.feed(paul.identity)?.watched !== true)
})

test('[X9] [Q13] a member whose keys are void, or those of others, locks the group for nobody, and can be removed', async () => {
  await using world = createWorld('bad boxes')
  const people = await circle(world, 'alice', 'bob', 'mallory')
  const [alice, bob, mallory] = people as [TestPeer, TestPeer, TestPeer]
  const eve = await world.add('eve')
  const none = new Uint8Array(32)
  const present = (box: Uint8Array) => {
    const card = { name: 'eve', about: '', avatar: null, hubs: [], box: encodeBase64url(box) }
    return eve.peer.publish({ type: 'identification', at: world.clock.now(), ...card } as unknown as Payload)
  }
  await present((await testCrypto.agreementKey(testSeed('box of eve'))).publicKey)
  for (const one of [alice, bob]) {
    await one.peer.relate('follow', eve.identity, true)
    await meet(world, one, eve)
  }
  await world.until(() => alice.store.profile(eve.identity)?.verified === true)
  const members = [bob, mallory, eve].map(({ identity }) => ({ identity }))
  const group = await world.turn(alice.peer.groups.create({ name: 'Us', members }))
  await world.turn(alice.peer.groups.post(group, note(world, 'before')))
  await world.until(() => textsOf(bob, group).length === 1)
  // One in her profile, one among the devices of an account.
  const { content } = await present(none)
  const pad = await world.add('pad')
  await list(world, mallory, pad, 'pad', none)
  // Bob's key as one of hers, revoked.
  const puppet = await world.add('puppet')
  await list(
    world,
    mallory,
    puppet,
    'puppet',
    (await testCrypto.agreementKey(testSeed('box of bob'))).publicKey,
  )
  await world.turn(mallory.peer.account.revoke(puppet.identity, { final: null }))
  const isKnown = ({ store }: TestPeer) =>
    store.synods?.standing(puppet.identity).type === 'revoked' &&
    store.profile(eve.identity)?.content === content &&
    store.synods?.account(authorityOf(mallory).root)?.standings.has(pad.identity) === true
  await world.until(() => isKnown(alice) && isKnown(bob))
  await world.turn(bob.peer.groups.post(group, note(world, 'among us')))
  await world.turn(alice.peer.groups.remove(group, [eve.identity, mallory.identity]))
  await world.turn(alice.peer.groups.post(group, note(world, 'after')))
  await world.until(() => textsOf(bob, group).length === 3)
  expect(textsOf(bob, group)).toEqual(['after', 'among us', 'before'])
  expect(rollOf(bob, group)).toBe('am')
  await world.until(() => mallory.peer.groups.show(group)?.role === 'former')
  expect(textsOf(mallory, group)).toEqual(['among us', 'before'])
})

test('[S41] [S42] [T21] whoever blocks a member hears whom that one removes, and nothing that they say', async () => {
  await using world = createWorld('blocked member')
  const people = await circle(world, 'alice', 'bob', 'carol', 'dave')
  const [alice, bob, carol, dave] = people as [TestPeer, TestPeer, TestPeer, TestPeer]
  const others = [carol, dave].map(({ identity }) => ({ identity }))
  const members = [{ identity: bob.identity, role: 'admin' as const }, ...others]
  const group = await world.turn(alice.peer.groups.create({ name: 'Us', members }))
  await world.until(() => rollOf(bob, group) === 'aamm')
  await world.turn(bob.peer.groups.post(group, note(world, 'one')))
  await world.until(() => [alice, carol, dave].every((one) => textsOf(one, group).length === 1))
  await dave.peer.relate('block', bob.identity, true)
  await world.until(() => textsOf(dave, group).length === 0)
  await world.until(() => dave.store.feed(bob.identity)?.policy.blobs.type === 'none')
  await world.turn(bob.peer.groups.remove(group, [carol.identity]))
  await world.turn(bob.peer.groups.post(group, note(world, 'two')))
  await world.until(() => rollOf(dave, group) === 'aam' && textsOf(alice, group).length === 2)
  await world.turn(dave.peer.groups.post(group, note(world, 'secret')))
  await world.until(() => textsOf(bob, group).includes('secret'))
  await world.pass(3_000)
  expect(textsOf(carol, group)).toEqual(['one'])
  expect(textsOf(dave, group)).toEqual(['secret'])
  expect(dave.peer.conversations.messages(`g${group}`).items).toHaveLength(1)
  expect(dave.peer.conversations.show(`g${group}`)?.unread).toBe(0)
  await dave.peer.relate('block', bob.identity, false)
  await world.until(() => textsOf(dave, group).length === 3)
  expect(textsOf(dave, group)).toEqual(['secret', 'two', 'one'])
})

test('[Q10] [T16] what a giver knew is not judged again for each that is added, but when persons are others', async () => {
  await using world = createWorld('judged once')
  const alice = await world.add('alice')
  await alice.peer.account.create({ label: 'alice', profile: { name: 'Alice' } })
  const group = await world.turn(alice.peer.groups.create({ name: 'Us' }))
  const groups = createKnownGroups(alice.store, alice.store.groupTexts!, alice.identity, testCrypto.sha256)
  const knows = groups.of(group)!.group.heads
  const early = groups.of(group)!.group.at(knows)
  await world.turn(alice.peer.groups.set(group, { name: 'Them' }))
  groups.changed(group)
  expect(groups.of(group)!.group.now?.settings.name).toBe('Them')
  expect(groups.of(group)!.group.at(knows)).toBe(early)
  groups.changed()
  expect(groups.of(group)!.group.at(knows)).not.toBe(early)
})

test('[Q23] [T28] what an outsider writes under a key of their own is neither unread nor stands before what counts', async () => {
  await using world = createWorld('outsider')
  const people = await circle(world, 'alice', 'bob', 'dave')
  const [alice, bob, dave] = people as [TestPeer, TestPeer, TestPeer]
  const group = await world.turn(
    alice.peer.groups.create({ name: 'Us', members: [{ identity: bob.identity }] }),
  )
  await world.turn(alice.peer.groups.post(group, note(world, 'ours')))
  await world.until(() => textsOf(bob, group).length === 1)
  const publish = dave.peer.publish as (payload: unknown, options: DraftOptions) => Promise<unknown>
  const boxes = await Promise.all(
    people.map(async ({ name }) => (await testCrypto.agreementKey(testSeed(`box of ${name}`))).publicKey),
  )
  const knows = alice.store.groupTexts!.of(group, 'operation', 10)
  const key = new Uint8Array(32).fill(7)
  const readKey = {
    ...{ type: 'read_key', at: 1, kind: 'content', conversation: group, generation: 5, former: [] },
    key: encodeBase64url(key),
    knows: knows.map(({ identity, content }) => ({ identity, content })),
    prints: boxes.map((box) => readerPrint(box, testCrypto.sha256)),
  }
  await publish(readKey, { seal: { type: 'age', context: `read_key/${group}/5`, recipients: () => boxes } })
  const seal = { type: 'box', conversation: group, key } as const
  for (let at = 0; at < 60; at++) await publish(note(world, `x${at}`), { seal })
  const { conversations } = bob.peer
  await world.until(() => bob.store.conversations!.countAbove(`g${group}`, dave.identity, 0) === 60)
  const view = conversations.show(`g${group}`)
  expect([view?.unread, conversations.counts().unread]).toEqual([1, 1])
  expect(view?.newest?.identity).toBe(alice.identity)
  expect(conversations.messages(`g${group}`).items).toHaveLength(1)
})

test('[Q25] [Q26] [T28] who is ignored, or may not write, reaches nobody by a group with a friend of theirs', async () => {
  await using world = createWorld('by a friend')
  const people = await Promise.all(['bob', 'alice', 'mallory'].map((name) => world.add(name)))
  const [bob, alice, mallory] = people as [TestPeer, TestPeer, TestPeer]
  for (const { peer, name } of people) await peer.account.create({ label: name, profile: { name } })
  await hubOf(world, ...people)
  for (const one of people)
    for (const other of people) if (one !== other) one.peer.watch(authorityOf(other).identity)
  await world.until(() =>
    people.every(({ store }) => people.every(({ identity }) => store.synods?.accountOf(identity) != null)),
  )
  await bob.peer.relate('follow', alice.identity, true)
  // As friends of friends are.
  for (const one of [bob, alice]) one.peer.watch(mallory.identity)
  const members = [{ identity: bob.identity }, { identity: alice.identity }]
  const made = async (name: string): Promise<string> => {
    const group = await world.turn(mallory.peer.groups.create({ name, members }))
    await world.until(() => [alice, bob].every((one) => rollOf(one, group) === 'amm'))
    return group
  }
  const { conversations, query } = bob.peer
  const listed = () => conversations.list().items.map(({ name, unread }) => `${name} ${unread}`)
  const saidIn = (group: string) => conversations.messages(`g${group}`).items.map(textOf)
  const found = () => query.byType('private_note').items.map(textOf)

  const group = await made('Us')
  expect([conversations.openGroups(), conversations.requests()]).toEqual([[], []])
  await world.turn(mallory.peer.groups.post(group, note(world, 'hi')))
  await world.turn(mallory.peer.groups.post(group, note(world, 'are you there?')))
  await world.until(() => textsOf(bob, group).length === 2)
  expect(conversations.counts()).toEqual({ unread: 0, conversations: 0, requests: 1 })
  const [request] = conversations.requests()
  expect(request).toMatchObject({ name: `g${group}`, from: { root: authorityOf(mallory).root }, text: 'hi' })
  expect([listed(), saidIn(group), found()]).toEqual([[], ['hi'], []])
  await conversations.ignore(`g${group}`)
  expect(conversations.counts()).toEqual({ unread: 0, conversations: 0, requests: 0 })
  expect([listed(), saidIn(group), conversations.openGroups()]).toEqual([[], [], []])

  await world.until(() => textsOf(alice, group).length === 2)
  await world.turn(alice.peer.groups.post(group, note(world, 'who is this?')))
  await world.until(() => listed().join() === `g${group} 1`)
  expect([saidIn(group), found()]).toEqual([['who is this?'], ['who is this?']])
  await conversations.hear(mallory.identity)
  expect(saidIn(group)).toEqual(['who is this?', 'are you there?', 'hi'])

  await conversations.setWhoMayWrite('followed')
  const other = await made('Them')
  await world.turn(mallory.peer.groups.post(other, note(world, 'and now?')))
  await world.until(() => textsOf(bob, other).length === 1)
  expect(conversations.counts()).toEqual({ unread: 3, conversations: 1, requests: 0 })
  expect(conversations.openGroups()).toEqual([group])
  expect(conversations.show(`g${other}`)).toMatchObject({ state: 'ignored', newest: null, unread: 0 })
  // Whoever does something there has taken it up.
  await world.turn(conversations.answer(`g${other}`, { text: 'leave me alone' }))
  expect(saidIn(other)).toEqual(['leave me alone', 'and now?'])
})

/** What a restored device wrote, and its own later epoch, which is sealed otherwise: what fits, and is for its readers, goes into that. */
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { wholeFeed } from '../src/relations.ts'
import { hasAll, introduce } from './private-feed-kit.ts'
import { createWorld, note, soundChain, type TestPeer, testCrypto, texts, type World } from './world.ts'

async function cast(world: World) {
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  for (const one of [alice, bob]) await introduce(world, one)
  await world.turn(bob.peer.relate('follow', alice.identity, true))
  alice.peer.watch(bob.identity, wholeFeed)
  bob.peer.connect(alice.address)
  await world.until(() => hasAll(alice, bob) && hasAll(bob, alice))
  return { alice, bob }
}

/** A device with a copy of what `one` holds of its own feed, as its disk was at that time. */
async function copyOf(world: World, { store, identity }: TestPeer): Promise<TestPeer> {
  const copy = await world.add('copy')
  const chain = [...store.chain(identity)]
  for (const key of store.feedKeys?.of(identity) ?? []) copy.store.feedKeys?.keep(key)
  copy.store.watchFeed(identity, wholeFeed)
  copy.store.acceptHead(store.feed(identity)!.record!)
  const bodies = new Map(chain.flatMap(({ content, body }) => (body === null ? [] : [[content, body]])))
  copy.store.appendRun({ identity, entries: chain.map(({ signed }) => signed), bodies })
  copy.store.settleEntries(chain.map(({ signed: { cid } }) => ({ cid, valid: true })))
  return copy
}

async function restore(world: World, { store }: TestPeer): Promise<TestPeer> {
  const signer = await testCrypto.signer(testSeed('alice'))
  const again = await world.add('alice', { store, signer, continuity: 'restored' })
  again.peer.writeAnyway()
  return again
}

const count = ({ logged }: TestPeer, name: string) => logged.filter(({ event }) => event === name).length

test('[F13] what cannot stand in the private feed keeps out neither the rest nor the follows that came back', async () => {
  await using world = createWorld('rescue')
  const { alice, bob } = await cast(world)
  const eve = await world.add('eve')
  const copy = await copyOf(world, alice)
  await world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity] }))
  await world.turn(alice.peer.relate('follow', eve.identity, true))
  await world.until(() => hasAll(alice, bob))
  await alice.stop()

  const again = await restore(world, copy)
  for (const text of ['before', 'x'.repeat(12_000), 'after']) await world.turn(again.peer.publish(note(text)))
  again.peer.connect(bob.address)
  await world.until(() => texts(bob.store, alice.identity).includes('after'))
  await world.until(() => again.store.feed(eve.identity)?.watched === true)
  expect(texts(bob.store, alice.identity)).toEqual(['after', 'before', 'follow', 'identification'])
  for (const { signed } of bob.store.chain(alice.identity)) expect(signed.sealed).toBeDefined()
  // At the next change of the feed nothing is written again.
  await world.turn(again.peer.publish(note('goes on')))
  await world.until(() => hasAll(again, bob))
  await world.pass(1_000)
  soundChain(again.store, alice.identity)
  expect([count(again, 'feed.rescued'), count(again, 'feed.rescue-unfit')]).toEqual([1, 1])
})

test('[F13] what was sealed is not written for everybody', async () => {
  await using world = createWorld('rescue sealed')
  const { alice, bob } = await cast(world)
  await world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity] }))
  const copy = await copyOf(world, alice)
  await world.turn(alice.peer.privateFeed.makePublic({ keep: 'all' }))
  await world.until(() => hasAll(alice, bob))
  await alice.stop()

  const again = await restore(world, copy)
  await world.turn(again.peer.publish(note('for bob alone')))
  again.peer.connect(bob.address)
  await world.until(() => count(again, 'feed.rescued') === 1)
  await world.turn(again.peer.publish(note('for everybody')))
  await world.until(() => hasAll(again, bob))
  expect(texts(bob.store, alice.identity)).toEqual(['for everybody', 'identification'])
})

/** What a person wants of their own feed, and what becomes of it when a fork of that feed ends (X25, F12, F14). */
import { expect, test } from 'vitest'
import { wholeFeed } from '../src/relations.ts'
import { fails, fork, type Lost, patienceMs } from './given-up-kit.ts'
import type { TestPeer, World } from './world.ts'
import { soundChain, texts } from './world.ts'

/** Somebody comes who has the other branch. */
async function bring(world: World, alice: TestPeer, { common, entries, records }: Lost): Promise<void> {
  const carol = await world.add('carol')
  const all = [...common, ...entries]
  carol.store.watchFeed(alice.identity, wholeFeed)
  carol.store.acceptHead(records.at(-1)!)
  carol.store.appendRuns([{ identity: alice.identity, entries: all, bodies: new Map() }])
  carol.store.settleEntries(all.map(({ cid }) => ({ cid, valid: true })))
  alice.peer.connect(carol.address)
  await world.until(() => (alice.peer.dispute()?.branches ?? null) !== null)
}

test.for([
  { what: 'healed', isHere: true, count: 7 },
  { what: 'given up in part', isHere: false, count: 6 },
])('[X25] [F12] [F14] a feed that was to become private does so once its fork is $what', async (given) => {
  const { world, hub, alice, lost } = await fork(given.what, ['lost 4'], () => true)
  await using _ = world
  expect(await fails(alice.peer.privateFeed.makePrivate({ to: [] }))).toBe('own-feed-disputed')
  expect(alice.peer.privateFeed.status()).toMatchObject({ isPrivate: false, isPending: true })
  if (given.isHere) await bring(world, alice, lost)
  else await world.pass(patienceMs)
  const { head } = await world.turn(alice.peer.heal({ givingUp: !given.isHere }))
  expect(head).toMatchObject({ epoch: 2, length: given.count })
  await world.until(() => alice.peer.privateFeed.status().isPrivate)
  expect(alice.peer.privateFeed.status().isPending).toBe(false)
  expect(alice.store.feed(alice.identity)?.record?.head).toMatchObject({ epoch: 3, length: given.count })
  expect(texts(alice.store, alice.identity)).toHaveLength(given.count)
  soundChain(alice.store, alice.identity, { isDisputed: true })
  await world.until(() => hub.store.feedKeys?.closed(alice.identity)?.epoch === 3)
})

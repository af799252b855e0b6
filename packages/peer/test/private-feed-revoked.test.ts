/** A private feed takes another key once a device that may have its key is out of its account (spec X25; T21). */
import { EffigyError } from '@effigy/core'
import { feedKeyId } from '@effigy/crypto'
import type { FeedKeys, Store } from '@effigy/store'
import { expect, test } from 'vitest'
import { couple, household, link, meet } from './account-kit.ts'
import { headOf, isShut } from './private-feed-kit.ts'
import { createWorld, note, type TestPeer, testCrypto, texts, type World } from './world.ts'

const keyCount = ({ store, identity }: TestPeer) => store.feedKeys?.of(identity).length
const epochOf = (peer: TestPeer) => headOf(peer, peer.identity)?.epoch
const reads = (by: TestPeer, of: TestPeer, text: string) => texts(by.store, of.identity).includes(text)
const publish = (world: World, { peer }: TestPeer, text: string) => world.turn(peer.publish(note(text)))
const letterEpoch = (at: TestPeer, of: TestPeer) => at.store.feedKeys?.letter(of.identity)?.epoch

/** Each of these has a feed that is private for `reader`, with a note in it. */
async function makePrivate(world: World, devices: readonly TestPeer[], reader: TestPeer): Promise<void> {
  for (const one of devices) {
    await publish(world, one, 'for everybody')
    await world.turn(one.peer.privateFeed.makePrivate({ to: [reader.identity] }))
    await publish(world, one, 'before')
  }
}

const revoke = (world: World, by: TestPeer, lost: TestPeer) =>
  world.turn(by.peer.account.revoke(lost.identity, { final: null }))

const fail = (): never => {
  throw new EffigyError('storage', 'the disk is full, or the process was killed')
}

/** As a process that is killed just before it writes a feed anew. */
const killed = (store: Store): Store => ({ ...store, replaceOwn: fail })

/** Letters are not kept while it is full. */
function fullDisk(store: Store) {
  const feedKeys = store.feedKeys as FeedKeys
  const disk = { isFull: true }
  const keepLetter: FeedKeys['keepLetter'] = (letter) => (disk.isFull ? fail() : feedKeys.keepLetter(letter))
  return { disk, store: { ...store, feedKeys: { ...feedKeys, keepLetter } } }
}

/** What is not whole is not written anew. */
function gappy({ store, identity }: TestPeer) {
  const gap = { isOpen: true }
  const feed: Store['feed'] = (asked) => {
    const state = store.feed(asked)
    return gap.isOpen && asked === identity && state !== null ? { ...state, runs: [] } : state
  }
  return { gap, store: { ...store, feed } }
}

test("[X25] [T21] a stolen device of one's own reads nothing newer, whoever serves it; every device takes one new key", async () => {
  await using world = createWorld('own revoked')
  const { ann, bob: readers } = await couple(world, ['laptop', 'tablet', 'phone'], ['bob'])
  const [laptop, tablet, phone] = ann as [TestPeer, TestPeer, TestPeer]
  const [bob] = readers as [TestPeer]
  await makePrivate(world, [laptop, tablet], bob)
  await world.until(() => [phone, bob].every((by) => [laptop, tablet].every((of) => reads(by, of, 'before'))))
  // The tablet hears of it when it comes back, is killed on its way, and finds its disk full.
  await tablet.stop()
  await revoke(world, laptop, phone)
  await world.until(() => keyCount(laptop) === 2)
  await publish(world, laptop, 'after')
  const first = await world.add('tablet', { store: killed(tablet.store) })
  await meet(world, first, laptop)
  await world.until(() => keyCount(tablet) === 2)
  expect(epochOf(tablet)).toBe(2)
  await first.stop()
  const { store, disk } = fullDisk(tablet.store)
  const second = await world.add('tablet', { store })
  await world.until(() => epochOf(tablet) === 3)
  await publish(world, second, 'after')
  await world.pass(1_500)
  expect(letterEpoch(tablet, tablet)).toBe(2)
  disk.isFull = false
  await meet(world, second, bob)
  await world.until(() => letterEpoch(tablet, tablet) === 3)
  await world.until(() => [laptop, tablet].every((of) => reads(bob, of, 'after')))

  // The thief comes to a reader, as anybody.
  phone.peer.watch(laptop.identity)
  phone.peer.watch(tablet.identity)
  await meet(world, phone, bob)
  await world.until(() => [laptop, tablet].every((of) => isShut(of, phone)))
  for (const of of [laptop, tablet]) expect(reads(phone, of, 'after')).toBe(false)

  // Once: the next start is no reason for another.
  for (const one of [phone, bob, laptop]) await one.stop()
  const started = await world.add('laptop')
  await world.pass(1_500)
  for (const one of [laptop, tablet]) expect([keyCount(one), epochOf(one)]).toEqual([2, 3])
  await started.stop()
  // Where nothing is noted of a key in use, whoever is out may have it.
  laptop.store.saveSetting('private-feed/holders', 'null')
  await world.add('laptop')
  await world.until(() => keyCount(laptop) === 3 && epochOf(laptop) === 4)
})

test('[X25] [T21] nor does a stolen device of a reader, one that came and went unheard either; who joins costs no new key', async () => {
  await using world = createWorld('reader revoked')
  const { ann, bob: readers } = await couple(world, ['ann'], ['laptop', 'phone'])
  const [alice] = ann as [TestPeer]
  const [laptop, phone] = readers as [TestPeer, TestPeer]
  await makePrivate(world, [alice], laptop)
  await world.until(() => [laptop, phone].every((by) => reads(by, alice, 'before')))
  const tablet = await world.add('tablet')
  await link(world, laptop, tablet)
  await world.until(() => reads(tablet, alice, 'before'))
  expect([keyCount(alice), epochOf(alice)]).toEqual([1, 2])

  // Another one has the key of its own account, and is lost before the author hears of it.
  await alice.stop()
  const watch = await world.add('watch')
  await link(world, laptop, watch)
  await world.until(() => watch.store.feedKeys?.of(alice.identity).length === 1)
  await revoke(world, laptop, phone)
  await revoke(world, laptop, watch)
  const { gap, store } = gappy(alice)
  const again = await world.add('ann', { store })
  const letter = store.feedKeys?.letter(alice.identity)?.at
  await meet(world, again, laptop)
  // Until it can be written anew there is a letter for those left at least.
  await world.until(() => store.feedKeys?.letter(alice.identity)?.at !== letter)
  expect([keyCount(again), letterEpoch(again, again)]).toEqual([1, 2])
  gap.isOpen = false
  await meet(world, again, tablet)
  await world.until(() => keyCount(again) === 2)
  await publish(world, again, 'after')
  await world.until(() => [laptop, tablet].every((by) => reads(by, again, 'after')))
  for (const thief of [phone, watch]) {
    thief.peer.watch(again.identity)
    await meet(world, thief, tablet)
  }
  await world.until(() => [phone, watch].every((by) => isShut(again, by)))
  for (const by of [phone, watch]) expect(reads(by, again, 'after')).toBe(false)
  expect([keyCount(again), epochOf(again)]).toEqual([2, 3])
})

test('[X25] a feed without entries has another key from its first one on', async () => {
  await using world = createWorld('empty, revoked')
  const [laptop, tablet, phone] = (await household(world, 'laptop', 'tablet', 'phone')) as [
    TestPeer,
    TestPeer,
    TestPeer,
  ]
  await world.turn(tablet.peer.privateFeed.makePrivate({ to: [] }))
  const [before] = tablet.store.feedKeys?.of(tablet.identity) ?? []
  await revoke(world, laptop, phone)
  await world.until(() => keyCount(tablet) === 2 && tablet.peer.privateFeed.status().isPending === false)
  await publish(world, tablet, 'after')
  const [entry] = tablet.store.chain(tablet.identity)
  expect(entry?.signed.sealed?.keyId).not.toBe(feedKeyId(before?.key as Uint8Array, testCrypto))
  await world.until(() => reads(laptop, tablet, 'after'))
  expect(epochOf(tablet)).toBe(1)
})

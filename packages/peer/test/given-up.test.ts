/** The newest entry of one's own is nowhere any more, and everybody knows its head: the way out, and what turns up after that (F14). */
import { rawCid, signHead, utf8 } from '@effigy/core'
import type { Store } from '@effigy/store'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { wholeFeed } from '../src/relations.ts'
import { fails, fork, hear, type Lost, patienceMs, same, worldOf, writeElsewhere } from './given-up-kit.ts'
import { note, soundChain, type TestPeer, testCrypto, textOf, texts } from './world.ts'

/** Somebody who has the chain that they were cut off from up to that many of the lost entries. */
function give(
  store: Store,
  { identity, store: alice }: TestPeer,
  { entries, records }: Lost,
  count: number,
): void {
  store.watchFeed(identity, wholeFeed)
  const all = [...Array.from(alice.chain(identity), ({ signed }) => signed), ...entries.slice(0, count)]
  store.acceptHead(records[count - 1]!)
  store.appendRuns([{ identity, entries: all, bodies: new Map() }])
  store.settleEntries(all.map(({ cid }) => ({ cid, valid: true })))
  expect(store.feed(identity)?.heldCount).toBe(all.length)
}

test('[F14] [T5] a head whose entry is nowhere: after a minute one may go on over what is held', async () => {
  const { world, hub, alice } = await worldOf('given up')
  await using _ = world
  for (const text of ['1', '2', '3']) await alice.peer.publish(note(text))
  const lost = await writeElsewhere(alice, ['lost'])
  await hear(world, hub, alice, lost)
  expect(await fails(alice.peer.publish(note('4')))).toBe('own-feed-incomplete')
  expect(() => alice.peer.writeAnyway()).toThrow(expect.objectContaining({ code: 'own-feed-incomplete' }))
  await world.pass(patienceMs)
  expect(await fails(alice.peer.publish(note('4')))).toBe('own-feed-incomplete')
  alice.peer.writeAnyway()
  await world.turn(Promise.all([alice.peer.publish(note('4')), alice.peer.publish(note('5'))]))
  expect(alice.store.feed(alice.identity)?.record?.head).toMatchObject({ epoch: 2, length: 5 })
  soundChain(alice.store, alice.identity)
  await world.until(() => same(hub.store, alice))
  expect(texts(hub.store, alice.identity)).toEqual(['5', '4', '3', '2', '1'])
})

test('[F14] what turns up later, at somebody who was away, is written anew; taken out, it stays out', async () => {
  const { world, hub, alice } = await worldOf('turned up')
  await using _ = world
  for (const text of ['1', '2']) await alice.peer.publish(note(text))
  const lost = await writeElsewhere(alice, ['lost 3', 'lost 4'])
  const carol = await world.add('carol')
  give(carol.store, alice, lost, 2)
  await hear(world, hub, alice, lost)
  await world.pass(patienceMs)
  alice.peer.writeAnyway()
  await world.turn(alice.peer.publish(note('after')))
  const connection = alice.peer.connect(carol.address)
  await world.until(() => texts(alice.store, alice.identity).length === 5)
  expect(texts(alice.store, alice.identity)).toEqual(['lost 4', 'lost 3', 'after', '2', '1'])
  soundChain(alice.store, alice.identity)
  await world.until(() => same(carol.store, alice) && same(hub.store, alice))
  const [gone] = alice.store.feedItems(alice.identity, { limit: 1 }).items
  await world.turn(alice.peer.remove([gone!.cid]))
  await world.turn(Promise.resolve(connection[Symbol.asyncDispose]()))
  alice.peer.connect(carol.address)
  await world.pass(310_000)
  expect(texts(alice.store, alice.identity)).toEqual(['lost 3', 'after', '2', '1'])
})

test('[F14] with nothing held at all an epoch begins with what is written, and all of the old one may come back', async () => {
  const { world, hub, alice } = await worldOf('nothing held')
  await using _ = world
  const lost = await writeElsewhere(alice, ['lost 1', 'lost 2'])
  const carol = await world.add('carol')
  give(carol.store, alice, lost, 2)
  await hear(world, hub, alice, lost)
  await world.pass(patienceMs)
  alice.peer.writeAnyway()
  await world.turn(alice.peer.publish(note('after')))
  soundChain(alice.store, alice.identity)
  alice.peer.connect(carol.address)
  await world.until(() => texts(alice.store, alice.identity).includes('lost 2'))
  expect(texts(alice.store, alice.identity)).toEqual(['lost 2', 'lost 1', 'after', 'void'])
})

test('[F14] entries that come while one gives them up are not given up', async () => {
  const { world, hub, alice } = await worldOf('in time')
  await using _ = world
  await alice.peer.publish(note('1'))
  const lost = await writeElsewhere(alice, ['lost 2'])
  const carol = await world.add('carol')
  give(carol.store, alice, lost, 1)
  await hear(world, hub, alice, lost)
  await world.pass(patienceMs)
  alice.peer.writeAnyway()
  alice.peer.connect(carol.address)
  await world.until(() => texts(alice.store, alice.identity).includes('lost 2'))
  await world.turn(alice.peer.publish(note('after')))
  expect(alice.store.feed(alice.identity)?.record?.head).toMatchObject({ epoch: 1, length: 3 })
})

/** Somebody who has that branch, and not the other. */
function giveBranch(store: Store, { identity }: TestPeer, { common, entries, records }: Lost): void {
  const all = [...common, ...entries]
  store.watchFeed(identity, wholeFeed)
  store.acceptHead(records.at(-1)!)
  store.appendRuns([{ identity, entries: all, bodies: new Map() }])
  store.settleEntries(all.map(({ cid }) => ({ cid, valid: true })))
}

const givingUp = { givingUp: true }

test.for([
  { what: 'shorter than what is here', lostLines: ['lost 4'] },
  { what: 'as long', lostLines: ['lost 4', 'lost 5', 'lost 6'] },
])(
  '[F14] [F12] [T5] a dispute of which one branch is nowhere ends after a minute: $what',
  async ({ what, lostLines }) => {
    const { world, hub, alice, lost, connection } = await fork(
      `nowhere ${what}`,
      lostLines,
      (at) => at === lostLines.length - 1,
    )
    await using _ = world
    expect(alice.peer.dispute()?.branches).toBeNull()
    expect(await fails(alice.peer.publish(note('7')))).toBe('own-feed-disputed')
    expect(await fails(alice.peer.heal())).toBe('fork-incomplete')
    expect(await fails(alice.peer.heal(givingUp))).toBe('own-feed-incomplete')
    await world.pass(patienceMs)
    expect(await fails(alice.peer.heal())).toBe('fork-incomplete')
    const { head } = await world.turn(alice.peer.heal(givingUp))
    expect(head).toMatchObject({ epoch: 2, length: 6 })
    expect(alice.peer.dispute()).toBeNull()
    soundChain(alice.store, alice.identity, { isDisputed: true })
    await world.turn(alice.peer.publish(note('7')))
    await world.until(() => same(hub.store, alice))
    expect(hub.store.feed(alice.identity)?.disputedAbove).toBeNull()
    expect(texts(hub.store, alice.identity)).toEqual(['7', 'here 6', 'here 5', 'here 4', '3', '2', '1'])
    // Somebody comes back who has it.
    await world.turn(Promise.resolve(connection[Symbol.asyncDispose]()))
    const carol = await world.add('carol')
    const own = Array.from(alice.store.chain(alice.identity, { first: 1, last: 3 }), ({ signed }) => signed)
    carol.store.watchFeed(alice.identity, wholeFeed)
    carol.store.acceptHead(lost.records.at(-1)!)
    carol.store.appendRuns([
      { identity: alice.identity, entries: [...own, ...lost.entries], bodies: new Map() },
    ])
    carol.store.settleEntries(lost.entries.map(({ cid }) => ({ cid, valid: true })))
    alice.peer.connect(carol.address)
    await world.until(() => texts(alice.store, alice.identity).length === 7 + lostLines.length)
    expect(texts(alice.store, alice.identity).slice(0, lostLines.length)).toEqual(lostLines.toReversed())
    soundChain(alice.store, alice.identity, { isDisputed: true })
  },
)

test('[F14] a dispute of which all comes in time is healed with nothing given up', async () => {
  const { world, hub, alice, lost } = await fork('came in time', ['lost 4', 'lost 5'], (at) => at === 1)
  await using _ = world
  await world.pass(patienceMs)
  const carol = await world.add('carol')
  giveBranch(carol.store, alice, lost)
  alice.peer.connect(carol.address)
  await world.until(() => (alice.peer.dispute()?.branches ?? null) !== null)
  await world.pass(patienceMs)
  await world.turn(alice.peer.heal(givingUp))
  expect(alice.store.setting('given-up')).toBeNull()
  await world.until(() => same(hub.store, alice) && same(carol.store, alice))
  expect(texts(hub.store, alice.identity).toSorted()).toEqual(
    ['1', '2', '3', 'here 4', 'here 5', 'here 6', 'lost 4', 'lost 5'].toSorted(),
  )
})

test('[F14] two branches of which nothing is here but heads: the feed goes on over what is held', async () => {
  const { world, hub, alice } = await fork('two nowhere', ['lost 4', 'lost 5', 'lost 6'], (at) => at === 2)
  await using _ = world
  const signer = await testCrypto.signer(testSeed('alice'))
  const { head } = hub.store.forkEvidence(alice.identity).at(-1) ?? hub.store.feed(alice.identity)!.record!
  const third = await signHead(
    {
      ...head,
      epoch: 1,
      length: 6,
      comparable: head.comparable + 5,
      head: rawCid(utf8('a third disk'), testCrypto.sha256),
    },
    signer,
  )
  hub.store.acceptHead(third)
  await world.pass(patienceMs)
  await world.turn(alice.peer.heal(givingUp))
  await world.until(() => same(hub.store, alice))
  expect(texts(hub.store, alice.identity)).toEqual(['here 6', 'here 5', 'here 4', '3', '2', '1'])
  expect(JSON.parse(alice.store.setting('given-up') ?? '[]')).toHaveLength(2)
})

test('[F14] with nothing disputed there is nothing to heal, whatever is given up', async () => {
  const { world, hub, alice } = await worldOf('no dispute')
  await using _ = world
  await alice.peer.publish(note('1'))
  alice.peer.connect(hub.address)
  await world.pass(patienceMs)
  expect(await fails(alice.peer.heal(givingUp))).toBe('not-disputed')
})

test('[F14] a longer branch that is nowhere, not known to leave ours: what turns up of it comes whole', async () => {
  const { world, hub, alice } = await worldOf('longer')
  await using _ = world
  for (const text of ['1', '2', '3']) await alice.peer.publish(note(text))
  const lines = ['lost 4', 'lost 5', 'lost 6', 'lost 7', 'lost 8']
  const lost = await writeElsewhere(alice, lines)
  for (const text of ['here 4', 'here 5', 'here 6']) await alice.peer.publish(note(text))
  await hear(world, hub, alice, lost)
  expect(alice.peer.dispute()).toBeNull()
  await world.pass(patienceMs)
  alice.peer.writeAnyway()
  await world.turn(alice.peer.publish(note('7')))
  const carol = await world.add('carol')
  giveBranch(carol.store, alice, lost)
  alice.peer.connect(carol.address)
  // Down to what is held first, and in the next round what lies below.
  await world.until(() => texts(alice.store, alice.identity).length === 9)
  await world.pass(310_000)
  expect(texts(alice.store, alice.identity)).toEqual([
    ...['lost 6', 'lost 5', 'lost 4', 'lost 8', 'lost 7'],
    ...['7', 'here 6', 'here 5', 'here 4', '3', '2', '1'],
  ])
})

test('[F14] what was taken out meanwhile does not come back with a branch that turns up', async () => {
  const { world, alice, lost } = await fork('taken out', ['lost 4'], () => true)
  await using _ = world
  await world.pass(patienceMs)
  await world.turn(alice.peer.heal(givingUp))
  const second = alice.store.feedItems(alice.identity, { limit: 10 }).items.at(-2)!
  expect(textOf(second)).toBe('2')
  await world.turn(alice.peer.remove([second.cid]))
  const carol = await world.add('carol')
  giveBranch(carol.store, alice, lost)
  alice.peer.connect(carol.address)
  await world.until(() => texts(alice.store, alice.identity).includes('lost 4'))
  await world.pass(310_000)
  expect(texts(alice.store, alice.identity)).toEqual(['lost 4', 'here 6', 'here 5', 'here 4', '3', '1'])
})

test('[F14] two whole branches and a head above one of them that nobody has the entries of', async () => {
  const lines = ['lost 4', 'lost 5', 'lost 6', 'lost 7', 'lost 8']
  const { world, hub, alice, lost } = await fork('two whole', lines, (at) => at === 1)
  await using _ = world
  const known = { ...lost, entries: lost.entries.slice(0, 2), records: lost.records.slice(0, 2) }
  giveBranch(hub.store, alice, known)
  await world.until(() => (alice.peer.dispute()?.branches ?? null) !== null)
  hub.store.acceptHead(lost.records.at(-1)!)
  await world.until(() => alice.peer.dispute()?.branches === null)
  expect(await fails(alice.peer.heal())).toBe('fork-incomplete')
  await world.pass(patienceMs)
  await world.turn(alice.peer.heal(givingUp))
  await world.until(() => same(hub.store, alice))
  expect(texts(alice.store, alice.identity).toSorted()).toEqual(
    ['1', '2', '3', 'here 4', 'here 5', 'here 6', 'lost 4', 'lost 5'].toSorted(),
  )
  const carol = await world.add('carol')
  giveBranch(carol.store, alice, lost)
  alice.peer.connect(carol.address)
  await world.until(() => texts(alice.store, alice.identity).length === 11)
})

test('[F14] of several heads of a lost branch all that they lead to is asked for', async () => {
  const { world, alice, lost } = await fork('several heads', ['lost 4', 'lost 5'], (at) => at === 0)
  await using _ = world
  // A friend told of it, too.
  alice.store.acceptHead(lost.records[1]!)
  await world.pass(patienceMs)
  await world.turn(alice.peer.heal(givingUp))
  const carol = await world.add('carol')
  giveBranch(carol.store, alice, lost)
  alice.peer.connect(carol.address)
  await world.until(() => texts(alice.store, alice.identity).length === 8)
  await world.pass(310_000)
  expect(texts(alice.store, alice.identity).slice(0, 2).toSorted()).toEqual(['lost 4', 'lost 5'])
  expect(texts(alice.store, alice.identity)).toHaveLength(8)
})

test('[F14] with nobody there nothing is given up: they may know of more', async () => {
  const { world, alice, connection } = await fork('nobody there', ['lost 4'], () => true)
  await using _ = world
  await world.turn(Promise.resolve(connection[Symbol.asyncDispose]()))
  await world.pass(patienceMs)
  expect(await fails(alice.peer.heal(givingUp))).toBe('own-feed-incomplete')
})

/** A flood of strangers' drops: a friend's arrives, and nothing grows beyond its bounds (T17, V21, V43). */
import { identityOfKey } from '@effigy/core'
import { createDropBox, defaultDropLimits } from '@effigy/sync'
import { expect, test } from 'vitest'
import { boxOwners } from '../src/index.ts'
import { meet } from './account-kit.ts'
import { boxHub, leaveFor, textsOf } from './drops-kit.ts'
import { createWorld, never, testCrypto } from './world.ts'

test('[T17] 1,000 senders flood a box: a friend who comes last is heard first, and the rest is bounded', {
  timeout: 120_000,
}, async () => {
  await using world = createWorld('flood')
  const { hub, guests } = await boxHub(world)
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  await bob.peer.relate('follow', alice.identity, true)
  await meet(world, bob, hub)
  // Its list is told, and it leaves.
  await world.pass(2_000)
  await bob.stop()

  const { drops: store } = hub.store
  if (store === undefined) throw new Error('no drops')
  const owners = boxOwners(
    () => hub.store,
    (identity) => guests.has(identity),
  )
  // Another door of the same box: a thousand sessions would show nothing more.
  const box = createDropBox({
    store,
    clock: world.clock,
    sha256: testCrypto.sha256,
    limits: defaultDropLimits,
    isCommunity: false,
    ...owners,
  })
  const senders = Array.from({ length: 1_000 }, (_, n) => {
    const key = new Uint8Array(32)
    new DataView(key.buffer).setUint32(0, n + 1)
    return identityOfKey(key)
  })
  let bytes = 0
  for (let round = 0; round < 3; round++) {
    for (const [n, sender] of senders.entries()) {
      const garbage = new Uint8Array(900)
      new DataView(garbage.buffer).setUint32(0, round * 1_000 + n)
      bytes += garbage.length
      box.put(sender, bob.identity, garbage)
    }
    world.clock.jump(20_000)
  }
  expect(bytes).toBe(2_700_000)
  expect(store.usage(bob.identity, false).items).toBe(500)

  await meet(world, alice, hub)
  expect(await leaveFor(world, alice, bob, 'from a friend')).toEqual([hub.identity])
  await alice.stop()

  const again = await world.add('bob')
  const got: unknown[] = []
  again.peer.drops.handle('x-hello', ({ payload }) => void got.push(payload.text))
  await meet(world, again, hub)
  await world.until(() => got.length === 1, 5_000)
  // It is heard before the five hundred are looked at, each of which is acknowledged without being kept.
  expect(store.waiting(bob.identity, 1_000).length).toBeGreaterThan(400)
  await world.until(() => store.waiting(bob.identity, 10).length === 0, 200_000)
  expect(got).toEqual(['from a friend'])
  expect(again.store.takenDrops?.usage(true, null)).toEqual({ items: 0, bytes: 0 })
})

test('[V24] a drop is there until the last ms of its class, and not in the next', async () => {
  await using world = createWorld('expiry to the ms')
  const { hub } = await boxHub(world)
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  await meet(world, bob, hub)
  await bob.stop()
  await meet(world, alice, hub)
  await leaveFor(world, alice, bob, 'small')
  await leaveFor(world, alice, bob, 'x'.repeat(10_000))
  const waiting = hub.store.drops?.waiting(bob.identity, 10) ?? []
  const days = waiting.map(({ at, expires }) => (expires - at) / (24 * 60 * 60 * 1000))
  expect(days).toEqual([14, 10])
  await alice.stop()
  // Its clock stands one ms before the end of the second.
  const [, second] = waiting
  world.clock.jump((second?.expires ?? 0) - 1 - 20 - world.clock.now())
  const gone = (hub.store.drops?.waiting(bob.identity, 10) ?? []).filter(
    ({ expires }) => expires <= world.clock.now(),
  )
  expect(gone).toEqual([])
  world.clock.jump(21)
  const again = await world.add('bob')
  await meet(world, again, hub)
  await world.turn(again.peer.drops.settled(never))
  await world.pass(1_000)
  expect(textsOf(await world.turn(again.peer.drops.list('requests')))).toEqual(['small'])
})

test('[V22] [T30] a stranger hears the same whether there is such a person, whether it is kept, or they block', async () => {
  await using world = createWorld('same answer')
  const { hub } = await boxHub(world, { dropBox: { limits: { strangers: { items: 1, bytes: 1_000_000 } } } })
  const [eve, bob] = [await world.add('eve'), await world.add('bob')]
  await meet(world, bob, hub)
  await bob.stop()
  await meet(world, eve, hub)
  const carol = await world.add('carol')
  expect(await leaveFor(world, eve, bob, 'kept')).toEqual([hub.identity])
  expect(await leaveFor(world, eve, bob, 'no room')).toEqual([hub.identity])
  expect(await leaveFor(world, eve, carol, 'nobody')).toEqual([hub.identity])
  expect(hub.store.drops?.usage(bob.identity, false).items).toBe(1)
})

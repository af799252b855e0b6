/** What whoever runs a hub can do to those whom it serves (spec V90, V91). */
import { expect, test } from 'vitest'
import { createWorld, never, note, type TestPeer } from './world.ts'

const connected = ({ peer }: TestPeer): readonly string[] =>
  peer.status().sessions.map(({ identity }) => identity)

async function withHub() {
  const world = createWorld('operator')
  const turnedAway = new Set<TestPeer['identity']>()
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  const hub = await world.add('hub', {
    kind: 'hub',
    turnsAway: () => new Set(turnedAway),
    services: { leases: { isFor: () => true } },
  })
  await alice.peer.publish(note('hello'))
  await bob.peer.publish(note('hello'))
  for (const { identity } of [alice, bob]) hub.peer.watch(identity)
  return { world, hub, alice, bob, turnedAway }
}

test('[V91] who is turned away has no session, and nothing of theirs is given; let in again, all is as before', async () => {
  const { world, hub, alice, bob, turnedAway } = await withHub()
  await using _world = world
  const ways = [alice.peer.connect(hub.address), bob.peer.connect(hub.address)]
  await world.until(() => connected(hub).length === 2)
  await world.until(() => hub.store.feed(alice.identity)?.heldCount === 1)

  turnedAway.add(alice.identity)
  hub.peer.turnAway([alice.identity])
  await world.until(() => !connected(hub).includes(alice.identity))
  ways[0]?.retry()
  await world.pass(5_000)
  expect(connected(hub)).toEqual([bob.identity])
  bob.peer.watch(alice.identity)
  await world.pass(5_000)
  expect(bob.store.feed(alice.identity)?.record ?? null).toBeNull()

  turnedAway.clear()
  hub.peer.turnAway([])
  ways[0]?.retry()
  await world.until(() => connected(hub).length === 2)
  await alice.peer.publish(note('again'))
  await world.until(() => bob.store.feed(alice.identity)?.heldCount === 2)
})

test('[V90] a lease that is ended early: its owner asks, and hears that the bytes are gone', async () => {
  const { world, hub, alice } = await withHub()
  await using _world = world
  alice.peer.connect(hub.address)
  await world.until(() => hub.store.feed(alice.identity)?.heldCount === 1)
  await world.turn(alice.peer.leases.ask(hub.identity, { days: 30, signal: never }))
  expect(hub.store.leases?.get(alice.identity)).not.toBeNull()
  hub.peer.unwatch(alice.identity)
  expect(hub.peer.kept.endLease(alice.identity)).toBe(true)
  expect(hub.peer.kept.endLease(alice.identity)).toBe(false)
  expect(hub.store.leases?.gone(alice.identity, 1)).toMatchObject([{ for: alice.identity }])
  expect(hub.store.feed(alice.identity)?.heldCount).toBe(0)
})

test('traffic grows with what is sent, and tells no address', async () => {
  const { world, hub, alice } = await withHub()
  await using _world = world
  alice.peer.connect(hub.address)
  await world.until(() => hub.store.feed(alice.identity)?.heldCount === 1)
  const [before] = hub.peer.traffic()
  expect(before).toMatchObject({ identity: alice.identity, kind: 'peer' })
  expect(Math.abs((before?.since ?? 0) - world.clock.now())).toBeLessThan(60_000)
  await alice.peer.publish(note('more'))
  await world.until(() => hub.store.feed(alice.identity)?.heldCount === 2)
  const [after] = hub.peer.traffic()
  expect(after?.receivedBytes).toBeGreaterThan(before?.receivedBytes ?? Number.POSITIVE_INFINITY)
  expect(JSON.stringify(after)).not.toContain(alice.address)
})

test('[G5] what an operator grants is there after a restart', async () => {
  const { world, hub, alice } = await withHub()
  await using _world = world
  expect(hub.peer.balance(alice.identity)).toBeNull()
  hub.peer.grant(alice.identity, 1_000)
  await hub.stop()
  const again = await world.add('hub', { kind: 'hub' })
  expect(again.peer.balance(alice.identity)).toMatchObject({ granted: 1_000 })
})

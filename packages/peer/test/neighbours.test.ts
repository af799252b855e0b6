/** Who in the same network is met, and who is not (spec U4, U5). */
import { randomBytes } from 'node:crypto'
import { identityOfKey } from '@effigy/core'
import { expect, test } from 'vitest'
import { keepNeighbours, maxMeetings, type Neighbours } from '../src/neighbours/neighbours.ts'
import { neighbourTag } from '../src/neighbours/tag.ts'
import { wantedNeighbours } from '../src/neighbours/wanted.ts'
import { household } from './account-kit.ts'
import { createWorld, type TestPeer, testCrypto, type World } from './world.ts'

function look(world: World, { peer, store, identity }: TestPeer): Neighbours {
  return keepNeighbours({
    peer,
    crypto: testCrypto,
    clock: world.clock,
    log: { info() {}, warn() {} },
    wanted: () => new Map(Array.from(wantedNeighbours(store, identity), (other) => [other, false] as const)),
  })
}

const end = (world: World, neighbours: Neighbours): Promise<void> =>
  world.turn(Promise.resolve(neighbours[Symbol.asyncDispose]()))

/** What mDNS would tell of somebody; `at`: whoever says so. */
const saysOf = (who: Pick<TestPeer, 'identity' | 'name'>, at: string = who.name) => ({
  tag: neighbourTag(testCrypto, who.identity, randomBytes(8)),
  url: `memory:${at}`,
})

const isConnected = ({ peer }: TestPeer, other: TestPeer): boolean =>
  peer.status().sessions.some(({ identity }) => identity === other.identity)

test('[U4] whom one follows is met, once, and not as somebody who was chosen; strangers are not dialled', async () => {
  await using world = createWorld()
  const alice = await world.add('alice')
  const bob = await world.add('bob')
  const carol = await world.add('carol')
  await world.turn(alice.peer.relate('follow', bob.identity, true))
  const neighbours = look(world, alice)
  for (let at = 0; at < 5; at++) {
    neighbours.heard(saysOf(carol))
    neighbours.heard(saysOf(alice))
    neighbours.heard(saysOf(bob))
    neighbours.heard({ tag: 'x'.repeat(32), url: 'memory:carol' })
  }
  await world.until(() => isConnected(alice, bob))
  await world.pass(1_000)
  expect([bob.dials.count, carol.dials.count, alice.dials.count]).toEqual([1, 0, 0])
  expect(alice.peer.status().connections).toHaveLength(1)
  await end(world, neighbours)
  expect(alice.peer.status().connections).toHaveLength(0)
})

test('[U4] other devices of one’s own are met', async () => {
  await using world = createWorld()
  const [phone, laptop] = await household(world, 'phone', 'laptop')
  await world.until(() => !isConnected(phone!, laptop!), 60_000).catch(() => {})
  await world.turn(phone!.peer.disconnect('done'))
  const neighbours = look(world, phone!)
  expect([...wantedNeighbours(phone!.store, phone!.identity)]).toContain(laptop!.identity)
  neighbours.heard(saysOf(laptop!))
  await world.until(() => isConnected(phone!, laptop!))
  await end(world, neighbours)
})

test('[U4] who shows the tag of somebody else is found out, and the true one is met all the same', async () => {
  await using world = createWorld()
  const alice = await world.add('alice')
  const bob = await world.add('bob')
  const mallory = await world.add('mallory', { kind: 'hub' })
  await world.turn(alice.peer.relate('follow', bob.identity, true))
  const neighbours = look(world, alice)
  neighbours.heard(saysOf(bob, 'mallory'))
  await world.until(() => mallory.dials.count === 1)
  await world.until(() => alice.peer.status().connections.length === 0)
  expect(isConnected(alice, mallory) || isConnected(mallory, alice)).toBe(false)
  neighbours.heard(saysOf(bob, 'nowhere'))
  await world.until(() => alice.peer.status().connections.length === 0)
  neighbours.heard(saysOf(bob))
  await world.until(() => isConnected(alice, bob))
  expect(mallory.dials.count).toBe(1)
  await end(world, neighbours)
})

test('[U4] whom one follows no more, or blocks, one leaves', async () => {
  await using world = createWorld()
  const alice = await world.add('alice')
  const bob = await world.add('bob')
  await world.turn(alice.peer.relate('follow', bob.identity, true))
  const neighbours = look(world, alice)
  neighbours.heard(saysOf(bob))
  await world.until(() => isConnected(alice, bob))
  await world.turn(alice.peer.relate('follow', bob.identity, false))
  await world.pass(11_000)
  neighbours.heard(saysOf(bob))
  await world.until(() => !isConnected(alice, bob))
  await world.turn(alice.peer.relate('follow', bob.identity, true))
  await world.turn(alice.peer.relate('block', bob.identity, true))
  expect([...wantedNeighbours(alice.store, alice.identity)]).toEqual([])
  await end(world, neighbours)
})

test('[U5] a network full of them is met a few at a time', async () => {
  await using world = createWorld()
  let dials = 0
  const alice = await world.add('alice', {
    dial: (_url, signal) => {
      dials++
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
  })
  const many = Array.from({ length: 100 }, (_, at) => identityOfKey(testCrypto.sha256(new Uint8Array([at]))))
  const neighbours = keepNeighbours({
    peer: alice.peer,
    crypto: testCrypto,
    clock: world.clock,
    log: { info() {}, warn() {} },
    wanted: () => new Map(many.map((identity) => [identity, false] as const)),
  })
  for (const identity of many) neighbours.heard(saysOf({ identity, name: 'far' }))
  await world.pass(100)
  expect(dials).toBe(maxMeetings)
  // Who does not answer makes room.
  await world.pass(16_000)
  expect(alice.peer.status().connections).toHaveLength(0)
  for (const identity of many) neighbours.heard(saysOf({ identity, name: 'far' }))
  await world.pass(100)
  expect(dials).toBe(2 * maxMeetings)
  await end(world, neighbours)
})

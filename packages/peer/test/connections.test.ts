/** Addresses kept connected: back-off, refusals, duplicates, ends in every state. */
import { type EffigyError, identityOfKey } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import { describe, expect, test } from 'vitest'
import type { Connection } from '../src/peer.ts'
import { createWorld, never, note, type TestPeer, testCrypto, texts, type World } from './world.ts'

const stranger = identityOfKey(new Uint8Array(32).fill(9))

const failure = async (promise: Promise<unknown>): Promise<{ code: string; message: string }> =>
  promise.then(
    () => ({ code: 'none', message: '' }),
    (error: EffigyError) => ({ code: error.code, message: error.message }),
  )

/** The pauses of a connection, ms, as it announces them. */
async function pausesOf(world: World, connection: Connection, count: number): Promise<number[]> {
  const pauses: number[] = []
  for (let seen = 0; seen < count; seen++) {
    await world.until(() => connection.state.type === 'waiting', 300_000)
    const { state } = connection
    if (state.type !== 'waiting') break
    pauses.push(state.retryAt - world.clock.now())
    await world.until(() => connection.state !== state, 300_000)
  }
  return pauses
}

describe('reconnecting', () => {
  test('pauses grow to two minutes, spread, and begin anew after a steady session', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const connection = alice.peer.connect(bob.address)
    await world.turn(connection.ready(never))
    await world.pass(31_000)
    await bob.stop()
    const pauses = await pausesOf(world, connection, 12)
    expect(pauses.length).toBe(12)
    for (const [index, pauseMs] of pauses.entries()) {
      const wholeMs = Math.min(1_000 * 2 ** Math.max(0, index - 1), 120_000)
      // The state is seen up to a step later than it began.
      expect(pauseMs).toBeGreaterThanOrEqual(wholeMs / 2 - 40)
      expect(pauseMs).toBeLessThanOrEqual(wholeMs)
    }
    expect(new Set(pauses).size).toBeGreaterThan(8)
    const again = await world.add('bob')
    await world.until(() => connection.state.type === 'connected', 130_000)
    await world.pass(31_000)
    await again.stop()
    const [first = 0] = await pausesOf(world, connection, 1)
    expect(first).toBeLessThanOrEqual(1_000)
  })

  test('a session that falls at once is not met with short pauses for ever', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const connection = alice.peer.connect(bob.address)
    for (let cut = 0; cut < 6; cut++) {
      await world.until(() => connection.state.type === 'connected', 130_000)
      world.network.loseAll('bob')
      await world.until(() => connection.state.type === 'waiting')
    }
    const { state } = connection
    expect(state.type === 'waiting' && state.retryAt - world.clock.now()).toBeGreaterThan(10_000)
  })

  test('retry does not wait for the pause', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const connection = alice.peer.connect('memory:bob')
    await pausesOf(world, connection, 5)
    await world.until(() => connection.state.type === 'waiting')
    const bob = await world.add('bob')
    connection.retry()
    await world.until(() => connection.state.type !== 'waiting', 100)
    expect(bob.dials.count).toBe(1)
  })
})

describe('refused for good', () => {
  test.for([
    ['network', { networkKey: new Uint8Array(32).fill(1) }],
    ['not-admitted', { admits: () => false }],
  ] as const)('%s', async ([code, deps]) => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob', deps)
    const connection = alice.peer.connect(bob.address)
    const { code: told, message } = await world.turn(failure(connection.ready(never)))
    expect(told).toBe(code)
    expect(message).toMatch(/\. .*\.$/)
    await world.pass(300_000)
    expect(bob.dials.count).toBe(1)
    expect(connection.state).toEqual({ type: 'refused', code })
    // A person may try again, and hears the same.
    connection.retry()
    await world.until(() => bob.dials.count === 2)
    await world.until(() => connection.state.type === 'refused')
  })

  test('[A8] somebody else answers there', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const connection = alice.peer.connect(`memory:bob#${stranger}`)
    const ready = failure(connection.ready(never))
    expect((await world.turn(ready)).code).toBe('identity')
    const dials = bob.dials.count
    await world.pass(300_000)
    expect(bob.dials.count).toBe(dials)
    // They never learned who asked.
    expect(bob.peer.status().sessions).toEqual([])
  })

  test('[A8] a hub that is not the one of the address: told at once', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const hub = await world.add('hub', { kind: 'hub' })
    const connection = alice.peer.connect(hub.address, { expect: stranger })
    expect((await world.turn(failure(connection.ready(never)))).code).toBe('identity')
  })

  test('[A2] who shows itself only to those who know it', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    await world.add('bob')
    const connection = alice.peer.connect('memory:bob')
    expect((await world.turn(failure(connection.ready(never)))).code).toBe('proof')
  })

  test('the address of oneself', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const connection = alice.peer.connect(alice.address)
    expect((await world.turn(failure(connection.ready(never)))).code).toBe('self')
  })

  test('no address', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const connection = alice.peer.connect('hub.example')
    expect((await world.turn(failure(connection.ready(never)))).code).toBe('address-invalid')
    connection.retry()
    await world.pass(100)
    expect(connection.state.type).toBe('refused')
  })

  test('[A8] first contact pins whom it met', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const first = await world.add('hub', { kind: 'hub' })
    const connection = alice.peer.connect('memory:hub')
    expect(await world.turn(connection.ready(never))).toBe(first.identity)
    await first.stop()
    const signer = await testCrypto.signer(new Uint8Array(32).fill(3))
    await world.add('hub', { kind: 'hub', signer, store: (await world.add('other')).store })
    await world.until(() => connection.state.type === 'refused', 600_000)
    expect(connection.state).toEqual({ type: 'refused', code: 'identity' })
  })
})

describe('[A11] two sessions of one pair', () => {
  const areConnected = (...connections: readonly Connection[]) =>
    connections.every(({ state }) => state.type === 'connected')
  const sessions = (peer: TestPeer) => peer.peer.status().sessions.length

  test.for([0, 1, 2, 3])('both dial each other at once: one stays, both are connected (%d)', async (seed) => {
    await using world = createWorld(`twins ${seed}`, { latencyMs: 5, jitterMs: 30 })
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const fromAlice = alice.peer.connect(bob.address)
    if (seed > 1) await world.pass(seed * 10)
    const fromBob = bob.peer.connect(alice.address)
    await world.until(() => areConnected(fromAlice, fromBob))
    await world.pass(10_000)
    expect(areConnected(fromAlice, fromBob)).toBe(true)
    expect([sessions(alice), sessions(bob)]).toEqual([1, 1])
    await alice.peer.relate('follow', bob.identity, true)
    await bob.peer.publish(note('hello'))
    await world.until(() => texts(alice.store, bob.identity).includes('hello'))
    // One side lets go: the other still wants it, and dials.
    await world.turn(Promise.resolve(fromAlice[Symbol.asyncDispose]()))
    await world.until(() => areConnected(fromBob), 130_000)
    await world.pass(5_000)
    expect([sessions(alice), sessions(bob)]).toEqual([1, 1])
  })

  test('two addresses of one hub', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const hub = await world.add('hub', { kind: 'hub' })
    const connections = [alice.peer.connect(hub.address), alice.peer.connect(`memory:hub#${hub.identity}`)]
    await world.until(() => areConnected(...connections))
    await world.pass(20_000)
    expect(areConnected(...connections)).toBe(true)
    expect([sessions(alice), sessions(hub)]).toEqual([1, 1])
  })

  test('several peers at once', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const others = await Promise.all(['b', 'c', 'd', 'e'].map((name) => world.add(name)))
    const connections = others.map(({ address }) => alice.peer.connect(address))
    await world.until(() => areConnected(...connections))
    expect(sessions(alice)).toBe(4)
  })
})

describe('ends in every state, with nothing left behind', () => {
  const states = ['connecting', 'handshake', 'connected', 'waiting', 'refused', 'syncing', 'closed'] as const

  test.for(states)('%s', async (state) => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await Promise.all(Array.from({ length: 300 }, (_, index) => bob.peer.publish(note(`${index}`))))
    await alice.peer.relate('follow', bob.identity, true)
    const unknown = state === 'waiting' || state === 'connecting'
    const address = state === 'refused' ? 'nonsense' : unknown ? 'memory:nobody' : bob.address
    const connection = alice.peer.connect(address)
    const ready = failure(connection.ready(never))
    if (state === 'waiting' || state === 'refused') await world.until(() => connection.state.type === state)
    if (state === 'handshake') await world.pass(10)
    if (state === 'connected') await world.turn(alice.peer.settled(never))
    if (state === 'syncing') await world.until(() => texts(alice.store, bob.identity).length > 0)
    if (state === 'closed') await world.turn(Promise.resolve(connection[Symbol.asyncDispose]()))
    await alice.stop()
    await alice.stop()
    await world.pass(20)
    await bob.stop()
    await world.pass(20)
    expect((await world.turn(ready)).code).not.toBe(undefined)
    expect(connection.state.type).toBe('closed')
    expect(world.clock.pending()).toBe(0)
  })

  test('a link that never says anything', async () => {
    await using world = createWorld()
    const alice = await world.add('alice', { dial: async () => memoryPair()[0] })
    const connection = alice.peer.connect('memory:silent')
    const accepting = alice.peer.accept(memoryPair()[0])
    await world.pass(1_000)
    expect(connection.state.type).toBe('connecting')
    await alice.stop()
    await world.turn(accepting)
    expect(world.clock.pending()).toBe(0)
  })

  test('links that come, and addresses that are asked for, after the end', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    await alice.stop()
    await world.turn(alice.peer.accept(memoryPair()[0]))
    const connection = alice.peer.connect('memory:bob')
    expect((await world.turn(failure(connection.ready(never)))).code).toBe('closed')
    expect(world.clock.pending()).toBe(0)
  })
})

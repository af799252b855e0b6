/** follow, block, mute, watch: who hears whom, at once and over restarts. */
import type { Payload } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { createWorld, never, note, type TestPeer, texts, type World } from './world.ts'

async function meet(world: World, a: TestPeer, b: TestPeer) {
  const connection = a.peer.connect(b.address)
  await world.turn(connection.ready(never))
  return connection
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const publishMany = (peer: TestPeer, count: number, from = 0) =>
  Promise.all(Array.from({ length: count }, (_, index) => peer.peer.publish(note(`${from + index}`))))

describe('follow', () => {
  test('fetches at once on open sessions, hears what is new, and no longer after the end of it', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await publishMany(bob, 3)
    await meet(world, alice, bob)
    await world.pass(2_000)
    expect(texts(alice.store, bob.identity)).toEqual([])
    await alice.peer.relate('follow', bob.identity, true)
    await world.until(() => texts(alice.store, bob.identity).length === 3, 2_000)
    await bob.peer.publish(note('live'))
    await world.until(() => texts(alice.store, bob.identity)[0] === 'live', 2_000)
    await alice.peer.relate('follow', bob.identity, false)
    expect(alice.store.relations(alice.identity, 'follow')).toEqual([])
    await bob.peer.publish(note('unheard'))
    await world.pass(5_000)
    expect(texts(alice.store, bob.identity)[0]).toBe('live')
  })

  test('an edit and an erase reach who follows', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const [first, second] = await publishMany(bob, 3)
    await alice.peer.relate('follow', bob.identity, true)
    await meet(world, alice, bob)
    await world.until(() => texts(alice.store, bob.identity).length === 3)
    await bob.peer.edit(second!.cid, note('edited'))
    await world.until(() => texts(alice.store, bob.identity).join() === '2,edited,0')
    await bob.peer.erase([first!.content])
    await world.until(() => !texts(alice.store, bob.identity).includes('0'))
  })

  test('it is oneself', async () => {
    await using world = createWorld()
    const { peer, identity } = await world.add('alice')
    await expect(peer.relate('follow', identity, true)).rejects.toThrow(
      expect.objectContaining({ code: 'own-identity' }),
    )
  })
})

describe('block', () => {
  test('ends the session, hides, serves nothing, stays over restarts, and can be taken back', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await publishMany(bob, 2)
    await publishMany(alice, 2)
    await alice.peer.relate('follow', bob.identity, true)
    await bob.peer.relate('follow', alice.identity, true)
    const fromBob = await meet(world, bob, alice)
    await world.turn(alice.peer.settled(never))
    await world.until(() => alice.peer.query.timeline().items.length === 4)

    const blocked = await alice.peer.relate('block', bob.identity, true)
    // Nobody but its author can read whom it names.
    expect(alice.store.entry(blocked.cid)?.signed.entry.payload).toMatch(/^age:/)
    await world.until(() => fromBob.state.type === 'refused')
    expect(fromBob.state).toEqual({ type: 'refused', code: 'not-admitted' })
    expect(alice.peer.status().sessions).toEqual([])
    expect(alice.peer.query.timeline().items.every(({ identity }) => identity === alice.identity)).toBe(true)
    await alice.peer.publish(note('not for bob'))
    fromBob.retry()
    await world.pass(5_000)
    expect(fromBob.state.type).toBe('refused')
    expect(texts(bob.store, alice.identity)).not.toContain('not for bob')
    const fromAlice = alice.peer.connect(bob.address)
    await world.until(() => fromAlice.state.type === 'refused')
    expect(fromAlice.state).toEqual({ type: 'refused', code: 'blocked' })

    await alice.stop()
    const again = await world.add('alice')
    expect(again.store.relations(again.identity, 'block')).toEqual([bob.identity])
    fromBob.retry()
    await world.pass(5_000)
    expect(fromBob.state.type).toBe('refused')

    await again.peer.relate('block', bob.identity, false)
    expect(again.store.feed(bob.identity)?.watched).toBe(true)
    fromBob.retry()
    await world.until(() => texts(bob.store, alice.identity).includes('not for bob'))
  })

  test('survives a rebuild of the views, which reads the encrypted payload again', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await alice.peer.relate('block', bob.identity, true)
    await alice.peer.relate('mute', bob.identity, true)
    await alice.store.rebuildViews({ signal: never })
    expect(alice.store.relations(alice.identity, 'block')).toEqual([bob.identity])
    expect(alice.store.relations(alice.identity, 'mute')).toEqual([bob.identity])
  })

  test('the feed of somebody blocked is not passed on by a hub of theirs to us', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await alice.peer.relate('follow', bob.identity, true)
    await alice.peer.relate('block', bob.identity, true)
    expect(alice.store.feed(bob.identity)?.watched ?? false).toBe(false)
  })
})

test('mute hides from the timeline, and goes on fetching', async () => {
  await using world = createWorld()
  const alice = await world.add('alice')
  const bob = await world.add('bob')
  await alice.peer.relate('follow', bob.identity, true)
  await meet(world, alice, bob)
  await alice.peer.relate('mute', bob.identity, true)
  await publishMany(bob, 2)
  await world.until(() => texts(alice.store, bob.identity).length === 2)
  expect(alice.peer.query.timeline().items).toEqual([])
  await alice.peer.relate('mute', bob.identity, false)
  expect(alice.peer.query.timeline().items.length).toBe(2)
})

describe('watch', () => {
  const held = (peer: TestPeer, of: TestPeer) => peer.store.feed(of.identity)?.heldCount ?? 0

  test('a policy that asks for more takes effect on open sessions, entries and files', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await publishMany(bob, 30)
    const bytes = new Uint8Array(50_000).fill(1)
    const { root } = await bob.peer.addFile(pieces(bytes), { signal: never })
    const collection = { type: 'collection', at: 1, root, name: 'a', count: 1, bytes: bytes.length }
    await bob.peer.publish(collection as Payload)
    alice.peer.watch(bob.identity, { depth: { type: 'last', count: 5 }, blobs: { type: 'none' } })
    await meet(world, alice, bob)
    await world.turn(alice.peer.settled(never))
    expect(held(alice, bob)).toBe(5)
    expect(alice.store.hasBlock(root)).toBe(false)
    alice.peer.watch(bob.identity, { depth: { type: 'last', count: 12 }, blobs: { type: 'none' } })
    await world.until(() => held(alice, bob) === 12, 3_000)
    alice.peer.watch(bob.identity, { depth: { type: 'all' }, blobs: { type: 'up-to', bytes: 100_000 } })
    await world.until(() => held(alice, bob) === 31, 3_000)
    await world.until(() => alice.store.hasBlock(root), 3_000)
    const status = await world.turn(alice.peer.settled(never))
    expect(status.behind).toEqual({ feeds: 0, entries: 0 })
  })

  test('since a time, and further back on demand', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await publishMany(bob, 10)
    await world.pass(60_000)
    const now = world.clock.now()
    await publishMany(bob, 10, 10)
    const blobs = { type: 'all' } as const
    alice.peer.watch(bob.identity, { depth: { type: 'since', comparable: now }, blobs })
    await meet(world, alice, bob)
    await world.turn(alice.peer.settled(never))
    expect(texts(alice.store, bob.identity).at(-1)).toBe('10')
    alice.peer.watch(bob.identity, { depth: { type: 'since', comparable: now - 3_600_000 }, blobs })
    await world.until(() => texts(alice.store, bob.identity).at(-1) === '0', 3_000)
  })

  test('without a policy the last one counts', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const policy = { depth: { type: 'last', count: 5 }, blobs: { type: 'none' } } as const
    alice.peer.watch(bob.identity, policy)
    await alice.peer.relate('follow', bob.identity, true)
    await alice.peer.relate('block', bob.identity, true)
    await alice.peer.relate('block', bob.identity, false)
    expect(alice.store.feed(bob.identity)).toMatchObject({ watched: true, policy })
    alice.peer.unwatch(bob.identity)
    expect(alice.store.feed(bob.identity)?.watched).toBe(false)
  })
})

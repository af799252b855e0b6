/** Parts of feeds between whole peers: friends of friends, older entries, what is forgotten (S14, S15). */
import { describe, expect, test } from 'vitest'
import { headOf, runOf, testFeed, testIdentity } from '../../store/test/feed-maker.ts'
import type { HopLevel } from '../src/hops.ts'
import { createWorld, never, note, type TestPeer, texts, type World } from './world.ts'

const publishMany = (peer: TestPeer, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => peer.peer.publish(note(`${index}`))))

const held = (peer: TestPeer, of: TestPeer): number => peer.store.feed(of.identity)?.heldCount ?? 0
const isWatched = (peer: TestPeer, of: TestPeer): boolean => peer.store.feed(of.identity)?.watched === true

const level = (count: number, maxFeeds = 100): HopLevel => ({
  depth: { type: 'last', count },
  blobs: { type: 'none' },
  maxFeeds,
})

/** Everybody meets everybody through one who follows all. */
async function crowd(
  world: World,
  names: readonly string[],
  follows: readonly (readonly [number, number])[],
) {
  const hub = await world.add('hub', { kind: 'hub' })
  const peers: TestPeer[] = []
  for (const name of names) {
    const peer = await world.add(name)
    peers.push(peer)
    await publishMany(peer, 6)
    hub.peer.watch(peer.identity)
    peer.peer.connect(hub.address)
  }
  for (const [from, to] of follows) await peers[from]!.peer.relate('follow', peers[to]!.identity, true)
  await world.until(() => peers.every((peer) => held(hub, peer) >= 6))
  return peers
}

describe('hops', () => {
  test('[S15] friends of friends at their own depth, and theirs; the graph is followed as it changes', async () => {
    await using world = createWorld()
    // a → b → c → d
    const [a, b, c, d] = (await crowd(
      world,
      ['a', 'b', 'c', 'd'],
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    )) as [TestPeer, TestPeer, TestPeer, TestPeer]
    await world.until(() => held(a, b) === 7)
    expect(isWatched(a, c)).toBe(false)
    a.peer.setHops([level(3)])
    await world.until(() => held(a, c) === 3)
    expect(isWatched(a, d)).toBe(false)
    // Their notes are here, and in the timeline of nobody who did not follow them.
    expect(a.peer.query.timeline().items.some(({ identity }) => identity === c.identity)).toBe(false)
    expect(a.peer.query.timeline({ hops: true }).items.some(({ identity }) => identity === c.identity)).toBe(
      true,
    )
    expect(a.peer.query.relations(c.identity, 'follow')).toEqual([d.identity])

    a.peer.setHops([level(5), level(2)])
    await world.until(() => held(a, c) === 5 && held(a, d) === 2)
    // b follows d as well: nearer now.
    await b.peer.relate('follow', d.identity, true)
    await world.until(() => held(a, d) === 5)
    await b.peer.relate('follow', d.identity, false)
    await b.peer.relate('follow', c.identity, false)
    await world.until(() => !isWatched(a, c) && !isWatched(a, d))
    await world.until(() => held(a, c) === 0 && held(a, d) === 0)
    expect(a.store.feed(c.identity)?.record?.head.length).toBe(7)
  })

  test('[S15] an own watch beats a hop; whoever is blocked or muted is never reached, whoever follows them', async () => {
    await using world = createWorld()
    const [a, , c, d, e] = (await crowd(
      world,
      ['a', 'b', 'c', 'd', 'e'],
      [
        [0, 1],
        [1, 2],
        [1, 3],
        [1, 4],
      ],
    )) as TestPeer[] as [TestPeer, TestPeer, TestPeer, TestPeer, TestPeer]
    await a.peer.relate('block', c.identity, true)
    a.peer.setHops([level(2)])
    await world.until(() => held(a, d) === 2 && held(a, e) === 2)
    expect(isWatched(a, c)).toBe(false)
    await a.peer.relate('block', d.identity, true)
    await world.until(() => !isWatched(a, d) && held(a, d) === 0)
    await a.peer.relate('follow', e.identity, true)
    await world.until(() => held(a, e) === 6)
    a.peer.setHops([])
    await world.pass(2_000)
    expect(held(a, e)).toBe(6)
    expect(a.store.feed(e.identity)?.policy).toEqual({ depth: { type: 'all' }, blobs: { type: 'all' } })
    // Unfollowed, but a friend still follows them: shallow from now on.
    a.peer.setHops([level(2)])
    await a.peer.relate('follow', e.identity, false)
    expect(a.store.feed(e.identity)).toMatchObject({ watched: true, policy: { hop: 1 } })
    await a.peer.relate('block', c.identity, false)
    await world.until(() => held(a, c) === 2)
    await a.peer.relate('mute', c.identity, true)
    await world.until(() => held(a, c) === 0)
  })

  test('[S15] [T18] a friend who follows a thousand brings no more feeds than the cap, and others keep their share', async () => {
    await using world = createWorld()
    const [a, b, c, d] = (await crowd(
      world,
      ['a', 'b', 'c', 'd'],
      [
        [0, 1],
        [0, 2],
        [2, 3],
      ],
    )) as [TestPeer, TestPeer, TestPeer, TestPeer]
    const { createNodeCrypto } = await import('@effigy/crypto/node')
    const { identityOfKey } = await import('@effigy/core')
    const crypto = createNodeCrypto()
    for (let at = 0; at < 60; at++) {
      const { publicKey } = await crypto.signer(crypto.randomBytes(32))
      await b.peer.relate('follow', identityOfKey(publicKey), true)
    }
    a.peer.setHops([level(2, 10)])
    await world.until(() => a.store.relations(b.identity, 'follow').length === 60)
    const reached = () =>
      [...a.store.feeds({ watched: true })].filter(({ policy }) => policy.hop !== undefined)
    await world.until(() => reached().length === 10 && held(a, d) === 2)
    await world.pass(20_000)
    expect(reached().length).toBe(10)
    expect(held(a, c)).toBeGreaterThan(0)
  })

  test('[S15] hops stand over restarts, and what they brought goes when they end', async () => {
    await using world = createWorld()
    const [a, , c] = (await crowd(
      world,
      ['a', 'b', 'c'],
      [
        [0, 1],
        [1, 2],
      ],
    )) as [TestPeer, TestPeer, TestPeer]
    a.peer.setHops([level(2)])
    await world.until(() => held(a, c) === 2)
    await a.stop()
    const again = await world.add('a')
    expect(again.peer.hops()).toEqual([level(2)])
    expect(again.store.feed(c.identity)).toMatchObject({ watched: true, policy: { hop: 1 } })
    again.peer.setHops([])
    await world.until(() => held(again, c) === 0)
    expect(() => again.peer.setHops([level(1), level(1), level(1)])).toThrow(RangeError)
    expect(() => again.peer.setHops([level(1, 0)])).toThrow(RangeError)
  })
})

describe('older entries', () => {
  test('[S14] come on demand with progress, as many as asked for, and the policy stays', async () => {
    await using world = createWorld()
    const a = await world.add('a')
    const b = await world.add('b')
    await publishMany(b, 50)
    a.peer.watch(b.identity, { depth: { type: 'last', count: 5 }, blobs: { type: 'none' } })
    a.peer.connect(b.address)
    await world.turn(a.peer.settled(never))
    expect(held(a, b)).toBe(5)
    const seen: { done: number; total: number }[] = []
    const came = await world.turn(
      a.peer.fetchOlder(b.identity, 20, { signal: never, onProgress: (progress) => seen.push(progress) }),
    )
    expect(came).toBe(20)
    expect(held(a, b)).toBe(25)
    expect(seen[0]).toEqual({ done: 0, total: 20 })
    expect(seen.at(-1)).toEqual({ done: 20, total: 20 })
    expect(a.store.feed(b.identity)?.policy.depth).toEqual({ type: 'last', count: 5 })
    expect(await world.turn(a.peer.fetchOlder(b.identity, 1_000, { signal: never }))).toBe(25)
    expect(await world.turn(a.peer.fetchOlder(b.identity, 1, { signal: never }))).toBe(0)
    expect(texts(a.store, b.identity).length).toBe(50)
  })

  test('[S14] wait for somebody who has them, and stop with the signal', async () => {
    await using world = createWorld()
    const a = await world.add('a')
    const b = await world.add('b')
    await publishMany(b, 10)
    a.peer.watch(b.identity, { depth: { type: 'last', count: 2 }, blobs: { type: 'none' } })
    const stop = new AbortController()
    const stopped = a.peer.fetchOlder(b.identity, 3, { signal: stop.signal })
    const waiting = a.peer.fetchOlder(b.identity, 3, { signal: never })
    stop.abort(new Error('enough'))
    await expect(world.turn(stopped)).rejects.toThrow('enough')
    a.peer.connect(b.address)
    expect(await world.turn(waiting)).toBe(3)
    const stranger = await world.add('c')
    await expect(a.peer.fetchOlder(stranger.identity, 3, { signal: never })).rejects.toThrow(
      expect.objectContaining({ code: 'not-watched' }),
    )
  })
})

test('[S14] [T4] a forgotten feed is gone, nobody rolls it back, and it comes again when it is followed again', async () => {
  await using world = createWorld()
  const a = await world.add('a')
  const b = await world.add('b')
  await publishMany(b, 8)
  await a.peer.relate('follow', b.identity, true)
  a.peer.connect(b.address)
  await world.until(() => held(a, b) === 8)
  const code = (name: string) => expect.objectContaining({ code: name })
  expect(() => a.peer.forget(b.identity)).toThrow(code('still-followed'))
  expect(() => a.peer.forget(a.identity)).toThrow(code('own-identity'))
  await a.peer.relate('follow', b.identity, false)
  a.peer.forget(b.identity)
  expect(texts(a.store, b.identity)).toEqual([])
  expect(a.peer.query.timeline().items).toEqual([])
  await b.peer.publish(note('unheard'))
  await world.pass(3_000)
  expect(held(a, b)).toBe(0)
  expect(a.store.feed(b.identity)?.record?.head.length).toBeGreaterThanOrEqual(8)
  await a.peer.relate('follow', b.identity, true)
  await world.until(() => held(a, b) === 9)
})

test('[S14] a large feed that is forgotten, by whatever part of a peer, goes in the turns that come', async () => {
  await using world = createWorld()
  const { store } = await world.add('a')
  const large = testFeed(testIdentity('large'), 2_100)
  const { identity } = headOf(large).head
  store.watchFeed(identity, { depth: { type: 'all' }, blobs: { type: 'all' } })
  store.acceptHead(headOf(large))
  store.appendRun(runOf(large))
  store.watchFeed(identity, null)
  store.forget(identity)
  expect([store.isForgetting?.(), store.unverifiedCount(), store.feed(identity)?.heldCount]).toEqual([
    true,
    2_100,
    0,
  ])
  await world.pass(1_000)
  expect([store.isForgetting?.(), store.unverifiedCount()]).toEqual([false, 0])
})

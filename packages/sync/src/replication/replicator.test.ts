import { type HeadRecord, type Identity, rawCid, utf8 } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import { describe, expect, test } from 'vitest'
import {
  type Connected,
  connect,
  createPeer,
  createWorld,
  createWriter,
  sha256,
  type TestPeer,
  until,
  type World,
  type Writer,
} from '../../test/replication-kit.ts'
import type { Link } from '../link.ts'

const numbered = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => ({
    text: `note ${from + index}`,
    detached: index % 2 === 0,
  }))

const cidsOf = (writer: Writer) => writer.chain.map(({ cid }) => cid)
/** Cheap, because it is asked at every turn. */
const hasAll = ({ store }: TestPeer, { identity, chain, record }: Writer) => {
  const state = store.feed(identity)
  return (
    state?.heldCount === chain.length &&
    store.entryAt(identity, chain.length)?.signed.cid === record.head.head
  )
}

const slow = (world: World) => memoryPair({ latency: { clock: world.clock, ms: 40 } })

describe('a feed comes over', () => {
  test('[R1] [R3] entry for entry, bodies too, verified behind, with counts that reach their total', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(700))
    bob.watch(writer.identity)
    const { end, replicators } = await connect(bob, alice)
    expect(await until(world, () => hasAll(bob, writer) && bob.store.unverifiedCount() === 0)).toBe(true)
    expect(bob.held(writer.identity)).toEqual(cidsOf(writer))
    expect(
      [...bob.store.chain(writer.identity)].every(({ body }, at) => (body !== null) === (at % 2 === 0)),
    ).toBe(true)
    expect(await until(world, () => replicators[0].status().upToDate)).toBe(true)
    expect(replicators[0].status().feeds).toEqual([{ identity: writer.identity, done: 700, total: 700 }])
    await end()
  })

  test('[R1] what is written later comes by itself, both ways', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const [ours, theirs] = [await createWriter('ours'), await createWriter('theirs')]
    await alice.publish(ours, numbered(3))
    await bob.publish(theirs, numbered(3))
    for (const peer of [alice, bob]) for (const { identity } of [ours, theirs]) peer.watch(identity)
    const { end } = await connect(alice, bob, slow(world))
    expect(await until(world, () => hasAll(bob, ours) && hasAll(alice, theirs))).toBe(true)
    for (let round = 0; round < 3; round++) {
      await alice.publish(ours, numbered(1 + round))
      await bob.publish(theirs, numbered(2))
      expect(await until(world, () => hasAll(bob, ours) && hasAll(alice, theirs), 2_000)).toBe(true)
    }
    await end()
  })

  test('[R1] a feed that is watched during a session comes too', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(5))
    const { end } = await connect(bob, alice)
    await world.clock.advance(500)
    expect(bob.held(writer.identity)).toEqual([])
    bob.watch(writer.identity)
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    await end()
  })

  test('[R3] many small feeds come side by side', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => createWriter(`writer ${index}`)),
    )
    for (const [index, writer] of writers.entries()) {
      await alice.publish(writer, numbered(1 + (index % 7)))
      bob.watch(writer.identity)
    }
    const { end, replicators } = await connect(bob, alice, slow(world))
    expect(await until(world, () => replicators[0].status().upToDate)).toBe(true)
    for (const writer of writers) expect(hasAll(bob, writer)).toBe(true)
    await end()
  })

  test('[R3] after any number of cuts it goes on where it was', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(6_000))
    bob.watch(writer.identity)
    let before = 0
    let cuts = 0
    while (!hasAll(bob, writer)) {
      const { cut, replicators } = await connect(bob, alice, slow(world))
      const enough = before + 1_500
      const heldCount = () => bob.store.feed(writer.identity)?.heldCount ?? 0
      await until(world, () => heldCount() >= enough || replicators[0].status().upToDate)
      await cut()
      expect(heldCount()).toBeGreaterThan(before)
      before = heldCount()
      cuts++
    }
    expect(cuts).toBeGreaterThan(1)
    expect(bob.held(writer.identity)).toEqual(cidsOf(writer))
  })

  test('[R3] shallow: the last 50, later the last 120, later all', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(300))
    bob.watch(writer.identity, { depth: { type: 'last', count: 50 } })
    const { end, replicators } = await connect(bob, alice)
    const isDone = () => replicators[0].status().upToDate
    const heldAll = (count: number) => bob.held(writer.identity).length === count
    expect(await until(world, () => isDone() && heldAll(50))).toBe(true)
    expect(bob.held(writer.identity)).toEqual(cidsOf(writer).slice(-50))
    bob.watch(writer.identity, { depth: { type: 'last', count: 120 } })
    expect(await until(world, () => heldAll(120))).toBe(true)
    await alice.publish(writer, numbered(10))
    bob.watch(writer.identity)
    expect(await until(world, () => isDone() && hasAll(bob, writer))).toBe(true)
    await end()
  })

  test('[R3] shallow: since a time', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(900))
    const { comparable } = writer.chain[700]!.entry
    bob.watch(writer.identity, { depth: { type: 'since', comparable } })
    const { end, replicators } = await connect(bob, alice)
    expect(
      await until(world, () => replicators[0].status().upToDate && bob.held(writer.identity).length > 0),
    ).toBe(true)
    expect(bob.held(writer.identity)).toEqual(cidsOf(writer).slice(700))
    expect(replicators[0].status().feeds).toEqual([{ identity: writer.identity, done: 200, total: 200 }])
    await end()
  })
})

/** A pair of which the first end counts what it receives. */
function countedPair([link, other]: readonly [Link, Link]) {
  const received = { bytes: 0 }
  const counted: Link = {
    ...link,
    get bufferedBytes() {
      return link.bufferedBytes
    },
    async *receive() {
      for await (const frame of link.receive()) {
        received.bytes += frame.length
        yield frame
      }
    },
  }
  return { links: [counted, other] as const, received }
}

describe('rewritten feeds', () => {
  test('[F10] a rebase is followed: what left is hidden, what stays is not fetched again', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(500))
    bob.watch(writer.identity)
    const { end } = await connect(bob, alice)
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    await alice.publishRebase(writer, new Map([[450, { type: 'delete' }]]))
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    expect(bob.held(writer.identity)).toEqual(cidsOf(writer))
    await alice.publish(writer, numbered(2))
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    await end()
  })

  test('[F10] a rebase that only takes the newest away brings nothing, and is followed', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using carol = await createPeer(world, 'carol')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    const written = await writer.write(numbered(100))
    alice.store.appendOwn(written, writer.record)
    bob.watch(writer.identity)
    const first = await connect(bob, alice)
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    await writer.rebase(new Map([99, 100].map((length) => [length, { type: 'delete' }])))
    carol.store.appendOwn(written.slice(0, 98), writer.record)
    const second = await connect(bob, carol)
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    expect(bob.held(writer.identity)).toEqual(cidsOf(writer))
    await first.end()
    await second.end()
  })

  test('[F10] [R1] a head that is again what it once was is told: by whom it was told before, and to whom told it', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    const drop = (length: number) => alice.publishRebase(writer, new Map([[length, { type: 'delete' }]]))
    bob.watch(writer.identity)
    alice.watch(writer.identity)
    await alice.publish(writer, numbered(2))
    const first = await connect(bob, alice)
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    await first.end()
    // Bob tells what he has at the beginning, and never again what Alice told him.
    const { end } = await connect(bob, alice)
    await world.clock.advance(1_000)
    await alice.publish(writer, numbered(1))
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    await drop(3)
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    await drop(2)
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    expect(bob.store.feed(writer.identity)?.record?.head.epoch).toBe(3)
    await end()
  })

  test('[R5] entries that only moved cost a signature and their old position', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(1_000))
    bob.watch(writer.identity)
    const { links, received } = countedPair(memoryPair())
    const { end } = await connect(bob, alice, links)
    expect(await until(world, () => hasAll(bob, writer) && bob.store.unverifiedCount() === 0)).toBe(true)
    const before = received.bytes
    await alice.publishRebase(writer, new Map([[900, { type: 'delete' }]]))
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    expect(bob.held(writer.identity)).toEqual(cidsOf(writer))
    expect([...bob.store.chain(writer.identity)].filter(({ body }) => body !== null).length).toBeGreaterThan(
      490,
    )
    expect(received.bytes - before).toBeLessThan(10_000)
    await end()
  })

  test('[R5] [R3] after a cut in the middle the rest of them does too', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    // Down to n − 2,048 the locator names what is held.
    const count = 2_100
    await alice.publish(writer, numbered(count))
    bob.watch(writer.identity)
    const first = await connect(bob, alice)
    expect(await until(world, () => hasAll(bob, writer) && bob.store.unverifiedCount() === 0)).toBe(true)
    await first.end()
    await alice.publishRebase(writer, new Map([[100, { type: 'delete' }]]))
    const partly = await connect(bob, alice, slow(world))
    expect(await until(world, () => bob.store.need(writer.identity)?.rewinds === false)).toBe(true)
    await partly.cut()
    const left = bob.store.need(writer.identity)!.fromLength - 99
    expect(left).toBeGreaterThan(500)
    const { links, received } = countedPair(memoryPair())
    const { end } = await connect(bob, alice, links)
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    expect(bob.held(writer.identity)).toEqual(cidsOf(writer))
    expect(received.bytes).toBeLessThan(left * 80)
    await end()
  })

  test('[F10] a rebase in the middle of a sync', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(4_000))
    bob.watch(writer.identity)
    const { end } = await connect(bob, alice, slow(world))
    expect(await until(world, () => (bob.store.feed(writer.identity)?.heldCount ?? 0) > 1_000)).toBe(true)
    await alice.publishRebase(writer, new Map([[3_900, { type: 'delete' }]]))
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    expect(bob.held(writer.identity)).toEqual(cidsOf(writer))
    await end()
  })
})

test('[F8] what changes trust is verified as it comes, before everything else', async () => {
  const world = createWorld()
  using alice = await createPeer(world, 'alice')
  using bob = await createPeer(world, 'bob', { verifies: false })
  const writer = await createWriter('writer')
  const payload = JSON.stringify({ type: 'follow', at: 1, target: { identity: alice.identity }, value: true })
  await alice.publish(writer, [...numbered(400), { text: '', payload }, ...numbered(400)])
  bob.watch(writer.identity)
  const { end } = await connect(bob, alice)
  expect(await until(world, () => hasAll(bob, writer) && bob.store.unverifiedCount() === 800)).toBe(true)
  expect(bob.store.entryAt(writer.identity, 401)?.verified).toBe(true)
  await end()
})

describe('several peers', () => {
  test('[R8] [T1] only what is verified is passed on', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob', { verifies: false })
    using carol = await createPeer(world, 'carol')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(50))
    for (const peer of [bob, carol]) peer.watch(writer.identity)
    const first = await connect(bob, alice)
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    const second = await connect(carol, bob)
    await until(world, () => false, 3_000)
    expect(carol.store.feed(writer.identity)?.record?.head.head).toBe(writer.record.head.head)
    expect(carol.held(writer.identity)).toEqual([])
    const pending = bob.store.unverified(100)
    expect(pending.length).toBe(50)
    bob.store.settle(pending.map(({ id }) => ({ id, valid: true })))
    expect(await until(world, () => hasAll(carol, writer))).toBe(true)
    await first.end()
    await second.end()
  })

  test('[R3] of three sources one gives each feed; when it goes another goes on', async () => {
    const world = createWorld()
    const writer = await createWriter('writer')
    const written = await writer.write(numbered(8_000))
    using bob = await createPeer(world, 'bob')
    const sources: TestPeer[] = []
    for (const name of ['one', 'two', 'three']) {
      const source = await createPeer(world, name)
      source.store.appendOwn(written, writer.record)
      sources.push(source)
    }
    const connections: Connected[] = []
    for (const source of sources) connections.push(await connect(bob, source, slow(world)))
    bob.watch(writer.identity)
    const touched = () => connections.map(({ replicators }) => replicators[0].status().feeds.length)
    expect(await until(world, () => (bob.store.feed(writer.identity)?.heldCount ?? 0) > 800)).toBe(true)
    expect(touched().reduce((sum, count) => sum + count)).toBe(1)
    await connections[touched().indexOf(1)]!.cut()
    expect(await until(world, () => hasAll(bob, writer))).toBe(true)
    expect(touched().reduce((sum, count) => sum + count)).toBe(2)
    for (const { end } of connections) await end()
    for (const source of sources) source[Symbol.dispose]()
  })

  test('[F9] [T5] both branches of a fork reach who hears of one alone, and are shown as disputed', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using mallory = await createPeer(world, 'mallory')
    using bob = await createPeer(world, 'bob')
    using carol = await createPeer(world, 'carol')
    const [one, two] = [await createWriter('twice'), await createWriter('twice')]
    const common = numbered(5)
    await alice.publish(one, common)
    // The same five entries, byte for byte: signatures are deterministic.
    await mallory.publish(two, common)
    await alice.publish(one, ['here'])
    await mallory.publish(two, ['there', 'and more'])
    for (const peer of [bob, carol]) peer.watch(one.identity)
    const first = await connect(bob, alice)
    expect(await until(world, () => hasAll(bob, one))).toBe(true)
    const second = await connect(bob, mallory)
    const isDisputed = (peer: TestPeer) => peer.store.feed(one.identity)?.disputedAbove === 5
    expect(await until(world, () => isDisputed(bob))).toBe(true)
    const third = await connect(carol, bob)
    expect(await until(world, () => isDisputed(carol))).toBe(true)
    expect(carol.held(one.identity)).toEqual(cidsOf(one).slice(0, 5))
    for (const { end } of [first, second, third]) await end()
  })

  test('[R8] [T30] what is not shared is as if it were not there', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const [open, secret, never] = await Promise.all(['open', 'secret', 'never'].map(createWriter))
    for (const writer of [open!, secret!]) await alice.publish(writer, numbered(4))
    alice.facts.trust = () => 'stranger'
    alice.facts.isPublic = (identity: Identity) => identity === open!.identity
    for (const { identity } of [open!, secret!, never!]) bob.watch(identity)
    const { end, replicators } = await connect(bob, alice)
    expect(await until(world, () => hasAll(bob, open!) && replicators[0].status().upToDate)).toBe(true)
    await alice.publish(secret!, numbered(1))
    await world.clock.advance(1_000)
    expect(bob.store.feed(secret!.identity)?.record).toBeNull()
    await end()
  })

  test('[R8] whom we block gets nothing', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(4))
    alice.facts.isBlocked = (identity: Identity) => identity === bob.identity
    bob.watch(writer.identity)
    const { end, replicators } = await connect(bob, alice)
    expect(await until(world, () => replicators[0].status().upToDate)).toBe(true)
    expect(bob.store.feed(writer.identity)?.record).toBeNull()
    await end()
  })
})

test('[T18] heads of feeds that nobody watches are neither checked nor stored', async () => {
  const world = createWorld()
  using alice = await createPeer(world, 'alice')
  using bob = await createPeer(world, 'bob')
  const writers = await Promise.all(Array.from({ length: 20 }, (_, index) => createWriter(`spam ${index}`)))
  const records: HeadRecord[] = []
  for (const writer of writers) {
    await writer.write(['spam'])
    records.push(writer.record)
  }
  const { sessions, end } = await connect(alice, bob)
  const { writeHeads } = await import('../messages-bytes.ts')
  for (let round = 0; round < 50; round++) {
    sessions[0].send({ type: 'heads', count: records.length, online: 0 }, writeHeads(records))
  }
  await until(world, () => false, 500)
  expect([...bob.store.feeds()]).toEqual([])
  await end()
})

test('[R9] entries come alone, those that are not here as nothing', async () => {
  const world = createWorld()
  using alice = await createPeer(world, 'alice')
  using bob = await createPeer(world, 'bob')
  const writer = await createWriter('writer')
  await alice.publish(writer, numbered(3))
  const { openTestSession, replicatorOf } = await import('../../test/replication-kit.ts')
  const { writeCids } = await import('../messages-bytes.ts')
  const links = memoryPair()
  const [asker, session] = await Promise.all([
    openTestSession(bob, 'dialler', links[0], alice.identity),
    openTestSession(alice, 'acceptor', links[1], null),
  ])
  const stop = new AbortController()
  const running = replicatorOf(alice, session).run(stop.signal)
  const [first, , third] = writer.chain
  asker.send(
    { type: 'getentry', id: 1, count: 3 },
    writeCids([third!.cid, rawCid(utf8('none'), sha256), first!.cid]),
  )
  for await (const { message, bytes } of asker.receive()) {
    if (message.type !== 'entries') continue
    expect(message).toEqual({
      type: 'entries',
      re: 1,
      end: true,
      sizes: [third!.bytes.length, 0, first!.bytes.length],
    })
    expect(bytes).toEqual(Uint8Array.of(...third!.bytes, ...first!.bytes))
    break
  }
  stop.abort()
  await running
})

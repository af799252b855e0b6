/** What people watch while it syncs: counts, the end of it, whether it is safe to leave; a hub in between; a restored disk. */
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import type { Continuity } from '../src/instance.ts'
import type { PeerDeps, PeerStatus } from '../src/peer.ts'
import { wholeFeed } from '../src/relations.ts'
import {
  createWorld,
  never,
  note,
  soundChain,
  type TestPeer,
  testCrypto,
  texts,
  type World,
} from './world.ts'

const publishMany = (peer: TestPeer, count: number, from = 0) =>
  Promise.all(Array.from({ length: count }, (_, index) => peer.peer.publish(note(`${from + index}`))))

/** As the hub of `apps/hub` does: keeps its members' feeds, and what they watch. */
async function addHub(world: World, name = 'hub', options: Partial<PeerDeps> = {}): Promise<TestPeer> {
  const hub: { peer: TestPeer | null } = { peer: null }
  const made = await world.add(name, {
    kind: 'hub',
    admits(identity) {
      hub.peer?.peer.watch(identity, wholeFeed)
      return true
    },
    tracks(_, identities) {
      for (const identity of identities) {
        if (identity !== hub.peer?.identity) hub.peer?.peer.watch(identity, wholeFeed)
      }
    },
    ...options,
  })
  hub.peer = made
  return made
}

const sessionWith = (from: TestPeer, to: TestPeer) =>
  from.peer.status().sessions.find(({ identity }) => identity === to.identity)

describe('status', () => {
  test('every count reaches its total', async () => {
    await using world = createWorld('status', { latencyMs: 20, bytesPerSecond: 400_000 })
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await publishMany(bob, 900)
    await alice.peer.relate('follow', bob.identity, true)
    const seen: PeerStatus[] = []
    const over = new AbortController()
    const watching = (async () => {
      for await (const status of alice.peer.statuses(over.signal)) seen.push(status)
    })()
    alice.peer.connect(bob.address)
    await world.pass(50)
    const end = await world.turn(alice.peer.settled(never))
    await world.pass(200)
    over.abort()
    await world.turn(watching)
    const counts = seen.flatMap(({ feeds }) => feeds.filter(({ identity }) => identity === bob.identity))
    expect(counts.length).toBeGreaterThan(3)
    for (const { held, total } of counts) expect(held).toBeLessThanOrEqual(total)
    expect(counts.map(({ held }) => held)).toEqual(counts.map(({ held }) => held).toSorted((a, b) => a - b))
    expect(counts.at(-1)).toMatchObject({ held: 900, total: 900 })
    expect(seen.some(({ behind }) => behind.entries > 0)).toBe(true)
    expect(seen.at(-1)).toEqual(end)
    expect(end).toMatchObject({
      behind: { feeds: 0, entries: 0 },
      unverified: 0,
      unsearchable: 0,
      blobs: { wanted: 0, wantedBytes: 0 },
      mayWrite: true,
    })
    expect(alice.peer.query.search('899').items.length).toBe(1)
  })

  test('settled waits through cuts', async () => {
    await using world = createWorld('cuts', { latencyMs: 20, bytesPerSecond: 400_000 })
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await publishMany(bob, 600)
    await alice.peer.relate('follow', bob.identity, true)
    const connection = alice.peer.connect(bob.address)
    for (const share of [0.2, 0.5, 0.8]) {
      await world.until(() => (alice.store.feed(bob.identity)?.heldCount ?? 0) > 600 * share)
      world.network.loseAll('bob')
      await world.turn(connection.ready(never))
    }
    await world.turn(alice.peer.settled(never))
    expect(soundChain(alice.store, bob.identity).length).toBe(600)
  })

  test('settled ends with its signal, and with the peer', async () => {
    await using world = createWorld()
    const dial: PeerDeps['dial'] = (_, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const alice = await world.add('alice', { dial })
    const over = new AbortController()
    const first = alice.peer.connect('memory:nobody')
    const settled = alice.peer.settled(over.signal).catch((error: Error) => error.message)
    const second = alice.peer.settled(never).catch((error: { code: string }) => error.code)
    await world.pass(1_000)
    over.abort(new Error('enough'))
    expect(await world.turn(settled)).toBe('enough')
    expect(first.state.type).toBe('connecting')
    void alice.peer[Symbol.asyncDispose]()
    expect(await world.turn(second)).toBe('closed')
  })
})

describe('a hub', () => {
  test('carries feeds between two who never meet, and says truthfully that it has them', async () => {
    await using world = createWorld('hub', { latencyMs: 20, bytesPerSecond: 300_000 })
    const hub = await addHub(world)
    const alice = await world.add('alice')
    await publishMany(alice, 700)
    const { content } = await alice.peer.publish(note('a'.repeat(50_000)))
    alice.peer.connect(hub.address)
    await world.until(() => {
      // Never before it is so.
      if (sessionWith(alice, hub)?.hasMine !== true) return false
      expect(hub.store.feed(alice.identity)?.heldCount).toBe(701)
      expect(soundChain(hub.store, alice.identity).length).toBe(701)
      return true
    })
    const status = await world.turn(alice.peer.settled(never))
    expect(status.sessions).toMatchObject([
      { identity: hub.identity, kind: 'hub', upToDate: true, hasMine: true },
    ])
    await world.until(() => hub.store.hasBlock(content))
    await alice.stop()
    const bob = await world.add('bob')
    await bob.peer.relate('follow', alice.identity, true)
    bob.peer.connect(hub.address)
    await world.turn(bob.peer.settled(never))
    expect(soundChain(bob.store, alice.identity).length).toBe(701)
    expect(bob.store.hasBlock(content)).toBe(true)
  })

  test('has not what was published a moment ago, and has it soon; after a rebase too', async () => {
    await using world = createWorld()
    const hub = await addHub(world)
    const alice = await world.add('alice')
    const [first] = await publishMany(alice, 3)
    alice.peer.connect(hub.address)
    await world.turn(alice.peer.settled(never))
    const entriesBefore = hub.logged.length
    for (let round = 0; round < 3; round++) {
      await alice.peer.publish(note(`live ${round}`))
      expect(sessionWith(alice, hub)?.hasMine).toBe(false)
      await world.turn(alice.peer.settled(never))
      expect(sessionWith(alice, hub)?.hasMine).toBe(true)
      expect(texts(hub.store, alice.identity)[0]).toBe(`live ${round}`)
    }
    await alice.peer.edit(first!.cid, note('edited'))
    expect(sessionWith(alice, hub)?.hasMine).toBe(false)
    await world.turn(alice.peer.settled(never))
    expect(texts(hub.store, alice.identity).at(-1)).toBe('edited')
    // Nothing of the asking is an accident in anybody's log.
    expect(hub.logged.slice(entriesBefore).filter(({ event }) => event.includes('refused'))).toEqual([])
  })

  test('that keeps nothing of ours does not keep us waiting, and gets no tick', async () => {
    await using world = createWorld()
    const hub = await addHub(world, 'hub', { admits: () => true, tracks: () => {} })
    const alice = await world.add('alice')
    await publishMany(alice, 3)
    alice.peer.connect(hub.address)
    await world.pass(100)
    const started = world.clock.monotonic()
    await world.turn(alice.peer.settled(never))
    expect(world.clock.monotonic() - started).toBeLessThan(5_000)
    expect(sessionWith(alice, hub)?.hasMine).toBe(false)
  })

  test('that stopped keeping our feed is not asked for ever', async () => {
    await using world = createWorld()
    const hub = await addHub(world)
    const alice = await world.add('alice')
    await publishMany(alice, 3)
    alice.peer.connect(hub.address)
    await world.turn(alice.peer.settled(never))
    hub.peer.unwatch(alice.identity)
    await alice.peer.publish(note('too much'))
    await world.turn(alice.peer.settled(never))
    expect(sessionWith(alice, hub)?.hasMine).toBe(false)
  })

  test('friends who keep a part of a feed are no reason to wait', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    await publishMany(alice, 20)
    bob.peer.watch(alice.identity, { depth: { type: 'last', count: 3 }, blobs: { type: 'none' } })
    alice.peer.connect(bob.address)
    await world.turn(alice.peer.settled(never))
    await world.pass(5_000)
    expect(sessionWith(alice, bob)).toMatchObject({ kind: 'peer', hasMine: false })
    bob.peer.watch(alice.identity, wholeFeed)
    await world.until(() => sessionWith(alice, bob)?.hasMine === true)
    expect(bob.store.feed(alice.identity)?.heldCount).toBe(20)
  })
})

describe('[T5] a restored disk', () => {
  const code = (name: string) => expect.objectContaining({ code: name })

  /** Alice has published five entries, of which her restored disk knows two; the hub has all. */
  async function restored(world: World, continuity: Continuity = 'restored') {
    const hub = await addHub(world)
    const alice = await world.add('alice')
    const backup = await world.add('backup')
    await publishMany(alice, 2)
    // The copy of the disk: what the store held then.
    backup.store.watchFeed(alice.identity, wholeFeed)
    const record = alice.store.feed(alice.identity)?.record
    backup.store.acceptHead(record!)
    const entries = Array.from(alice.store.chain(alice.identity), ({ signed }) => signed)
    const bodies = new Map(
      Array.from(alice.store.chain(alice.identity), ({ content, body }) => [content, body!]),
    )
    backup.store.appendRun({ identity: alice.identity, entries, bodies })
    backup.store.settleEntries(entries.map(({ cid }) => ({ cid, valid: true })))
    await publishMany(alice, 3, 2)
    alice.peer.connect(hub.address)
    await world.turn(alice.peer.settled(never))
    await alice.stop()
    const signer = await testCrypto.signer(testSeed('alice'))
    const again = await world.add('alice', { store: backup.store, signer, continuity })
    expect(again.identity).toBe(alice.identity)
    return { hub, again, store: backup.store }
  }

  test('writes nothing before what it published is here again, and forks nothing', async () => {
    await using world = createWorld()
    const { hub, again, store } = await restored(world)
    expect(again.peer.status().mayWrite).toBe(false)
    for (const write of [
      again.peer.publish(note('too early')),
      again.peer.remove([]),
      again.peer.relate('follow', hub.identity, true),
    ]) {
      await expect(write).rejects.toThrow(code('restored'))
      await expect(write).rejects.toThrow(/hub or a friend/)
    }
    again.peer.connect(hub.address)
    await world.until(() => again.peer.status().mayWrite)
    expect(store.feed(again.identity)?.heldCount).toBe(5)
    await again.peer.publish(note('after'))
    await world.turn(again.peer.settled(never))
    expect(soundChain(store, again.identity).length).toBe(6)
    expect(soundChain(hub.store, again.identity).length).toBe(6)
  })

  test('whom it followed since is watched again, and whom it left is not', async () => {
    await using world = createWorld()
    const hub = await addHub(world)
    const alice = await world.add('alice')
    const [left, met] = [await world.add('left'), await world.add('met')]
    await met.peer.publish(note('hello'))
    await alice.peer.relate('follow', left.identity, true)
    const old = await world.add('backup')
    old.store.watchFeed(alice.identity, wholeFeed)
    old.store.watchFeed(left.identity, wholeFeed)
    old.store.acceptHead(alice.store.feed(alice.identity)!.record!)
    const entries = Array.from(alice.store.chain(alice.identity), ({ signed }) => signed)
    old.store.appendRun({ identity: alice.identity, entries, bodies: new Map() })
    old.store.settleEntries(entries.map(({ cid }) => ({ cid, valid: true })))
    await alice.peer.relate('follow', left.identity, false)
    await alice.peer.relate('follow', met.identity, true)
    for (const { peer } of [alice, met]) {
      peer.connect(hub.address)
      await world.turn(peer.settled(never))
    }
    await alice.stop()
    const signer = await testCrypto.signer(testSeed('alice'))
    const again = await world.add('alice', { store: old.store, signer, continuity: 'restored' })
    again.peer.connect(hub.address)
    await world.until(() => old.store.feed(met.identity)?.heldCount === 1)
    expect(old.store.feed(left.identity)?.watched).toBe(false)
  })

  test('a stranger who dials confirms nothing', async () => {
    await using world = createWorld()
    const { again } = await restored(world)
    const mallory = await world.add('mallory')
    await world.turn(mallory.peer.connect(again.address).ready(never))
    await world.pass(10_000)
    expect(again.peer.status().sessions.length).toBe(1)
    await expect(again.peer.publish(note('x'))).rejects.toThrow(code('restored'))
  })

  test('[S13] after a long absence too', async () => {
    await using world = createWorld()
    const { hub, again, store } = await restored(world, 'absent')
    await expect(again.peer.publish(note('too early'))).rejects.toThrow(code('absent'))
    again.peer.connect(hub.address)
    await world.until(() => again.peer.status().mayWrite)
    await again.peer.publish(note('after'))
    expect(soundChain(store, again.identity).length).toBe(6)
  })

  test('[S13] [T5] an unnoticed copy stops writing as soon as others tell a higher head, and gets its feed back', async () => {
    await using world = createWorld()
    const { hub, again, store } = await restored(world, 'continued')
    again.peer.connect(hub.address)
    // As soon as the head is heard, and before its entries are here.
    await world.until(() => store.feed(again.identity)?.record?.head.length === 5)
    const early = again.peer.publish(note('early'))
    await Promise.allSettled([early])
    await world.until(() => store.feed(again.identity)?.heldCount === 5)
    await again.peer.publish(note('after'))
    await world.turn(again.peer.settled(never))
    expect(soundChain(store, again.identity).length).toBe(6)
    expect(soundChain(hub.store, again.identity)).toEqual(soundChain(store, again.identity))
    await expect(early).rejects.toThrow(code('own-feed-incomplete'))
  })

  test('a person may write in spite of it', async () => {
    await using world = createWorld()
    const { again, store } = await restored(world)
    again.peer.writeAnyway()
    await again.peer.publish(note('I know'))
    expect(soundChain(store, again.identity).length).toBe(3)
  })
})

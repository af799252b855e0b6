/**
 * Two peers and a third that keeps drops and leases for them, whose machine goes off in the middle of it (V20-V35, T28).
 * Its store is on a disk that forgets what was not synced; the others only see a session that ends.
 */
import { type Drop, dropNonce, type Identity, parseRawCid, type RawCid, utf8 } from '@effigy/core'
import { openNodeStore } from '@effigy/store/node'
import {
  acceptLease,
  createSpot,
  type LeaseRequest,
  openDrop,
  type ReceivedAnswer,
  rememberDrop,
  sealDrop,
} from '@effigy/sync'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { addMachine, type Machine } from './drops-kit.ts'
import { createWorld, never, note, type TestPeer, testCrypto, type World } from './world.ts'

const { sha256 } = testCrypto
const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs

/** Who takes nothing by itself: here it is done by hand. */
async function addByHand(world: World, name: string): Promise<TestPeer> {
  const { takenDrops: _, ...store } = openNodeStore(':memory:', { sha256, now: world.clock.now })
  return world.add(name, { store })
}

async function ask(
  world: World,
  from: TestPeer,
  keeper: Machine,
  [service, method]: readonly [string, string],
  value: object,
  bytes: Uint8Array = new Uint8Array(0),
): Promise<ReceivedAnswer | string> {
  const call = from.peer.call(keeper.peer.identity, service, method, value as never, { bytes, signal: never })
  const result = await world.turn(call)
  return result.ok ? result.value : result.error.code
}

const isConnected = (from: TestPeer, keeper: Machine): boolean =>
  from.peer.status().sessions.some(({ identity }) => identity === keeper.peer.identity)

describe('[V20] [V23] [V26] a drop box whose machine goes off', () => {
  const bobBox = testCrypto.agreementKey(testSeed('box of bob'))

  async function seal(world: World, from: Identity, to: Identity, text: string) {
    const payload = { type: 'private_note', text }
    const nonce = dropNonce(sha256(utf8(text)).subarray(0, 16))
    const drop: Drop = { from, to, nonce, at: world.clock.now(), payload }
    const signer = await testCrypto.signer(testSeed('alice'))
    const sealed = await sealDrop(drop, signer, [(await bobBox).publicKey], testCrypto)
    if (!sealed.ok) throw new Error(sealed.error.code)
    return sealed.value
  }

  // 1 to 3: around the first; the others while drops come, are offered and acknowledged.
  test.each([1, 2, 3, 5, 8, 13, 21, 34])(
    'at step %d from the first drop on: what was taken is given, and acted on once',
    { timeout: 60_000 },
    async (step) => {
      await using world = createWorld(`drops ${step}`)
      const [alice, bob] = [await world.add('alice'), await addByHand(world, 'bob')]
      const keeper = await addMachine(world, 'keeper', `drops ${step}`, {
        services: {
          dropBox: {
            devicesOf: (account) => (account === bob.identity ? [bob.identity] : []),
            accountOf: (device) => (device === bob.identity ? bob.identity : null),
          },
        },
      })
      const connections = [alice.peer.connect(keeper.peer.address)]
      await world.until(() => isConnected(alice, keeper))
      await world.pass(1_000)
      keeper.disk.failAt(keeper.disk.steps + step, 'power-loss')
      const survive = async (): Promise<void> => {
        if (!keeper.disk.isDead) return
        await keeper.crash()
        for (const connection of connections) connection.retry()
      }

      const taken: string[] = []
      for (const text of ['one', 'two', 'three']) {
        const { id, bytes } = await seal(world, alice.identity, bob.identity, text)
        for (let tries = 0; tries < 5 && !taken.includes(id); tries++) {
          await world.until(() => isConnected(alice, keeper), 120_000)
          const answer = await ask(world, alice, keeper, ['dropbox', 'put'], { to: bob.identity }, bytes)
          if (typeof answer !== 'string') taken.push(answer.value.id as string)
          await survive()
        }
      }
      expect(taken).toHaveLength(3)

      connections.push(bob.peer.connect(keeper.peer.address))
      const acted: unknown[] = []
      const offered = new Set<string>()
      const ports = {
        crypto: testCrypto,
        seen: bob.store.seenDrops!,
        now: world.clock.now,
        listedSince: () => null,
      }
      for (let rounds = 0; rounds < 20 && offered.size < 3; rounds++) {
        await world.until(() => isConnected(bob, keeper), 120_000)
        for (const id of await offers(world, bob, keeper)) {
          const fetched = await ask(world, bob, keeper, ['dropbox', 'fetch'], { id })
          if (typeof fetched === 'string') break
          const opened = await openDrop(fetched.bytes, new Set([bob.identity]), [await bobBox], ports)
          if (opened.ok && rememberDrop(opened.value.drop, ports)) acted.push(opened.value.drop.payload.text)
          const done = await ask(world, bob, keeper, ['dropbox', 'done'], { ids: [id] })
          if (typeof done !== 'string') offered.add(id)
          await survive()
        }
        await survive()
      }
      expect(acted.toSorted()).toEqual(['one', 'three', 'two'])
      expect([...offered].toSorted()).toEqual(taken.toSorted())
      await world.until(() => isConnected(bob, keeper), 120_000)
      // Acknowledging is not synced: what comes again is known, and goes.
      for (const id of await offers(world, bob, keeper)) {
        const fetched = await ask(world, bob, keeper, ['dropbox', 'fetch'], { id })
        if (typeof fetched === 'string') throw new Error(fetched)
        const again = await openDrop(fetched.bytes, new Set([bob.identity]), [await bobBox], ports)
        expect(again).toMatchObject({ error: { code: 'seen' } })
      }
    },
  )

  test('[V24] [V27] what is due goes by itself, and what is forgotten of opened drops leaves its mark', async () => {
    await using world = createWorld('drops that expire')
    const [alice, bob] = [await world.add('alice'), await addByHand(world, 'bob')]
    const keeper = await addMachine(world, 'keeper', 'expiry', {
      services: { dropBox: { devicesOf: () => [bob.identity], accountOf: () => bob.identity } },
    })
    alice.peer.connect(keeper.peer.address)
    await world.until(() => isConnected(alice, keeper))
    const { bytes } = await seal(world, alice.identity, bob.identity, 'late')
    await ask(world, alice, keeper, ['dropbox', 'put'], { to: bob.identity }, bytes)
    const { drops } = keeper.peer.store
    expect(drops?.totalBytes).toBe(bytes.length)
    const seen = bob.store.seenDrops!
    seen.remember(
      { from: alice.identity, nonce: dropNonce(new Uint8Array(16)), at: 5, isListed: false },
      world.clock.now() + dayMs,
    )
    world.clock.jump(14 * dayMs)
    await world.clock.advance(hourMs)
    expect(drops?.totalBytes).toBe(0)
    expect([seen.forgotten(false), seen.has(alice.identity, dropNonce(new Uint8Array(16)))]).toEqual([
      5,
      false,
    ])
  })
})

async function offers(world: World, bob: TestPeer, keeper: Machine): Promise<readonly string[]> {
  const stop = new AbortController()
  const heard: string[] = []
  let isAnswered = false
  const listening = bob.peer
    .call(
      keeper.peer.identity,
      'dropbox',
      'listen',
      {},
      {
        signal: stop.signal,
        onAnswer({ value }) {
          isAnswered = true
          for (const { id } of value.drops as { id: string }[]) heard.push(id)
        },
      },
    )
    .catch(() => null)
    .then(() => {
      isAnswered = true
    })
  await world.until(() => isAnswered)
  stop.abort()
  await world.turn(listening)
  return heard
}

describe('[V30] [V31] leases from a machine that goes off', () => {
  async function prepared(name: string) {
    const world = createWorld(name)
    const bob = await world.add('bob')
    for (const text of ['one', 'two', 'three']) await bob.peer.publish(note(text))
    const keeper = await addMachine(world, 'keeper', name, { services: { leases: {} } })
    await keeper.peer.peer.relate('follow', bob.identity, true)
    await bob.peer.relate('follow', keeper.peer.identity, true)
    bob.peer.connect(keeper.peer.address)
    await isFriend(world, bob, keeper)
    const { head } = bob.store.feed(bob.identity)!.record!
    const asked: LeaseRequest = {
      for: bob.identity,
      epoch: head.epoch,
      length: head.length,
      head: head.head,
      blobs: 0,
      until: world.clock.now() + 30 * dayMs,
      bytes: 100_000,
    }
    return { world, bob, keeper, asked }
  }
  /** Fetching is not synced either: the keeper may have to hear of its friend again. */
  async function isFriend(world: World, bob: TestPeer, keeper: Machine): Promise<void> {
    const isWhole = () => keeper.peer.store.feed(bob.identity)?.heldCount === 4
    await world.until(() => isConnected(bob, keeper) && isWhole(), 120_000)
    await world.until(() => keeper.peer.peer.status().unverified === 0)
    await world.pass(1_000)
  }
  const lease = (world: World, bob: TestPeer, keeper: Machine, asked: LeaseRequest) =>
    ask(world, bob, keeper, ['datalease', 'ask'], asked)

  test.each([1, 2, 3, 4])(
    'at step %d: what was signed for is on the disk',
    { timeout: 60_000 },
    async (step) => {
      const { world, bob, keeper, asked } = await prepared(`leases ${step}`)
      await using _ = world
      keeper.disk.failAt(keeper.disk.steps + step, 'power-loss')
      const first = await lease(world, bob, keeper, asked)
      await keeper.crash()
      await isFriend(world, bob, keeper)
      const kept = keeper.peer.store.leases?.get(bob.identity)
      if (typeof first !== 'string') expect(kept?.record).toEqual(first.bytes)
      const again = await lease(world, bob, keeper, asked)
      if (typeof again === 'string') throw new Error(again)
      const accepted = await acceptLease(again.bytes, keeper.peer.identity, asked, testCrypto)
      expect(accepted).toMatchObject({ ok: true, value: { until: asked.until } })
      const listed = await ask(world, bob, keeper, ['datalease', 'list'], {})
      expect(listed).toMatchObject({ bytes: again.bytes })
    },
  )

  test('a leased feed stays, whomever its holder follows, until the lease ends', {
    timeout: 60_000,
  }, async () => {
    const { world, bob, keeper, asked } = await prepared('leases that last')
    await using _ = world
    expect(await lease(world, bob, keeper, { ...asked, bytes: 100 })).toBe('too-small')
    expect(typeof (await lease(world, bob, keeper, asked))).toBe('object')
    const { peer, store } = keeper.peer
    // Unfollowing ends the trust, and so the service, not the promise.
    await peer.relate('follow', bob.identity, false)
    peer.unwatch(bob.identity)
    expect(() => peer.forget(bob.identity)).toThrow(expect.objectContaining({ code: 'leased' }))
    expect(store.feed(bob.identity)).toMatchObject({ watched: true, heldCount: 4, policy: { leased: true } })
    // What is durable takes along what came before it.
    await peer.publish(note('later'))
    await keeper.crash()
    expect(keeper.peer.store.feed(bob.identity)).toMatchObject({ watched: true, heldCount: 4 })
    world.clock.jump(30 * dayMs)
    await world.clock.advance(hourMs)
    expect(keeper.peer.store.leases?.feeds()).toEqual([])
    expect(keeper.peer.store.feed(bob.identity)).toMatchObject({ watched: false, heldCount: 0 })
  })

  test('[V33] [T30] spot checks: rightly answered for the leased feed, and for no other', {
    timeout: 60_000,
  }, async () => {
    const { world, bob, keeper, asked } = await prepared('spot checks')
    await using _ = world
    await keeper.peer.peer.publish(note('of the holder itself'))
    expect(typeof (await lease(world, bob, keeper, asked))).toBe('object')
    const random = testCrypto.randomBytes
    const check = async (cid: RawCid, bytes: Uint8Array): Promise<boolean | string> => {
      const spot = createSpot(bob.identity, cid, bytes, { random, sha256 })
      const { nonce, ...value } = spot.check
      const answer = await ask(world, bob, keeper, ['datalease', 'check'], value, nonce)
      return typeof answer === 'string' ? answer : Buffer.from(answer.bytes).equals(spot.expected)
    }
    for (const { signed } of bob.store.chain(bob.identity)) {
      expect(await check(signed.cid, signed.bytes)).toBe(true)
      const content = bob.store.entry(signed.cid)!.content
      const text = bob.store.block(content)
      if (text !== null) expect(await check(content, text)).toBe(true)
    }
    for (const { signed, content } of keeper.peer.store.chain(keeper.peer.identity)) {
      expect(await check(signed.cid, signed.bytes)).toBe('absent')
      const text = keeper.peer.store.block(content)
      if (text !== null) expect(await check(content, text)).toBe('absent')
    }
    expect(await check(parseRawCid(asked.head)!, new Uint8Array(1_000_000))).toBe('range')
  })

  test('[V30] a block ends what was promised', { timeout: 60_000 }, async () => {
    const { world, bob, keeper, asked } = await prepared('blocked')
    await using _ = world
    expect(typeof (await lease(world, bob, keeper, asked))).toBe('object')
    await world.turn(keeper.peer.peer.relate('block', bob.identity, true))
    expect(keeper.peer.store.leases?.feeds()).toEqual([])
    expect(keeper.peer.store.feed(bob.identity)?.watched).toBe(false)
  })
})

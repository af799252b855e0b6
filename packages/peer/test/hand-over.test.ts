/** Two of one pair change the way that they talk over: from a hub's circuit to a straight one, and back. */
import type { Payload } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { handOverMs } from '../src/hand-over.ts'
import type { Connection, Peer } from '../src/peer.ts'
import { createWorld, never, note, soundChain, type TestPeer, texts, type World } from './world.ts'

interface Pair {
  readonly hub: TestPeer
  readonly alice: TestPeer
  readonly bob: TestPeer
  /** Through the hub, kept. */
  readonly relayed: Connection
}

/** Friends whom only a hub connects, and who may have a way without it. */
async function meet(world: World): Promise<Pair> {
  const hub = await world.add('hub', { kind: 'hub', signalling: { carries: () => true } })
  const [alice, bob] = [await world.add('alice'), await world.add('bob')]
  world.network.cut('alice', 'bob')
  for (const { peer } of [alice, bob]) {
    await world.turn(peer.connect(`memory://hub#${hub.identity}`).ready(never))
  }
  await alice.peer.relate('follow', bob.identity, true)
  await bob.peer.relate('follow', alice.identity, true)
  // The hub keeps nothing: what comes through it comes in the session inside.
  const way = `memory://hub?to=${bob.identity}#${hub.identity}`
  const relayed = alice.peer.connect(way)
  const first = bob.peer.connect(`memory://hub?to=${alice.identity}#${hub.identity}`)
  bob.peer.presence.choose({ list: [alice.identity] })
  alice.peer.presence.choose({ list: [bob.identity] })
  await world.turn(relayed.ready(never))
  await world.turn(Promise.resolve(first[Symbol.asyncDispose]()))
  await world.turn(relayed.ready(never))
  await world.until(
    () => texts(alice.store, bob.identity).length > 0 && texts(bob.store, alice.identity).length > 0,
    60_000,
  )
  return { hub, alice, bob, relayed }
}

const wayOf = ({ peer }: TestPeer, other: TestPeer) =>
  peer.status().sessions.find(({ identity }) => identity === other.identity)?.via.type ?? null

const isBy = (type: string, a: TestPeer, b: TestPeer) => () => wayOf(a, b) === type && wayOf(b, a) === type

/** How often each text came, as far as a listener of the store can tell. */
function count(reader: TestPeer, author: TestPeer): Map<string, number> {
  const counts = new Map<string, number>()
  let known = new Set(texts(reader.store, author.identity))
  reader.store.watch(({ feeds }) => {
    if (!feeds.has(author.identity)) return
    const now = texts(reader.store, author.identity)
    for (const text of now) if (!known.has(text)) counts.set(text, (counts.get(text) ?? 0) + 1)
    known = new Set(now)
  })
  return counts
}

const slow = (peer: Peer, answer: Promise<unknown>) =>
  peer.serve({
    name: 'x-slow',
    isFor: ({ trust }) => trust === 'friend',
    methods: {
      ask: async () => {
        await answer
        return { ok: true, value: { value: { answer: 'late' } } }
      },
      now: async () => ({ ok: true, value: { value: { answer: 'now' } } }),
    },
  })

describe('[A13] two of one pair change their way', () => {
  test('[A11] the hub leaves the path, and comes back: 0 entries lost, each once, in both directions', async () => {
    await using world = createWorld('moves')
    const { alice, bob } = await meet(world)
    const counts = [count(alice, bob), count(bob, alice)]
    expect(isBy('relay', alice, bob)()).toBe(true)
    let said = 0
    const expected: [string[], string[]] = [[], []]
    async function talk(times: number): Promise<void> {
      for (let round = 0; round < times; round++) {
        const text = `${++said}`
        await Promise.all([alice.peer.publish(note(`a${text}`)), bob.peer.publish(note(`b${text}`))])
        expected[0].push(`b${text}`)
        expected[1].push(`a${text}`)
        await world.pass(40)
      }
    }
    for (let change = 0; change < 2; change++) {
      await talk(5)
      world.network.heal('alice', 'bob')
      const dialler = change % 2 === 0 ? [alice, bob] : [bob, alice]
      const straight = dialler[0]!.peer.connect(dialler[1]!.address, { chosen: false })
      await talk(10)
      await world.until(isBy('address', alice, bob))
      await talk(5)
      // Without a word: each side finds out by itself.
      if (change % 2 === 0) world.network.lose('alice', 'bob')
      world.network.cut('alice', 'bob')
      await talk(5)
      // Steps of 20 ms take their time.
      await world.clock.advance(50_000)
      await world.turn(Promise.resolve(straight[Symbol.asyncDispose]()))
      await world.until(isBy('relay', alice, bob), 120_000)
    }
    await world.until(
      () =>
        expected[0].every((text) => texts(alice.store, bob.identity).includes(text)) &&
        expected[1].every((text) => texts(bob.store, alice.identity).includes(text)),
      60_000,
    )
    for (const [index, seen] of counts.entries()) {
      expect([...seen].filter(([, times]) => times !== 1)).toEqual([])
      expect([...seen.keys()].toSorted()).toEqual(expected[index]?.toSorted())
    }
    soundChain(alice.store, bob.identity)
    soundChain(bob.store, alice.identity)
  })

  test('a call that is under way is answered in the session where it began; later ones go the new way', async () => {
    await using world = createWorld('call')
    const { alice, bob, relayed } = await meet(world)
    const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    for (const [index, { peer }] of [bob, alice].entries()) slow(peer, answers[index]!.promise)
    const options = { signal: never }
    const asked = [
      alice.peer.call(bob.identity, 'x-slow', 'ask', {}, options),
      bob.peer.call(alice.identity, 'x-slow', 'ask', {}, options),
    ]
    await world.pass(1_000)
    world.network.heal('alice', 'bob')
    await world.turn(alice.peer.connect(bob.address, { chosen: false }).ready(never))
    await world.until(isBy('address', alice, bob))
    await world.pass(2_000)
    const now = await world.turn(alice.peer.call(bob.identity, 'x-slow', 'now', {}, options))
    expect(now).toMatchObject({ ok: true, value: { value: { answer: 'now' } } })
    for (const { resolve } of answers) {
      await world.pass(1_000)
      resolve()
    }
    for (const answer of asked) expect(await world.turn(answer)).toMatchObject({ ok: true })
    await world.pass(1_000)
    expect(
      alice.logged.filter(({ event, fields }) => event === 'session.closed' && fields.code === 'duplicate'),
    ).toHaveLength(1)
    expect(relayed.state.type).toBe('connected')
  })

  test('who answers nothing is waited for so long, and no longer', async () => {
    await using world = createWorld('never')
    const { alice, bob } = await meet(world)
    slow(bob.peer, new Promise(() => {}))
    const asked = alice.peer.call(bob.identity, 'x-slow', 'ask', {}, { signal: never })
    await world.pass(1_000)
    world.network.heal('alice', 'bob')
    await world.turn(alice.peer.connect(bob.address, { chosen: false }).ready(never))
    const beganMs = world.clock.monotonic()
    expect(await world.turn(asked)).toEqual({ ok: false, error: { code: 'cut', retryMs: 0 } })
    expect(world.clock.monotonic() - beganMs).toBeLessThan(handOverMs + 3_000)
    expect(isBy('address', alice, bob)()).toBe(true)
  })

  test('a file that is half here comes whole, and its blocks come once', async () => {
    await using world = createWorld('file', { latencyMs: 20 })
    const { alice, bob } = await meet(world)
    const bytes = createRandom('file').bytes(1_500_000)
    async function* source() {
      for (let at = 0; at < bytes.length; at += 100_000) yield bytes.slice(at, at + 100_000)
    }
    const { root } = await world.turn(bob.peer.addFile(source(), { signal: never }))
    const collection = { type: 'collection', at: 1, root, name: 'a', count: 1, bytes: bytes.length }
    await world.turn(bob.peer.publish(collection as Payload))
    const fetching = alice.peer.fetchBlob(root, { signal: never })
    await world.pass(200)
    world.network.heal('alice', 'bob')
    await world.turn(alice.peer.connect(bob.address, { chosen: false }).ready(never))
    await world.turn(fetching)
    const parts: Uint8Array[] = []
    for await (const part of alice.peer.readFile(root, { signal: never })) parts.push(part)
    expect(new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())).toEqual(bytes)
  })

  test.for([0, 1, 2])(
    'calls of the first moment, both sides dialling at once: none is cut (%d)',
    async (seed) => {
      await using world = createWorld(`first ${seed}`, { latencyMs: 5, jitterMs: 30 })
      const [alice, bob] = [await world.add('alice'), await world.add('bob')]
      const pairs = [
        [alice, bob],
        [bob, alice],
      ] as const
      for (const [one, other] of pairs) {
        one.peer.serve({
          name: 'x-hello',
          isFor: () => true,
          methods: { hello: async () => ({ ok: true, value: { value: {} } }) },
        })
        one.peer.connect(other.address)
      }
      for (const [one, other] of pairs) {
        await world.until(() => one.peer.status().sessions.length > 0)
        const asked = Array.from({ length: 20 }, async (_, index) => {
          await world.clock.advance(0).catch(() => {})
          return [
            index,
            await one.peer.call(other.identity, 'x-hello', 'hello', {}, { signal: never }),
          ] as const
        })
        for (const [, answer] of await world.turn(Promise.all(asked))) expect(answer.ok).toBe(true)
      }
    },
  )
})

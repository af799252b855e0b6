/** Heads that bring their entries along: between honest sides, and from one that does as it likes. */
import { concatBytes, type HeadRecord } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import { createRandom } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import {
  createPeer,
  createWorld,
  createWriter,
  logOf,
  openTestSession,
  type TestPeer,
  testCrypto,
  turning,
  until,
  type World,
  type Writer,
} from '../../test/replication-kit.ts'
import type { Message } from '../messages.ts'
import { readIdentities, writeHeads, writeIdentities } from '../messages-bytes.ts'
import { encodeBatch } from '../replication/batch.ts'
import { createReplicator, type ReplicatorOptions } from '../replication/replicator.ts'
import { createSharing } from '../replication/sharing.ts'

interface Seen {
  readonly message: Message
  readonly bytes: Uint8Array
}

const newer: ReadonlySet<string> = new Set(['resume', 'compare', 'prints', 'list', 'agree'])

/** A peer beside a session that the test speaks itself. */
async function scripted(
  world: World,
  peer: TestPeer,
  name: string,
  options: Partial<ReplicatorOptions> = {},
  answer: (seen: Seen, send: (message: Message, bytes?: Uint8Array) => void) => void = () => {},
) {
  const other = await createPeer(world, name)
  const links = memoryPair()
  const [mine, theirs] = await turning(
    world,
    Promise.all([
      openTestSession(peer, 'dialler', links[0], other.identity),
      openTestSession(other, 'acceptor', links[1], null),
    ]),
  )
  const stop = new AbortController()
  const replicator = createReplicator(mine, {
    store: peer.store,
    crypto: testCrypto,
    verify: testCrypto.verify,
    clock: world.clock,
    log: logOf(peer),
    sharing: createSharing(other.identity, peer.facts),
    isChosen: true,
    shared: peer.replication,
    ...options,
  })
  const running = replicator.run(stop.signal)
  const seen: Seen[] = []
  const send = (message: Message, bytes?: Uint8Array): void => theirs.send(message, bytes)
  const reading = (async () => {
    for await (const received of theirs.receive()) {
      seen.push(received)
      answer(received, send)
      const { message } = received
      // It knows no other way of coming up to date than lists of names.
      if ('id' in message && newer.has(message.type)) {
        send({ type: 'error', re: message.id, code: 'unknown-type', retry: null })
      }
    }
  })()
  return {
    send,
    seen,
    replicator,
    running,
    closed: theirs.closed,
    types: () => seen.map(({ message }) => message.type),
    carried: (on: boolean) =>
      seen.flatMap(({ message, bytes }) =>
        message.type === 'carry' && message.on === on ? (readIdentities(bytes) ?? []) : [],
      ),
    async end() {
      stop.abort()
      await turning(world, Promise.all([running, reading]))
      other[Symbol.dispose]()
    },
  }
}

async function reader() {
  const world = createWorld()
  const bob = await createPeer(world, 'bob')
  const writer = await createWriter('writer')
  bob.watch(writer.identity)
  return { world, bob, writer }
}

/** The news of the last `count` entries. */
async function newsOf(
  writer: Writer,
  texts: readonly string[],
  record: () => HeadRecord = () => writer.record,
) {
  const written = await writer.write(texts)
  const message = {
    type: 'news',
    first: writer.chain.length - texts.length + 1,
    count: texts.length,
  } as const
  return { message, bytes: concatBytes(writeHeads([record()]), encodeBatch(written).bytes), written }
}

const quiet = (world: World, ms = 1_000) => until(world, () => false, ms)

describe('taking', () => {
  test('[G4] entries that come along are verified, stored, shown, and asked for by nobody', async () => {
    const { world, bob, writer } = await reader()
    const author = await scripted(world, bob, 'author')
    await quiet(world, 100)
    for (const texts of [['one'], ['two', 'three'], ['four']]) {
      const { message, bytes } = await newsOf(writer, texts)
      author.send(message, bytes)
      await quiet(world, 100)
    }
    expect(bob.held(writer.identity)).toEqual(writer.chain.map(({ cid }) => cid))
    expect(bob.store.unverifiedCount()).toBe(0)
    expect(author.types()).not.toContain('getfeed')
    await author.end()
  })

  test('[G4] what is lacking below is asked for', async () => {
    const { world, bob, writer } = await reader()
    const author = await scripted(world, bob, 'author')
    await writer.write(['one', 'two', 'three'])
    const { message, bytes } = await newsOf(writer, ['four'])
    author.send(message, bytes)
    await quiet(world, 100)
    expect(bob.held(writer.identity)).toEqual([writer.chain[3]?.cid])
    expect(author.types()).toContain('getfeed')
    await author.end()
  })

  test('[G4] whoever brings second is told not to, once', async () => {
    const { world, bob, writer } = await reader()
    const [first, second] = [await scripted(world, bob, 'first'), await scripted(world, bob, 'second')]
    for (const text of ['one', 'two']) {
      const { message, bytes } = await newsOf(writer, [text])
      first.send(message, bytes)
      await quiet(world, 40)
      second.send(message, bytes)
      await quiet(world, 40)
    }
    expect(second.carried(false)).toEqual([])
    expect(first.carried(true)).toEqual([writer.identity])
    expect(bob.logged.filter(({ event }) => event === 'news.repeated')).toHaveLength(2)
    await first.end()
    await second.end()
  })

  test('[G4] a side that carries by itself is told not to while another does', async () => {
    const { world, bob, writer } = await reader()
    const hub = { isCarried: () => true }
    const [first, second] = [
      await scripted(world, bob, 'first', hub),
      await scripted(world, bob, 'second', hub),
    ]
    const { message, bytes } = await newsOf(writer, ['one'])
    first.send(message, bytes)
    await quiet(world, 40)
    second.send(message, bytes)
    await quiet(world, 40)
    expect(first.types()).not.toContain('carry')
    expect(second.carried(false)).toEqual([writer.identity])
    // The first is gone: the second is asked again when it tells first.
    await first.end()
    const next = await newsOf(writer, ['two'])
    second.send({ type: 'heads', count: 1, online: 0 }, writeHeads([writer.record]))
    expect(next.written).toHaveLength(1)
    await quiet(world, 400)
    expect(second.carried(true)).toEqual([writer.identity])
    await second.end()
  })

  test('[G4] a head told by another waits for its carrier, and is fetched when that brings nothing', async () => {
    const { world, bob, writer } = await reader()
    const [carrier, other] = [await scripted(world, bob, 'carrier'), await scripted(world, bob, 'other')]
    const one = await newsOf(writer, ['one'])
    carrier.send(one.message, one.bytes)
    await quiet(world, 40)
    const two = await newsOf(writer, ['two'])
    other.send({ type: 'heads', count: 1, online: 0 }, writeHeads([writer.record]))
    await quiet(world, 100)
    expect(other.types()).not.toContain('getfeed')
    carrier.send(two.message, two.bytes)
    await quiet(world, 700)
    expect(other.types()).not.toContain('getfeed')
    await writer.write(['three'])
    other.send({ type: 'heads', count: 1, online: 0 }, writeHeads([writer.record]))
    await quiet(world, 700)
    expect(other.types()).toContain('getfeed')
    expect(other.carried(true)).toEqual([writer.identity])
    expect(carrier.carried(false)).toEqual([writer.identity])
    await carrier.end()
    await other.end()
  })

  test('[T18] a feed that was not asked about is neither checked nor stored', async () => {
    const { world, bob } = await reader()
    const stranger = await createWriter('somebody else')
    const other = await scripted(world, bob, 'other')
    const { message, bytes } = await newsOf(stranger, ['unwanted'])
    other.send(message, bytes)
    await quiet(world, 100)
    expect(bob.store.feed(stranger.identity)).toBeNull()
    await other.end()
  })

  test('[H2] [T1] a forged head ends the session, and nothing of it is kept', async () => {
    const { world, bob, writer } = await reader()
    const other = await scripted(world, bob, 'other')
    const forge = (): HeadRecord => ({ ...writer.record, signature: createRandom('forged').bytes(64) })
    const { message, bytes } = await newsOf(writer, ['one'], forge)
    other.send(message, bytes)
    expect((await turning(world, other.closed)).code).toBe('bad-head')
    expect(bob.held(writer.identity)).toEqual([])
    expect(bob.store.feed(writer.identity)?.record).toBeNull()
    await other.end()
    // What it had begun does not keep others from bringing it.
    expect(bob.replication.arriving.size).toBe(0)
  })

  test('[G4] [T29] entries that do not fit the head are dropped: the head counts alone, whatever bytes stand behind it', {
    timeout: 60_000,
  }, async () => {
    const { world, bob, writer } = await reader()
    const other = await scripted(world, bob, 'other')
    const { message, bytes } = await newsOf(writer, ['one', 'two'])
    const headBytes = writeHeads([writer.record]).length
    const random = createRandom('news')
    const broken: Uint8Array[] = []
    for (let length = headBytes + 1; length < bytes.length; length += 7) broken.push(bytes.slice(0, length))
    for (let at = headBytes; at < bytes.length; at += 5) {
      const flipped = bytes.slice()
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.integer(8))
      broken.push(flipped)
    }
    for (let round = 0; round < 20; round++) {
      broken.push(concatBytes(bytes.slice(0, headBytes), random.bytes(1 + random.integer(400))))
    }
    for (const one of broken) other.send(message, one)
    await quiet(world, 200)
    // Nothing that came so was stored; it is asked for, in vain, since nobody answers.
    expect(bob.held(writer.identity)).toEqual([])
    expect(bob.store.feed(writer.identity)?.record?.head).toEqual(writer.record.head)
    other.send(message, bytes)
    await quiet(world, 100)
    expect(bob.held(writer.identity)).toHaveLength(2)
    await other.end()
  })

  test('[G4] a head that cannot be read, or that does not end the entries, ends the session', async () => {
    for (const change of [(bytes: Uint8Array) => bytes.fill(0xff), (bytes: Uint8Array) => bytes]) {
      const { world, bob, writer } = await reader()
      const other = await scripted(world, bob, 'other')
      const { message, bytes } = await newsOf(writer, ['one', 'two'])
      other.send({ ...message, count: 1 }, change(bytes))
      expect((await turning(world, other.closed)).code).toBe('bad-message')
      await other.end()
    }
  })

  test('[G4] only what the policy asks for is kept', async () => {
    const { world, bob, writer } = await reader()
    bob.watch(writer.identity, { depth: { type: 'last', count: 1 } })
    const other = await scripted(world, bob, 'other')
    const { message, bytes } = await newsOf(writer, ['one', 'two', 'three'])
    other.send(message, bytes)
    await quiet(world, 100)
    expect(bob.held(writer.identity)).toEqual([writer.chain[2]?.cid])
    await other.end()
  })
})

describe('telling', () => {
  /** A peer whose other side watches its writer's feed. */
  async function source(options: Partial<ReplicatorOptions> = {}) {
    const world = createWorld()
    const alice = await createPeer(world, 'alice')
    const writer = await createWriter('writer')
    await alice.publish(writer, ['zero'])
    const carries = (identity: string) => identity === writer.identity
    const reading = await scripted(world, alice, 'reader', { carries, ...options })
    reading.send({ type: 'watch', id: 1, count: 1, replace: true }, writeIdentities([writer.identity]))
    reading.send({ type: 'getheads', id: 2, count: 1 }, writeIdentities([writer.identity]))
    await quiet(world, 200)
    reading.seen.length = 0
    return { world, alice, writer, reading }
  }

  const told = (seen: readonly Seen[]) =>
    seen.flatMap(({ message }) => (message.type === 'heads' || message.type === 'news' ? [message] : []))

  test('[R1] [G4] the first after a silence goes at once, with its entry; what follows goes together', async () => {
    const { world, alice, writer, reading } = await source()
    await alice.publish(writer, ['one'])
    await until(world, () => false, 20)
    expect(told(reading.seen)).toEqual([{ type: 'news', first: 2, count: 1 }])
    await alice.publish(writer, ['two'])
    await alice.publish(writer, ['three'])
    await until(world, () => false, 40)
    expect(told(reading.seen)).toHaveLength(1)
    await quiet(world, 200)
    expect(told(reading.seen).slice(1)).toEqual([{ type: 'news', first: 3, count: 2 }])
    await reading.end()
  })

  test('[G4] who does not want it, or never asked for it, is told the head alone', async () => {
    const { world, alice, writer, reading } = await source()
    const list = writeIdentities([writer.identity])
    reading.send({ type: 'carry', on: false, count: 1 }, list)
    await quiet(world, 40)
    await alice.publish(writer, ['one'])
    await quiet(world, 200)
    reading.send({ type: 'carry', on: true, count: 1 }, list)
    await quiet(world, 40)
    await alice.publish(writer, ['two'])
    await quiet(world, 200)
    expect(told(reading.seen).map(({ type }) => type)).toEqual(['heads', 'news'])
    await reading.end()
  })

  test('[G4] what is large, or many, is told alone', async () => {
    const { world, alice, writer, reading } = await source()
    await alice.publish(writer, [{ text: 'x'.repeat(18_000), detached: true }, 'y'.repeat(12_000)])
    await alice.publish(writer, ['z'.repeat(12_000)])
    await quiet(world, 200)
    await alice.publish(
      writer,
      Array.from({ length: 17 }, (_, index) => `note ${index}`),
    )
    await quiet(world, 200)
    expect(told(reading.seen).map(({ type }) => type)).toEqual(['heads', 'heads'])
    await reading.end()
  })

  test('[G4] [T18] feeds that are not watched are not remembered', async () => {
    const { world, reading } = await source()
    const others = await Promise.all(Array.from({ length: 3 }, (_, index) => createWriter(`other ${index}`)))
    reading.send(
      { type: 'carry', on: true, count: 3 },
      writeIdentities(others.map(({ identity }) => identity)),
    )
    await quiet(world, 40)
    expect(reading.types()).not.toContain('bye')
    await reading.end()
  })

  test('[G2] [G3] of many changes at once the deepest deficit is told first, and all in the end', async () => {
    const world = createWorld()
    const alice = await createPeer(world, 'alice')
    const writers = await Promise.all(Array.from({ length: 150 }, (_, index) => createWriter(`w ${index}`)))
    const { identity: deepest } = writers[140] as Writer
    const reading = await scripted(world, alice, 'reader')
    reading.send(
      { type: 'watch', id: 1, count: 150, replace: true },
      writeIdentities(writers.map(({ identity }) => identity)),
    )
    await quiet(world, 200)
    for (const [index, writer] of writers.entries()) {
      await writer.write(Array.from({ length: index === 140 ? 9 : 1 + (index % 3) }, () => 'note'))
    }
    for (const writer of writers) {
      alice.store.appendOwn(
        writer.chain.map((entry) => ({ entry, body: null })),
        writer.record,
      )
    }
    await quiet(world, 30)
    const first = reading.seen.findLast(({ message }) => message.type === 'heads') as Seen
    expect(first.message).toMatchObject({ count: 100 })
    expect(writeIdentities([deepest])).toEqual(first.bytes.slice(0, 32))
    await quiet(world, 400)
    const counts = told(reading.seen).map((message) => message.count)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(150)
    await reading.end()
  })
})

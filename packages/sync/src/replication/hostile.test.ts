/** One honest peer against an end of a session that does as it likes. */
import { type Identity, rawCid, utf8 } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import type { ServedEntry } from '@effigy/store'
import { createRandom, settle } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import {
  connect,
  createPeer,
  createWorld,
  createWriter,
  openTestSession,
  replicatorOf,
  sha256,
  type TestPeer,
  turning,
  until,
  type World,
  type Writer,
} from '../../test/replication-kit.ts'
import type { GetFeed, Message } from '../messages.ts'
import { writeHeads } from '../messages-bytes.ts'
import type { Session } from '../session.ts'
import { encodeBatch } from './batch.ts'

/** Answers what it is asked; the rest of the session is silence. */
type Answer = (message: Message, bytes: Uint8Array, session: Session) => void

async function against(world: World, peer: TestPeer, mallory: TestPeer, answer: Answer) {
  const links = memoryPair()
  const [ours, theirs] = await turning(
    world,
    Promise.all([
      openTestSession(peer, 'dialler', links[0], mallory.identity),
      openTestSession(mallory, 'acceptor', links[1], null),
    ]),
  )
  const replicator = replicatorOf(peer, ours)
  const running = replicator.run(new AbortController().signal)
  const answering = (async () => {
    for await (const { message, bytes } of theirs.receive()) answer(message, bytes, theirs)
  })()
  const codes: string[] = []
  void theirs.closed.then(({ code }) => codes.push(code))
  return { replicator, running, answering, theirs, codes }
}

/** Tells the head of a feed, then answers `getfeed` with `batches`. */
const serving =
  (writer: Writer, give: (request: GetFeed, session: Session) => void): Answer =>
  (message, _bytes, session) => {
    if (message.type === 'getheads') {
      const { id } = message
      session.send({ type: 'lastknownheads', re: id, end: true, count: 1 }, writeHeads([writer.record]))
    } else if (message.type === 'getfeed') {
      give(message, session)
    }
  }

async function world3(letters = 0) {
  const world = createWorld()
  const bob = await createPeer(world, 'bob')
  const mallory = await createPeer(world, 'mallory')
  const writer = await createWriter('writer')
  const written = await writer.write(
    Array.from({ length: 30 }, (_, index) => `note ${index}${'.'.repeat(letters)}`),
  )
  bob.watch(writer.identity)
  return { world, bob, mallory, writer, written }
}

describe('feeds', () => {
  test('[H2] [R2] [T1] a forged head ends the session of its sender and changes nothing', async () => {
    const { world, bob, mallory, writer } = await world3()
    const { head } = writer.record
    const forged = { head: { ...head, length: head.length + 1 }, signature: writer.record.signature }
    const { running, codes } = await against(world, bob, mallory, (message, _bytes, session) => {
      if (message.type === 'getheads') {
        session.send({ type: 'lastknownheads', re: message.id, end: true, count: 1 }, writeHeads([forged]))
      }
    })
    await turning(world, running)
    expect(codes).toEqual(['bad-head'])
    expect(bob.store.feed(writer.identity)?.record).toBeNull()
  })

  test('[R6] garbage is asked for once more verbatim, then the session ends; others go on', async () => {
    const { world, bob, mallory, writer, written } = await world3()
    const honest = await createPeer(world, 'honest')
    const random = createRandom('garbage')
    const asked: boolean[] = []
    const { running, codes } = await against(
      world,
      bob,
      mallory,
      serving(writer, ({ id, verbatim }, session) => {
        asked.push(verbatim)
        session.send({ type: 'feed', re: id, base: 0, total: 30 })
        session.send({ type: 'batch', re: id, end: true, first: 1, count: 30 }, random.bytes(4_000))
      }),
    )
    await turning(world, running)
    expect(asked).toEqual([false, true])
    expect(codes).toEqual(['bad-batch'])
    expect(bob.held(writer.identity)).toEqual([])
    honest.store.appendOwn(written, writer.record)
    const { end } = await connect(bob, honest)
    expect(await until(world, () => bob.held(writer.identity).length === 30)).toBe(true)
    await end()
  })

  test('[R6] a batch that is only wrong in its shortcuts is made good verbatim', async () => {
    const { world, bob, mallory, writer, written } = await world3()
    const { codes, theirs } = await against(
      world,
      bob,
      mallory,
      serving(writer, ({ id, verbatim }, session) => {
        const { bytes } = encodeBatch(written, { verbatim })
        if (!verbatim) bytes[bytes.length - 1]! ^= 1
        session.send({ type: 'feed', re: id, base: 0, total: 30 })
        session.send({ type: 'batch', re: id, end: true, first: 1, count: 30 }, bytes)
      }),
    )
    expect(await until(world, () => bob.held(writer.identity).length === 30)).toBe(true)
    await turning(world, theirs.end('done'))
    expect(codes).toEqual(['done'])
  })

  test.for([
    ['another place', { first: 2, count: 29 }],
    ['more entries than announced', { first: 1, count: 30, total: 29 }],
    ['entries below the base', { first: 1, count: 30, base: 1 }],
  ] as const)('[R4] %s: the session ends', async ([, given]) => {
    const { world, bob, mallory, writer, written } = await world3()
    const {
      first,
      count,
      total = 30,
      base = 0,
    } = given as { first: number; count: number; total?: number; base?: number }
    const { running, codes } = await against(
      world,
      bob,
      mallory,
      serving(writer, ({ id }, session) => {
        session.send({ type: 'feed', re: id, base, total })
        session.send(
          { type: 'batch', re: id, end: true, first, count },
          encodeBatch(written.slice(0, count)).bytes,
        )
      }),
    )
    await turning(world, running)
    expect(codes[0]).toMatch(/^bad-(batch|message)$/)
    expect(bob.held(writer.identity)).toEqual([])
  })

  test.for([
    ['before anything of it came', 0],
    ['with a part of it here', 1],
  ] as const)('[S14] a feed left %s: what still comes is dropped, whoever sends it', async ([, before]) => {
    // More than the least window: what has come may wait.
    const { world, bob, mallory, writer, written } = await world3(6_000)
    const ids: number[] = []
    const cancelled: number[] = []
    const { theirs, codes } = await against(world, bob, mallory, (message, bytes, session) => {
      if (message.type === 'cancel') cancelled.push(message.id)
      serving(writer, ({ id }) => ids.push(id))(message, bytes, session)
    })
    const give = (id: number, first: number, last: number): void => {
      const { bytes } = encodeBatch(written.slice(first - 1, last))
      theirs.send({ type: 'batch', re: id, end: first === 1, first, count: last - first + 1 }, bytes)
    }
    expect(await until(world, () => ids.length === 1)).toBe(true)
    const id = ids[0] as number
    theirs.send({ type: 'feed', re: id, base: 0, total: 30 })
    if (before > 0) give(id, 31 - before, 30)
    expect(await until(world, () => bob.held(writer.identity).length === before)).toBe(true)
    if (before > 0) {
      // It waits for others to be stored with when the feed is left.
      give(id, 26 - before, 30 - before)
      for (let turn = 0; turn < 50; turn++) await settle()
      expect(bob.held(writer.identity).length).toBe(before)
    }
    bob.store.watchFeed(writer.identity, null)
    if (before === 0) bob.store.forget(writer.identity)
    expect(await until(world, () => cancelled.includes(id))).toBe(true)
    give(id, 1, before > 0 ? 25 - before : 30)
    await until(world, () => false, 1_000)
    expect(bob.held(writer.identity).length).toBe(before)
    expect(codes).toEqual([])
    // Wanted again it is asked for again.
    bob.watch(writer.identity)
    expect(await until(world, () => ids.length === 2)).toBe(true)
    theirs.send({ type: 'feed', re: ids[1] as number, base: 0, total: 30 - before })
    give(ids[1] as number, 1, 30 - before)
    expect(await until(world, () => bob.held(writer.identity).length === 30)).toBe(true)
    await turning(world, theirs.end('done'))
  })

  /** Gives all thirty, newest first, whatever was asked for. */
  const givingAll = (writer: Writer, written: readonly ServedEntry[], asked: number[]): Answer =>
    serving(writer, ({ id }, session) => {
      asked.push(id)
      session.send({ type: 'feed', re: id, base: 0, total: 30 })
      for (const first of [21, 11, 1]) {
        const { bytes } = encodeBatch(written.slice(first - 1, first + 9))
        session.send({ type: 'batch', re: id, end: first === 1, first, count: 10 }, bytes)
      }
    })

  test('[R6] [S15] more than the newest five that were asked for: the session ends, nothing is kept', async () => {
    const { world, bob, mallory, writer, written } = await world3()
    bob.watch(writer.identity, { depth: { type: 'last', count: 5 } })
    const { running, codes } = await against(world, bob, mallory, givingAll(writer, written, []))
    await turning(world, running)
    expect(codes).toEqual(['bad-message'])
    expect(bob.held(writer.identity)).toEqual([])
  })

  test('[R6] what is older than was asked for is dropped, and not asked for for ever', async () => {
    const { world, bob, mallory, writer, written } = await world3()
    const newest = written.slice(25).map(({ entry }) => entry)
    const comparable = newest[0]?.entry.comparable as number
    bob.watch(writer.identity, { depth: { type: 'since', comparable } })
    const asked: number[] = []
    const { theirs, codes } = await against(world, bob, mallory, givingAll(writer, written, asked))
    expect(await until(world, () => bob.held(writer.identity).length > 0)).toBe(true)
    await until(world, () => false, 2_000)
    expect(bob.held(writer.identity)).toEqual(newest.map(({ cid }) => cid))
    expect(asked.length).toBeLessThan(4)
    await turning(world, theirs.end('done'))
    expect(codes).toEqual(['done'])
  })

  test('[F10] a false base hides nothing without the new chain, and is made good with it', async () => {
    const world = createWorld()
    const bob = await createPeer(world, 'bob')
    const alice = await createPeer(world, 'alice')
    const mallory = await createPeer(world, 'mallory')
    const writer = await createWriter('writer')
    await alice.publish(
      writer,
      Array.from({ length: 40 }, (_, index) => `note ${index}`),
    )
    bob.watch(writer.identity)
    const first = await connect(bob, alice)
    expect(await until(world, () => bob.held(writer.identity).length === 40)).toBe(true)
    await first.end()
    await alice.publishRebase(writer, new Map([[30, { type: 'delete' }]]))
    const { theirs } = await against(
      world,
      bob,
      mallory,
      serving(writer, ({ id }, session) => session.send({ type: 'feed', re: id, base: 0, total: 39 })),
    )
    await until(world, () => false, 2_000)
    expect(bob.held(writer.identity).length).toBe(40)
    await turning(world, theirs.end('done'))
    const second = await connect(bob, alice)
    expect(await until(world, () => bob.store.feed(writer.identity)?.heldCount === 39)).toBe(true)
    expect(bob.held(writer.identity)).toEqual(writer.chain.map(({ cid }) => cid))
    await second.end()
  })

  test('[F10] a base too high keeps nothing that the new chain has not', async () => {
    const world = createWorld()
    const bob = await createPeer(world, 'bob')
    const alice = await createPeer(world, 'alice')
    const mallory = await createPeer(world, 'mallory')
    const writer = await createWriter('writer')
    await alice.publish(
      writer,
      Array.from({ length: 40 }, (_, index) => `note ${index}`),
    )
    bob.watch(writer.identity)
    const first = await connect(bob, alice)
    expect(await until(world, () => bob.held(writer.identity).length === 40)).toBe(true)
    await first.end()
    await alice.publishRebase(writer, new Map([[10, { type: 'delete' }]]))
    const served = writer.chain.slice(30).map((entry) => ({ entry, body: null }))
    const { theirs } = await against(
      world,
      bob,
      mallory,
      serving(writer, ({ id }, session) => {
        session.send({ type: 'feed', re: id, base: 30, total: 9 })
        session.send({ type: 'batch', re: id, end: true, first: 31, count: 9 }, encodeBatch(served).bytes)
      }),
    )
    await until(world, () => false, 1_000)
    await turning(world, theirs.end('done'))
    const second = await connect(bob, alice)
    expect(await until(world, () => bob.store.feed(writer.identity)?.heldCount === 39)).toBe(true)
    expect(bob.held(writer.identity)).toEqual(writer.chain.map(({ cid }) => cid))
    expect(bob.store.feed(writer.identity)?.broken).toBeNull()
    await second.end()
  })

  test('[T16] more than its window ends the session', async () => {
    const { world, bob, mallory } = await world3()
    const writer = await createWriter('large')
    const text = 'x'.repeat(10_000)
    const written = await writer.write(Array.from({ length: 40 }, () => text))
    // What the head claims decides how much may come.
    const { head, signature } = writer.record
    expect(head.bytes).toBeGreaterThan(400_000)
    bob.watch(writer.identity)
    const { codes, replicator } = await against(world, bob, mallory, (message, _bytes, session) => {
      if (message.type === 'getheads') {
        const heads = writeHeads([{ head, signature }])
        session.send({ type: 'lastknownheads', re: message.id, end: true, count: 1 }, heads)
      } else if (message.type === 'getfeed') {
        expect(message.window).toBeLessThanOrEqual(1024 * 1024)
        const { id } = message
        session.send({ type: 'feed', re: id, base: 0, total: 40 })
        for (let round = 0; round < 3; round++) {
          session.send({ type: 'batch', re: id, end: false, first: 1, count: 40 }, encodeBatch(written).bytes)
        }
      }
    })
    await until(world, () => codes.length > 0)
    expect(codes).toEqual(['bad-batch'])
    expect(replicator.status().upToDate).toBe(false)
  })
})

describe('when to try again', () => {
  test('[M2] [T16] who is told to wait for 285,000 years asks after a minute, and holds nothing of a session that is over', async () => {
    const { world, bob, mallory } = await world3()
    const before = world.clock.pending()
    let asked = 0
    const { running, theirs } = await against(world, bob, mallory, (message, _bytes, session) => {
      if (message.type !== 'getheads') return
      asked++
      session.send({ type: 'error', re: message.id, code: 'busy', retry: Number.MAX_SAFE_INTEGER })
    })
    expect(await until(world, () => asked === 1)).toBe(true)
    await world.clock.advance(59_000)
    expect(asked).toBe(1)
    expect(await until(world, () => asked === 2, 2_000)).toBe(true)
    await turning(world, theirs.end('done'))
    await turning(world, running)
    expect(world.clock.pending()).toBe(before)
  })
})

describe('requests', () => {
  const nobody = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK' as Identity

  test.for(['getfeed', 'getheads', 'watch', 'iwant', 'getblob', 'getentry'] as const)(
    '[T16] a flood of %s is answered or refused, within bounds',
    async (type) => {
      const { world, bob, mallory } = await world3()
      const { theirs, codes } = await against(world, bob, mallory, () => {})
      const { identityKey, cidBytes } = await import('@effigy/core')
      const cid = cidBytes(rawCid(utf8('nothing'), sha256))
      const key = identityKey(nobody)
      for (let id = 1; id <= 3_000 && codes.length === 0; id++) {
        if (type === 'getfeed') {
          const rest = { limit: null, since: null, window: 65_536, bodies: true, verbatim: false }
          theirs.send({ type, id, length: 0, ...rest }, Uint8Array.of(...key, ...cid))
        } else if (type === 'getblob') theirs.send({ type, id, maxsize: 9, offset: 0, length: null }, cid)
        else if (type === 'iwant') theirs.send({ type, id, count: 1, keyed: false }, cid)
        else if (type === 'getentry') theirs.send({ type, id, count: 1 }, cid)
        else if (type === 'watch') theirs.send({ type, id, count: 1, replace: false }, key)
        else theirs.send({ type, id, count: 1 }, key)
        if (id % 100 === 0) await until(world, () => false, 20)
      }
      expect(codes).toEqual([])
      await turning(world, theirs.end('done'))
    },
  )
})

/** Feeds under contention: slow sources, huge feeds beside small ones, cuts, and feeds that are broken (spec R3, R10, R11). */
import {
  createByteWriter,
  type HeadRecord,
  type Identity,
  identityOfKey,
  rawCid,
  type SignedEntry,
  signHead,
  utf8,
} from '@effigy/core'
import { memoryPair } from '@effigy/links'
import type { ServedEntry } from '@effigy/store'
import { createRandom, testSeed } from '@effigy/testkit'
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
  testCrypto,
  turning,
  until,
  type World,
} from '../../test/replication-kit.ts'
import type { GetFeed, Message } from '../messages.ts'
import { writeCids, writeHeads } from '../messages-bytes.ts'
import type { Session } from '../session.ts'
import { encodeBatch, flag } from './batch.ts'
import { fixtureChain, notePlans } from './feed-fixture.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `note ${index}`)

type Answer = (message: Message, bytes: Uint8Array, session: Session) => void

/** A session with an end that does as it likes. */
async function against(world: World, peer: TestPeer, name: string, answer: Answer) {
  const mallory = await createPeer(world, name)
  const links = memoryPair()
  const [ours, theirs] = await turning(
    world,
    Promise.all([
      openTestSession(peer, 'dialler', links[0], mallory.identity),
      openTestSession(mallory, 'acceptor', links[1], null),
    ]),
  )
  const running = replicatorOf(peer, ours).run(new AbortController().signal)
  running.catch(() => {})
  const cancelled: number[] = []
  const codes: string[] = []
  void theirs.closed.then(({ code }) => codes.push(code))
  const answering = (async () => {
    for await (const { message, bytes } of theirs.receive()) {
      if (message.type === 'cancel') cancelled.push(message.id)
      answer(message, bytes, theirs)
    }
  })()
  return {
    cancelled,
    /** How the session ended. */
    codes,
    async end() {
      await theirs.end('done')
      await turning(world, Promise.all([running, answering]))
      mallory[Symbol.dispose]()
    },
  }
}

const tells =
  (
    records: readonly HeadRecord[],
    give: (request: GetFeed, session: Session, bytes: Uint8Array) => void,
  ): Answer =>
  (message, bytes, session) => {
    if (message.type === 'getheads') {
      const { id } = message
      session.send({ type: 'lastknownheads', re: id, end: true, count: records.length }, writeHeads(records))
    } else if (message.type === 'getfeed') give(message, session, bytes)
  }

describe('several sources', () => {
  test('[R10] [T16] a source that trickles gives way to another, and what it gave stays', async () => {
    const world = createWorld()
    using bob = await createPeer(world, 'bob')
    using honest = await createPeer(world, 'honest')
    const writer = await createWriter('writer')
    const written = await writer.write(numbered(900))
    honest.store.appendOwn(written, writer.record)
    bob.watch(writer.identity)
    let given = 0
    const trickle = await against(
      world,
      bob,
      'mallory',
      tells([writer.record], ({ id }, session) => {
        session.send({ type: 'feed', re: id, base: 0, total: 900 })
        const more = (): void => {
          const at = 899 - given++
          const { bytes } = encodeBatch([written[at] as ServedEntry])
          session.send({ type: 'batch', re: id, end: false, first: at + 1, count: 1 }, bytes)
          if (given < 60) world.clock.after(1_000, more)
        }
        more()
      }),
    )
    expect(await until(world, () => (bob.store.feed(writer.identity)?.heldCount ?? 0) > 2)).toBe(true)
    const { end } = await connect(bob, honest)
    const startMs = world.clock.monotonic()
    expect(await until(world, () => bob.store.feed(writer.identity)?.heldCount === 900)).toBe(true)
    expect(world.clock.monotonic() - startMs).toBeLessThan(12_000)
    expect(trickle.cancelled.length).toBe(1)
    await end()
    await trickle.end()
  })

  test('[R10] [T16] of a silent source the feeds wait their turn again, and another brings them', async () => {
    const world = createWorld()
    using bob = await createPeer(world, 'bob')
    using honest = await createPeer(world, 'honest')
    const writer = await createWriter('writer')
    honest.store.appendOwn(await writer.write(numbered(20)), writer.record)
    bob.watch(writer.identity)
    let asked = 0
    const silent = await against(
      world,
      bob,
      'mallory',
      tells([writer.record], () => {
        asked++
      }),
    )
    expect(await until(world, () => asked === 1)).toBe(true)
    const { end } = await connect(bob, honest)
    expect(await until(world, () => bob.store.feed(writer.identity)?.heldCount === 20)).toBe(true)
    expect(silent.cancelled.length).toBe(1)
    await end()
    await silent.end()
  })

  test('[R10] [T6] two silent sources, met first, do not keep a feed from an honest one', async () => {
    const world = createWorld()
    using bob = await createPeer(world, 'bob')
    using honest = await createPeer(world, 'honest')
    const writer = await createWriter('writer')
    honest.store.appendOwn(await writer.write(numbered(20)), writer.record)
    bob.watch(writer.identity)
    const asked: string[] = []
    const silent = []
    for (const name of ['one', 'two']) {
      silent.push(
        await against(
          world,
          bob,
          name,
          tells([writer.record], () => asked.push(name)),
        ),
      )
    }
    expect(await until(world, () => asked.length === 1)).toBe(true)
    const { end } = await connect(bob, honest)
    expect(await until(world, () => bob.store.feed(writer.identity)?.heldCount === 20, 40_000)).toBe(true)
    expect(asked).toEqual(['one', 'two'])
    await end()
    for (const one of silent) await one.end()
  })
})

describe('many feeds', () => {
  test('[R10] thirty large feeds do not keep sixty small ones waiting for their end', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob', { verifies: false })
    const random = createRandom('large and small')
    const identities: Identity[] = []
    for (let index = 0; index < 90; index++) {
      const signer = await testCrypto.signer(random.bytes(32))
      const identity = identityOfKey(signer.publicKey)
      const chain = fixtureChain(random, sha256, identity, notePlans(random, index < 30 ? 120 : 1))
      const { cid, entry } = (chain.at(-1) as ServedEntry).entry
      const { length, comparable } = entry
      const bytes = length * 700
      alice.store.appendOwn(
        chain,
        await signHead({ identity, epoch: 1, length, comparable, bytes, head: cid }, signer),
      )
      identities.push(identity)
    }
    const served: Identity[] = []
    const serve = alice.store.serve
    alice.store.serve = (identity, from, options) => {
      served.push(identity)
      return serve(identity, from, options)
    }
    for (const identity of identities) bob.watch(identity)
    const { end } = await connect(bob, alice, memoryPair({ latency: { clock: world.clock, ms: 40 } }))
    const isHere = (identity: Identity, count: number): boolean =>
      bob.store.feed(identity)?.heldCount === count
    expect(
      await until(world, () => identities.every((identity, at) => isHere(identity, at < 30 ? 120 : 1))),
    ).toBe(true)
    const started = identities.map((identity) => served.indexOf(identity))
    const lastLarge = Math.max(...started.slice(0, 30))
    // All large ones were there first, and lack more: all the same a third of the turns is for the small.
    expect(started.slice(30).filter((at) => at < lastLarge).length).toBeGreaterThan(10)
    await end()
  })

  test('[R3] after cuts nothing is fetched again that is here', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const writer = await createWriter('writer')
    await alice.publish(writer, numbered(5_000))
    bob.watch(writer.identity)
    const served: number[] = []
    const serve = alice.store.serve
    alice.store.serve = (identity, from, options) => {
      const entries = serve(identity, from, options)
      served.push(...entries.map(({ entry }) => entry.entry.length))
      return entries
    }
    const heldCount = (): number => bob.store.feed(writer.identity)?.heldCount ?? 0
    for (let cuts = 0; heldCount() < 5_000; cuts++) {
      const { cut } = await connect(bob, alice, memoryPair({ latency: { clock: world.clock, ms: 20 } }))
      const before = heldCount()
      // What was on its way is lost with the line; what came is not.
      const inTransit = served.length
      await until(world, () => heldCount() >= Math.min(5_000, before + 1_000))
      await cut()
      const again = served.slice(inTransit).filter((length) => length > 5_000 - before)
      expect(again).toEqual([])
      expect(cuts).toBeLessThan(20)
    }
  })
})

/** Whole entries, whatever they are. */
function verbatimBatch(comparable: number, entries: readonly Uint8Array[]): Uint8Array {
  const writer = createByteWriter(1024)
  writer.varint(comparable)
  for (const bytes of entries) {
    writer.byte(flag.verbatim)
    writer.varint(bytes.length)
    writer.bytes(bytes)
  }
  return writer.take()
}

describe('broken feeds', () => {
  /** Three entries, and what the owner signs over other bytes in place of the third. */
  async function threeWith(replace: (third: SignedEntry) => Uint8Array) {
    const writer = await createWriter('writer')
    const written = await writer.write(numbered(3))
    const third = (written[2] as ServedEntry).entry
    const bytes = replace(third)
    const cid = rawCid(bytes, sha256)
    const signer = await testCrypto.signer(testSeed('writer'))
    const record = await signHead({ ...writer.record.head, head: cid }, signer)
    const below = written.slice(0, 2).map(({ entry }) => entry.bytes)
    const { comparable } = (written[0] as ServedEntry).entry.entry
    return { identity: writer.identity, written, record, cid, bytes, below, comparable }
  }

  const misspelt = ({ bytes }: SignedEntry): Uint8Array =>
    utf8(new TextDecoder().decode(bytes).replace('"length":3', '"length": 3'))
  const misSigned = ({ bytes }: SignedEntry): Uint8Array => {
    const text = new TextDecoder().decode(bytes)
    return utf8(`${text.slice(0, -86)}${'A'.repeat(86)}`)
  }

  test('[F7] [R6] an entry that nobody can read, tied to the head, marks the feed and not the source', async () => {
    const world = createWorld()
    using bob = await createPeer(world, 'bob')
    const { identity, record, cid, bytes, below, comparable } = await threeWith(misspelt)
    bob.watch(identity)
    const source = await against(
      world,
      bob,
      'mallory',
      tells([record], ({ id }, session) => {
        session.send({ type: 'feed', re: id, base: 0, total: 3 })
        const batch = verbatimBatch(comparable, [...below, bytes])
        session.send({ type: 'batch', re: id, end: true, first: 1, count: 3 }, batch)
      }),
    )
    expect(await until(world, () => bob.store.feed(identity)?.broken != null)).toBe(true)
    expect(bob.store.feed(identity)?.broken).toEqual({ length: 3, code: 'encoding', cid })
    expect(source.codes).toEqual([])
    await source.end()
  })

  test('[F7] [T5] what is not tied to the head marks nothing, however unreadable', async () => {
    const world = createWorld()
    using bob = await createPeer(world, 'bob')
    const { identity, written, bytes, below, comparable } = await threeWith(misspelt)
    const writer = await createWriter('writer')
    await writer.write(numbered(3))
    bob.watch(identity)
    const source = await against(
      world,
      bob,
      'mallory',
      tells([writer.record], ({ id }, session) => {
        session.send({ type: 'feed', re: id, base: 0, total: 3 })
        const batch = verbatimBatch(comparable, [...below, bytes])
        session.send({ type: 'batch', re: id, end: true, first: 1, count: 3 }, batch)
      }),
    )
    expect(await until(world, () => source.codes.length > 0)).toBe(true)
    expect(source.codes).toEqual(['bad-batch'])
    expect(bob.store.feed(identity)?.broken).toBeNull()
    expect(written.length).toBe(3)
    await source.end()
  })

  test.for([
    ['unreadable', misspelt, 'encoding'],
    ['with a false signature', misSigned, 'signature'],
  ] as const)('[R11] brokenat names the head: asked for, %s, marked', async ([, replace, code]) => {
    const world = createWorld()
    using bob = await createPeer(world, 'bob')
    const { identity, record, cid, bytes } = await threeWith(replace)
    bob.watch(identity)
    const source = await against(world, bob, 'mallory', (message, asked, session) => {
      if (message.type === 'getentry')
        session.send({ type: 'entries', re: message.id, end: true, sizes: [bytes.length] }, bytes)
      tells([record], ({ id }) =>
        session.send({ type: 'brokenat', re: id, end: true, length: 3, code }, writeCids([cid])),
      )(message, asked, session)
    })
    expect(await until(world, () => bob.store.feed(identity)?.broken != null)).toBe(true)
    expect(bob.store.feed(identity)?.broken).toEqual({ length: 3, code, cid })
    await source.end()
  })

  test('[R11] [T5] a false hint changes nothing: about what is held, about what is not tied, about a sound entry', async () => {
    const world = createWorld()
    using bob = await createPeer(world, 'bob')
    using honest = await createPeer(world, 'honest')
    const writer = await createWriter('writer')
    const written = await writer.write(numbered(10))
    honest.store.appendOwn(written, writer.record)
    bob.watch(writer.identity)
    const forged = misSigned((written[4] as ServedEntry).entry)
    const hints = [rawCid(forged, sha256), writer.record.head.head, (written[4] as ServedEntry).entry.cid]
    for (const [index, hint] of hints.entries()) {
      const liar = await against(world, bob, `liar ${index}`, (message, asked, session) => {
        const top = (written[9] as ServedEntry).entry.bytes
        const given = hint === writer.record.head.head ? top : forged
        if (message.type === 'getentry')
          session.send({ type: 'entries', re: message.id, end: true, sizes: [given.length] }, given)
        tells([writer.record], ({ id }) =>
          session.send(
            { type: 'brokenat', re: id, end: true, length: 5, code: 'signature' },
            writeCids([hint]),
          ),
        )(message, asked, session)
      })
      await until(world, () => false, 500)
      expect(bob.store.feed(writer.identity)?.broken).toBeNull()
      await liar.end()
    }
    const { end } = await connect(bob, honest)
    expect(await until(world, () => bob.store.feed(writer.identity)?.heldCount === 10)).toBe(true)
    await end()
  })

  test('[R9] [R11] a peer that found the break shows it to who asks', async () => {
    const world = createWorld()
    using alice = await createPeer(world, 'alice')
    using bob = await createPeer(world, 'bob')
    const { identity, record, cid, below, bytes, comparable } = await threeWith(misSigned)
    for (const peer of [alice, bob]) peer.watch(identity)
    const owner = await against(
      world,
      alice,
      'owner',
      tells([record], ({ id }, session) => {
        session.send({ type: 'feed', re: id, base: 0, total: 3 })
        const batch = verbatimBatch(comparable, [...below, bytes])
        session.send({ type: 'batch', re: id, end: true, first: 1, count: 3 }, batch)
      }),
    )
    expect(await until(world, () => alice.store.feed(identity)?.broken != null)).toBe(true)
    await owner.end()
    const { end } = await connect(bob, alice)
    expect(await until(world, () => bob.store.feed(identity)?.broken != null)).toBe(true)
    expect(bob.store.feed(identity)?.broken).toEqual({ length: 3, code: 'signature', cid })
    await end()
  })
})

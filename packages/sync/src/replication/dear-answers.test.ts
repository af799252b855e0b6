/** Frames of some bytes whose answers cost us much (T16): each is bounded for one session. */
import { type Cid, concatBytes, identityKey, rawCid } from '@effigy/core'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createPeer, createWorld, createWriter, sha256 } from '../../test/replication-kit.ts'
import type { Message } from '../messages.ts'
import { writeCids } from '../messages-bytes.ts'
import { createBlobSource } from './blob-source.ts'
import { createFeedSource } from './feed-source.ts'
import { formerLimits } from './moved.ts'

const everything = {
  feed: () => true,
  blob: () => true,
  trustsWants: true,
  reconciles: true,
  withheld: new Set<never>(),
  scope: '',
  maxWatched: 1,
}

/** What was sent, by kind or code. */
function wire() {
  const sent: string[] = []
  const note = (message: Message): void => void sent.push('code' in message ? message.code : message.type)
  return { sent, effects: { send: note, wake() {}, end: (code: string) => void sent.push(`end ${code}`) } }
}

function blobs() {
  const clock = createFakeClock()
  const blocks = new Map(
    [1, 2].map((fill) => {
      const bytes = new Uint8Array(100_000).fill(fill)
      return [rawCid(bytes, sha256) as Cid, bytes] as const
    }),
  )
  const reads = { blocks: 0, names: 0 }
  const { sent, effects } = wire()
  const source = createBlobSource({
    store: {
      block(cid) {
        reads.blocks++
        return blocks.get(cid)?.slice() ?? null
      },
      blockSize: (cid) => blocks.get(cid)?.length ?? null,
      hasBlock: (cid) => blocks.has(cid),
      heldRoots: () => [],
      rootsAbove: () => [],
    },
    clock,
    sharing: everything,
    effects: { ...effects, after: (ms, done) => clock.after(ms, done) },
    keyedName(cid) {
      reads.names++
      return sha256(concatBytes(writeCids([cid]), Uint8Array.of(7)))
    },
  })
  return { clock, source, sent, reads, cids: [...blocks.keys()] as [Cid, Cid] }
}

test('[R7] [T16] a byte of a block, again and again, is read once while it is the same, and else seldom', () => {
  const { clock, source, sent, reads, cids } = blobs()
  const ask = (id: number, cid: Cid, length: number | null): void =>
    source.getBlob({ type: 'getblob', id, maxsize: 262_144, offset: 0, length }, writeCids([cid]))
  for (let id = 0; id < 100; id++) {
    ask(id, cids[0], 1)
    expect(source.pull()?.bytes).toHaveLength(1)
  }
  expect(reads.blocks).toBe(1)
  for (let id = 100; id < 1_000; id++) {
    ask(id, cids[id % 2] as Cid, 1)
    source.pull()
  }
  expect(reads.blocks).toBeLessThan(130)
  expect(sent.filter((code) => code === 'busy')).toHaveLength(1_000 - 128)
  // Whole blocks are given all the same, and pieces again after a while.
  ask(1_000, cids[0], null)
  expect(source.pull()?.message).toMatchObject({ type: 'blob', end: true })
  return clock.advance(60_000).then(() => {
    ask(1_001, cids[0], 1)
    expect(source.pull()?.message).toMatchObject({ type: 'blob', end: true })
  })
})

test('[R7] [T16] what arrives is named once for a session, however many wants are keyed', () => {
  const { source, sent, reads, cids } = blobs()
  for (let id = 0; id < 50; id++) {
    source.want({ type: 'iwant', id, count: 1, keyed: true }, new Uint8Array(32).fill(id))
  }
  const wanted = sha256(concatBytes(writeCids([cids[0]]), Uint8Array.of(7)))
  source.want({ type: 'iwant', id: 50, count: 1, keyed: true }, wanted)
  reads.names = 0
  sent.length = 0
  source.arrived([cids[0]])
  expect([reads.names, sent]).toEqual([1, ['ihave']])
  // Known from then on.
  source.want({ type: 'iwant', id: 51, count: 1, keyed: true }, wanted)
  expect(reads.names).toBeLessThan(3)
})

test('[R4] [T16] requests for a feed that was rewritten: so many at once, and the old chain is looked through so often', async () => {
  const world = createWorld()
  using alice = await createPeer(world, 'alice')
  using bob = await createPeer(world, 'bob')
  const writer = await createWriter('writer')
  await alice.publish(
    writer,
    Array.from({ length: 400 }, (_, index) => `note ${index}`),
  )
  const before = writer.chain
  bob.watch(writer.identity)
  bob.store.appendOwn(
    before.map((entry) => ({ entry, body: null })),
    writer.record,
  )
  await alice.publishRebase(writer, new Map([[1, { type: 'delete' }]]))
  bob.store.acceptHead(writer.record)
  const need = bob.store.need(writer.identity)
  if (need === null) throw new Error('nothing needed')
  let looked = 0
  const store = new Proxy(alice.store, {
    get: (target, key) =>
      key === 'formerChain'
        ? (...given: Parameters<typeof target.formerChain>) => {
            const chain = target.formerChain(...given)
            looked += chain.length
            return chain
          }
        : Reflect.get(target, key, target),
  })
  const { sent, effects } = wire()
  const source = createFeedSource({
    ...{ store, clock: world.clock, remote: bob.identity, sharing: everything, effects },
    onAsked() {},
    onLacked() {},
  })
  const rest = { limit: null, since: null, window: 65_536, bodies: true, verbatim: false }
  const { locator } = need
  const bytes = concatBytes(identityKey(writer.identity), writeCids([need.from]), locator.prefixes)
  const ask = (id: number): void =>
    source.request({ type: 'getfeed', id, length: locator.length, ...rest }, bytes)
  for (let id = 0; id < 100; id++) ask(id)
  expect(sent.filter((code) => code === 'feed')).toHaveLength(64)
  expect(sent.filter((code) => code === 'busy')).toHaveLength(36)
  for (let id = 0; id < 1_000; id++) {
    source.cancel(id)
    ask(id)
    source.cancel(id)
  }
  expect(sent.filter((code) => code === 'feed')).toHaveLength(1_064)
  expect(looked).toBeGreaterThan(400)
  expect(looked).toBeLessThanOrEqual(8 * formerLimits.maxEntries + 400)
})

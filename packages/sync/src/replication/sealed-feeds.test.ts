/** Private feeds between peers with the key and without (spec X20 to X23). */
import { rawCid, utf8 } from '@effigy/core'
import { feedKeyId, sealEntry } from '@effigy/crypto'
import { createUnseal, type ServedEntry } from '@effigy/store'
import { describe, expect, test } from 'vitest'
import {
  connect,
  createPeer,
  createSealedWriter,
  createWorld,
  createWriter,
  sha256,
  type TestPeer,
  testCrypto,
  until,
  type Writer,
} from '../../test/replication-kit.ts'
import { encodeBatch } from './batch.ts'
import { rebuildBatch } from './rebuild.ts'

const key = new Uint8Array(32).fill(7)
const nextKey = new Uint8Array(32).fill(8)
const keyId = feedKeyId(key, testCrypto)
const find = (_feed: unknown, id: string) => (id === keyId ? { feed: 'x' as never, epoch: 1, key } : null)
const unseal = createUnseal({ find }, testCrypto)

describe('batches', () => {
  async function batchOf(count: number, from = 1) {
    const writer = await createSealedWriter('batch author', key)
    const served = await writer.write(Array.from({ length: count }, (_, at) => `note ${at + 1}`))
    const sent = served.slice(from - 1)
    const { bytes } = encodeBatch(sent)
    const top = (sent.at(-1) as ServedEntry).entry.cid
    const expected = { identity: writer.identity, first: from, count: sent.length, top, sha256 }
    return { writer, sent, bytes, expected }
  }

  test('[X23] sealed entries travel verbatim and are rebuilt to the byte', async () => {
    const { sent, bytes, expected } = await batchOf(4, 2)
    const result = rebuildBatch(bytes, { ...expected, unseal })
    expect(result).toMatchObject({ ok: true })
    if (result.ok) expect(result.value.entries).toEqual(sent.map(({ entry }) => entry))
  })

  test('[X23] nothing but parent and sealed bytes: the comparable stays inside', async () => {
    const { sent, bytes } = await batchOf(3)
    expect(bytes[0]).toBe(1)
    const sealed = (sent[0] as ServedEntry).entry.bytes
    expect(Buffer.from(bytes).includes(Buffer.from(sealed))).toBe(true)
    expect(Buffer.from(bytes).includes('"identity"')).toBe(false)
  })

  test('[X22] without the key it is told which one is lacking, and only for what hangs from the head', async () => {
    const { bytes, expected } = await batchOf(3)
    expect(rebuildBatch(bytes, expected)).toEqual({ ok: false, error: { code: 'sealed', keyId } })
    const elsewhere = { ...expected, top: (await batchOf(2)).expected.top }
    expect(rebuildBatch(bytes, elsewhere)).toEqual({ ok: false, error: { code: 'batch-hash' } })
  })

  test('[X22] [T28] the key that is lacking is that of what the head names, whatever a source puts below it', async () => {
    const { writer, sent, bytes, expected } = await batchOf(2)
    const false1 = sealEntry(utf8('no entry'), writer.identity, nextKey, testCrypto)
    const top = sent[1] as ServedEntry
    const below = {
      entry: { ...(sent[0] as ServedEntry).entry, bytes: false1, cid: rawCid(false1, sha256) },
      body: null,
    }
    const lying = encodeBatch([below, top]).bytes
    expect(lying).not.toEqual(bytes)
    expect(rebuildBatch(lying, expected)).toEqual({ ok: false, error: { code: 'sealed', keyId } })
    expect(rebuildBatch(lying, { ...expected, unseal })).toEqual({ ok: false, error: { code: 'batch-hash' } })
  })

  test('[X23] [T28] truncated anywhere, or lifted into another feed: refused', async () => {
    const { bytes, expected } = await batchOf(2)
    for (let length = 0; length < bytes.length; length++)
      expect(rebuildBatch(bytes.subarray(0, length), { ...expected, unseal }).ok).toBe(false)
    const other = await createWriter('another author')
    const lifted = rebuildBatch(bytes, { ...expected, identity: other.identity, unseal })
    expect(lifted).toEqual({ ok: false, error: { code: 'sealed', keyId: null } })
  })

  test("[X20] what is inside and no entry is the feed's fault, tied to the head", async () => {
    const { writer, sent } = await batchOf(1)
    const bytes = sealEntry(utf8('no entry'), writer.identity, key, testCrypto)
    const cid = rawCid(bytes, sha256)
    const odd = { entry: { ...(sent[0] as ServedEntry).entry, bytes, cid }, body: null }
    const batch = encodeBatch([odd]).bytes
    const expected = { identity: writer.identity, first: 1, count: 1, top: cid, sha256, unseal }
    expect(rebuildBatch(batch, expected)).toEqual({
      ok: false,
      error: { code: 'feed', rule: 'encoding', cid, length: 1 },
    })
  })
})

describe('between peers', () => {
  async function privateFeed(count = 5) {
    const world = createWorld()
    const [author, reader, stranger] = (await Promise.all(
      ['author', 'reader', 'stranger'].map((name) => createPeer(world, name)),
    )) as [TestPeer, TestPeer, TestPeer]
    const writer = await createSealedWriter('writer', key)
    await author.publish(
      writer,
      Array.from({ length: count }, (_, at) => `a secret ${at}`),
    )
    for (const peer of [reader, stranger]) peer.watch(writer.identity)
    reader.store.feedKeys?.keep({ feed: writer.identity, epoch: 1, key })
    return { world, author, reader, stranger, writer }
  }

  const holds = (peer: TestPeer, writer: Writer): boolean =>
    peer.held(writer.identity).join() === writer.chain.map(({ cid }) => cid).join() &&
    peer.store.unverifiedCount() === 0

  const headOf = (peer: TestPeer, writer: Writer) => peer.store.feed(writer.identity)?.record?.head

  test('[X20] [X22] who has the key has all of it and serves it on; who has not sees head and size', async () => {
    const { world, author, reader, stranger, writer } = await privateFeed()
    const first = await connect(reader, author)
    expect(await until(world, () => holds(reader, writer))).toBe(true)
    await first.end()
    const second = await connect(stranger, reader)
    expect(
      await until(
        world,
        () => second.replicators[0].status().upToDate && headOf(stranger, writer) !== undefined,
      ),
    ).toBe(true)
    expect(await until(world, () => stranger.store.feedKeys?.closed(writer.identity) !== null)).toBe(true)
    expect(headOf(stranger, writer)).toEqual(writer.record.head)
    expect(stranger.store.feed(writer.identity)).toMatchObject({
      heldCount: 0,
      broken: null,
      disputedAbove: null,
    })
    expect(second.replicators[0].status().upToDate).toBe(true)
    // The key comes later: what the head promised is fetched then, in the same session.
    stranger.store.feedKeys?.keep({ feed: writer.identity, epoch: 1, key })
    expect(await until(world, () => holds(stranger, writer))).toBe(true)
    await second.end()
  })

  test('[X22] closed, it is asked for once and no more, however often its head moves; heads go on', async () => {
    const { world, author, stranger, writer } = await privateFeed()
    const met = await connect(stranger, author)
    expect(await until(world, () => stranger.store.feedKeys?.closed(writer.identity) !== null)).toBe(true)
    const asks = () => stranger.logged.filter(({ event }) => event === 'feed.batch-refused').length
    expect(asks()).toBe(1)
    for (let at = 0; at < 3; at++) {
      await author.publish(writer, [`another secret ${at}`])
      expect(await until(world, () => headOf(stranger, writer)?.length === writer.chain.length)).toBe(true)
    }
    expect(asks()).toBe(1)
    // Who has it from nobody gives it to nobody, and says so at once.
    const third = await createPeer(world, 'third')
    third.watch(writer.identity)
    const other = await connect(third, stranger)
    expect(
      await until(world, () => other.replicators[0].status().upToDate && headOf(third, writer) !== undefined),
    ).toBe(true)
    expect(third.store.feed(writer.identity)?.heldCount).toBe(0)
    await other.end()
    await met.end()
  })

  test('[X20] [F10] made private, read by those with the key, withdrawn, public again', async () => {
    const { world, author, reader, stranger, writer } = await privateFeed()
    await author.publishResealed(writer, null)
    const met = [await connect(reader, author), await connect(stranger, author)]
    expect(await until(world, () => holds(reader, writer) && holds(stranger, writer))).toBe(true)
    await author.publishResealed(writer, key)
    await author.publish(writer, ['only for some'])
    expect(await until(world, () => holds(reader, writer))).toBe(true)
    expect(await until(world, () => headOf(stranger, writer)?.epoch === 3)).toBe(true)
    // What was public stays what it was, nothing newer comes.
    expect(stranger.store.feed(writer.identity)?.heldCount).toBe(5)
    const before = reader.held(writer.identity)
    await author.publishResealed(writer, nextKey)
    await author.publish(writer, ['without the reader'])
    expect(await until(world, () => headOf(reader, writer)?.epoch === 4)).toBe(true)
    expect(await until(world, () => reader.store.feedKeys?.closed(writer.identity) != null)).toBe(true)
    expect(reader.held(writer.identity)).toEqual(before)
    await author.publishResealed(writer, null)
    expect(await until(world, () => holds(reader, writer) && holds(stranger, writer))).toBe(true)
    for (const one of met) await one.end()
  })
})

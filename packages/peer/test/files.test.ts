/** Files and directories: in, out, fetched whatever the policies say, with counts that reach their total. */
import { type Cid, type Payload, rawCid } from '@effigy/core'
import type { Progress } from '@effigy/store'
import { createRandom } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { createWorld, never, type TestPeer, testCrypto, type World } from './world.ts'

const random = createRandom('files')

async function* pieces(bytes: Uint8Array, length = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return new Uint8Array(parts.flatMap((part) => [...part]))
}

const code = (name: string) => expect.objectContaining({ code: name })

const tree = (sizes: Readonly<Record<string, number>>) =>
  Object.entries(sizes).map(([path, size]) => ({ path, content: pieces(random.bytes(size)) }))

async function publishFile(peer: TestPeer, bytes: Uint8Array): Promise<Cid> {
  const { root } = await peer.peer.addFile(pieces(bytes), { signal: never })
  const collection = { type: 'collection', at: 1, root, name: 'a', count: 1, bytes: bytes.length }
  await peer.peer.publish(collection as Payload)
  return root
}

/** Bob follows Alice without files. */
async function follows(world: World, bob: TestPeer, alice: TestPeer) {
  bob.peer.watch(alice.identity, { depth: { type: 'all' }, blobs: { type: 'none' } })
  const connection = bob.peer.connect(alice.address)
  await world.turn(connection.ready(never))
  await world.turn(bob.peer.settled(never))
}

function watchProgress() {
  const seen: Progress[] = []
  return {
    seen,
    onProgress: (progress: Progress) => void seen.push(progress),
    check() {
      for (const [index, { done, total }] of seen.entries()) {
        expect(done).toBeGreaterThanOrEqual(seen[index - 1]?.done ?? 0)
        expect(done).toBeLessThanOrEqual(total)
      }
      expect(seen.at(-1)?.done).toBe(seen.at(-1)?.total)
    },
  }
}

describe('files', () => {
  test('come out as they went in, or a range of them', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    const bytes = random.bytes(700_000)
    const { root, size } = await peer.addFile(pieces(bytes), { signal: never })
    expect(size).toBe(700_000)
    expect(await whole(peer.readFile(root, { signal: never }))).toEqual(bytes)
    const range = peer.readFile(root, { offset: 262_000, length: 500, signal: never })
    expect(await whole(range)).toEqual(bytes.subarray(262_000, 262_500))
  })

  test('that are not here, or no files', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    const absent = rawCid(random.bytes(9), testCrypto.sha256)
    await expect(whole(peer.readFile(absent, { signal: never }))).rejects.toThrow(code('blob-absent'))
    const { root } = await peer.addDirectory(tree({ a: 5 }), { signal: never })
    await expect(whole(peer.readFile(root, { signal: never }))).rejects.toThrow(code('not-a-file'))
  })

  test('an upload is nobody’s before it is published, and goes when it never is', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const { root } = await alice.peer.addFile(pieces(random.bytes(1_000)), { signal: never })
    await follows(world, bob, alice)
    const stop = new AbortController()
    const fetching = bob.peer.fetchBlob(root, { signal: stop.signal }).catch(() => 'stopped')
    await world.pass(5_000)
    expect(bob.store.hasBlock(root)).toBe(false)
    stop.abort()
    expect(await world.turn(fetching)).toBe('stopped')
    world.clock.jump(3 * 24 * 60 * 60 * 1000)
    alice.store.maintain()
    expect(alice.store.hasBlock(root)).toBe(false)
  })
})

describe('fetchBlob', () => {
  test.for([300, 262_144, 3_000_000])('a file of %d bytes that no policy asks for', async (length) => {
    await using world = createWorld('fetch', { latencyMs: 20, bytesPerSecond: 500_000 })
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const bytes = random.bytes(length)
    const root = await publishFile(alice, bytes)
    await follows(world, bob, alice)
    await world.pass(2_000)
    expect(bob.store.hasBlock(root)).toBe(false)
    const progress = watchProgress()
    await world.turn(bob.peer.fetchBlob(root, { signal: never, onProgress: progress.onProgress }))
    progress.check()
    expect(progress.seen.at(-1)).toEqual({ done: length, total: length })
    if (length > 1_000_000) expect(progress.seen.length).toBeGreaterThan(4)
    // It stays when the fetch is over, for a day.
    bob.store.maintain()
    expect(await whole(bob.peer.readFile(root, { signal: never }))).toEqual(bytes)
  })

  test('a directory, and what it lists while it is on its way', async () => {
    await using world = createWorld('fetch', { latencyMs: 20, bytesPerSecond: 500_000 })
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const sizes = { 'a.bin': 300_000, 'b/c.bin': 700_000, 'b/d/e.bin': 10, 'f.bin': 0 }
    const { root, files, size } = await alice.peer.addDirectory(tree(sizes), { signal: never })
    expect([files, size]).toEqual([4, 1_000_010])
    await alice.peer.publish({
      type: 'collection',
      at: 1,
      root,
      name: 'x',
      count: files,
      bytes: size,
    } as Payload)
    await follows(world, bob, alice)
    expect(() => bob.peer.listDirectory(root, '')).toThrow(code('blob-absent'))
    const progress = watchProgress()
    const fetching = bob.peer.fetchBlob(root, { signal: never, onProgress: progress.onProgress })
    await world.until(() => progress.seen.length > 1)
    expect(bob.peer.listDirectory(root, '').map(({ name }) => name)).toEqual(['a.bin', 'b', 'f.bin'])
    await world.turn(fetching)
    progress.check()
    expect(progress.seen.length).toBeGreaterThan(3)
    expect(bob.peer.listDirectory(root, 'b').map(({ name, type }) => [name, type])).toEqual([
      ['c.bin', 'file'],
      ['d', 'directory'],
    ])
    const [e] = bob.peer.listDirectory(root, 'b/d')
    expect(await whole(bob.peer.readFile(e!.cid, { signal: never }))).toEqual(
      await whole(alice.peer.readFile(e!.cid, { signal: never })),
    )
    expect(() => bob.peer.listDirectory(root, 'b/x')).toThrow(code('not-found'))
    expect(() => bob.peer.listDirectory(root, 'a.bin')).toThrow(code('not-a-directory'))
    expect(() => bob.peer.listDirectory(root, '../b')).toThrow(code('not-found'))
  })

  test('between friends goes on after a cut with what it has', async () => {
    await using world = createWorld('fetch cut', { latencyMs: 20, bytesPerSecond: 500_000 })
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const root = await publishFile(alice, random.bytes(3_000_000))
    // Friends: whoever they are to the source, a block below a root is theirs for its own sake.
    await alice.peer.relate('follow', bob.identity, true)
    await bob.peer.relate('follow', alice.identity, true)
    await follows(world, bob, alice)
    const progress = watchProgress()
    const fetching = bob.peer.fetchBlob(root, { signal: never, onProgress: progress.onProgress })
    await world.until(() => (progress.seen.at(-1)?.done ?? 0) > 1_000_000)
    world.network.loseAll('alice')
    const { bytes } = world.network.traffic('alice', 'bob')
    await world.turn(fetching)
    progress.check()
    expect(world.network.traffic('alice', 'bob').bytes - bytes).toBeLessThan(2_500_000)
  })

  test('two that wait for one blob; the first gives up', async () => {
    await using world = createWorld('fetch two', { latencyMs: 20, bytesPerSecond: 500_000 })
    const alice = await world.add('alice')
    const bob = await world.add('bob')
    const root = await publishFile(alice, random.bytes(2_000_000))
    await follows(world, bob, alice)
    const stop = new AbortController()
    const first = bob.peer.fetchBlob(root, { signal: stop.signal }).catch(() => 'stopped')
    const second = bob.peer.fetchBlob(root, { signal: never })
    await world.pass(500)
    stop.abort()
    expect(await world.turn(first)).toBe('stopped')
    await world.turn(second)
    expect(bob.store.blobState(root).type).toBe('complete')
  })

  test('ends with the peer', async () => {
    await using world = createWorld()
    const alice = await world.add('alice')
    const absent = rawCid(random.bytes(9), testCrypto.sha256)
    const fetching = alice.peer
      .fetchBlob(absent, { signal: never })
      .catch((error: { code: string }) => error.code)
    await world.pass(100)
    await alice.stop()
    expect(await world.turn(fetching)).toBe('closed')
    expect(world.clock.pending()).toBe(0)
  })
})

describe('addDirectory', () => {
  test('names that cannot be kept, and two of one name', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    for (const paths of [['../a'], ['a', 'a'], ['a//b'], ['a/b', 'a']]) {
      const entries = paths.map((path) => ({ path, content: [new Uint8Array(3)] }))
      await expect(peer.addDirectory(entries, { signal: never })).rejects.toThrow(code('name-unsafe'))
    }
  })

  test('[T12] a picture in it loses what it says besides; one that cannot be cleaned is refused', async () => {
    await using world = createWorld()
    const { peer } = await world.add('alice')
    const add = (strip: boolean) =>
      peer.addDirectory([{ path: 'a/photo.png', content: pieces(pngWithText(), 7) }], {
        signal: never,
        strip,
      })
    const { root, cleaned } = await add(true)
    expect(cleaned.map(({ path }) => path)).toEqual(['a/photo.png'])
    const [photo] = peer.listDirectory(root, 'a')
    const bytes = await whole(peer.readFile(photo!.cid, { signal: never }))
    expect(new TextDecoder('latin1').decode(bytes)).not.toContain('secret place')
    await expect(add(false)).rejects.toThrow(code('image-metadata'))
  })
})

/** A PNG of one grey pixel with a comment. */
function pngWithText(): Uint8Array {
  const chunk = (type: string, data: Uint8Array): number[] => {
    const body = [...new TextEncoder().encode(type), ...data]
    return [...word(data.length), ...body, ...word(crc32(body))]
  }
  const header = chunk('IHDR', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0))
  const text = chunk('tEXt', new TextEncoder().encode('Comment\0secret place'))
  const data = chunk('IDAT', Uint8Array.of(0x78, 0x01, 0x63, 0x60, 0, 0, 0, 0x02, 0, 0x01))
  return Uint8Array.of(
    0x89,
    0x50,
    0x4e,
    0x47,
    13,
    10,
    26,
    10,
    ...header,
    ...text,
    ...data,
    ...chunk('IEND', new Uint8Array(0)),
  )
}

const word = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
]

function crc32(bytes: readonly number[]): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

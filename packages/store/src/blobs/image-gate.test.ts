import { type Cid, imageVerdict, type Link } from '@effigy/core'
import { ownVectors, sharedVectorBytes, sharedVectorNames } from '@effigy/testkit/node'
import { describe, expect, test } from 'vitest'
import { openWorld, sha256, type World } from '../../test/blob-world.ts'
import { type Block, createMemoryBlocks } from '../files/blocks.ts'
import { importDirectory } from '../files/import-directory.ts'
import { importFile } from '../files/import-file.ts'
import { fileBlock, type ReferenceLink, rawLink } from '../files/reference.ts'
import { dagBlocks } from '../files/walk.ts'
import { addFile, uploadHold } from './add-file.ts'
import { judgeImages } from './image-gate.ts'
import { readBlob } from './read-blob.ts'

const { signal } = new AbortController()
const all = { type: 'all' } as const

interface Vector {
  readonly name: string
  readonly image: string
  readonly verdict: 'clean' | 'metadata' | 'damaged' | 'too-large' | 'not-an-image'
}
const vectors: readonly Vector[] = JSON.parse(ownVectors('images.json'))
const bytesOf = (name: string) =>
  new Uint8Array(Buffer.from(vectors.find((vector) => vector.name === name)!.image, 'base64'))
const clean = bytesOf('jpeg: plain')
const dirty = bytesOf('jpeg: Exif, orientation 6')

/** A JPEG of about that length: its scan data repeated. */
function longer(image: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(Math.max(length, image.length)).fill(0x2a)
  out.set(image.subarray(0, image.length - 2))
  out.set([0xff, 0xd9], out.length - 2)
  return out
}

async function blocksOf(bytes: Uint8Array) {
  const memory = createMemoryBlocks()
  const { cid, dagSize } = await importFile([bytes], memory, { signal })
  return { cid, link: [cid, dagSize] as Link, blocks: allBlocks(cid, memory) }
}

function allBlocks(cid: Cid, memory: ReturnType<typeof createMemoryBlocks>) {
  return [...dagBlocks(cid, memory)].map((block) => {
    if (!block.ok) throw new Error(block.error.code)
    return [block.value.cid, block.value.bytes] as const
  })
}

async function readAll(world: World, root: Cid) {
  const pieces: Uint8Array[] = []
  for await (const piece of readBlob(world.blobs, root, { signal })) pieces.push(piece)
  return new Uint8Array(Buffer.concat(pieces))
}

describe('[B14] [T12] arriving', () => {
  test.for(vectors)('$name', async ({ image, verdict }) => {
    using world = openWorld(null)
    const { blobs } = world
    const { cid, link, blocks } = await blocksOf(new Uint8Array(Buffer.from(image, 'base64')))
    world.setPolicy(1, all)
    world.show(1, 1, [link])
    blobs.putBlocks(blocks)
    const taken = verdict === 'clean' || verdict === 'not-an-image'
    expect(blobs.completeBlob(cid)).toEqual(
      taken ? { type: 'complete', bytes: link[1] } : { type: 'refused', code: `image-${verdict}` },
    )
    expect(blobs.hasBlock(cid)).toBe(taken)
    blobs.putBlocks(blocks)
    expect(blobs.hasBlock(cid)).toBe(taken)
    expect(blobs.wantedBlobs(1)).toEqual([])
  })

  const samples = sharedVectorNames('exif-samples').filter((name) => /\.(jpg|heif)$/.test(name))
  test.skipIf(samples.length === 0)('photographs of the public set, where it is present', async () => {
    using world = openWorld(null)
    world.setPolicy(1, all)
    for (const [index, name] of samples.entries()) {
      const bytes = sharedVectorBytes(`exif-samples/${name}`)
      if (bytes === null) continue
      const { cid, link, blocks } = await blocksOf(bytes)
      world.show(index + 1, 1, [link])
      world.blobs.putBlocks(blocks)
      expect(world.blobs.completeBlob(cid).type, name).toBe(
        imageVerdict(bytes) === 'clean' ? 'complete' : 'refused',
      )
    }
  })

  test('a long picture is judged as a whole, and a refused one leaves nothing', async () => {
    using world = openWorld(null)
    const { blobs } = world
    world.setPolicy(1, all)
    const [good, bad] = [await blocksOf(longer(clean, 600_000)), await blocksOf(longer(dirty, 600_000))]
    world.show(1, 1, [good.link])
    world.show(2, 1, [bad.link])
    blobs.putBlocks([...good.blocks, ...bad.blocks])
    expect(blobs.completeBlob(good.cid)).toEqual({ type: 'complete', bytes: good.link[1] })
    expect(blobs.completeBlob(bad.cid)).toEqual({ type: 'refused', code: 'image-metadata' })
    for (const [cid] of good.blocks) expect(blobs.hasBlock(cid)).toBe(true)
    expect(blobs.blobUsage().bytes).toBe(good.link[1])
  })

  test('the first block of a picture is damaged by itself, and stays as a part', async () => {
    using world = openWorld(null)
    const { blobs } = world
    world.setPolicy(1, all)
    const whole = await blocksOf(longer(clean, 600_000))
    const first = whole.blocks.find(([, bytes]) => bytes[0] === 0xff)!
    world.show(1, 1, [whole.link])
    blobs.putBlocks(whole.blocks)
    expect(blobs.completeBlob(whole.cid).type).toBe('complete')
    world.show(2, 1, [[first[0], first[1].length]])
    blobs.wantedBlobs(10)
    expect(blobs.blobState(first[0])).toEqual({ type: 'refused', code: 'image-damaged' })
    expect(blobs.block(first[0])).toEqual(first[1])
    world.drop(1)
    blobs.settleHolds()
    expect(blobs.hasBlock(first[0])).toBe(false)
  })

  test('a picture in a collection counts, wherever it is', async () => {
    using world = openWorld(null)
    const { blobs } = world
    world.setPolicy(1, all)
    const memory = createMemoryBlocks()
    const files = [
      { path: 'notes.txt', content: [new TextEncoder().encode('hello')] },
      { path: 'deep/er/picture.bin', content: [dirty] },
    ]
    const made = await importDirectory(files, memory, { signal })
    if (!made.ok) throw new Error(made.error.code)
    world.show(1, 1, [[made.value.cid, made.value.dagSize]])
    blobs.putBlocks(allBlocks(made.value.cid, memory))
    expect(blobs.completeBlob(made.value.cid)).toEqual({ type: 'refused', code: 'image-metadata' })
    expect(blobs.blobUsage().blocks).toBe(0)
  })

  test('short pieces do not hide a picture', () => {
    const memory = createMemoryBlocks()
    const links: ReferenceLink[] = [...dirty].map((byte) => {
      const bytes = Uint8Array.of(byte)
      const link = rawLink(bytes, sha256)
      memory.put(link.cid, bytes)
      return link
    })
    const root = fileBlock(links, { size: dirty.length }, sha256)
    memory.put(root.cid, root.bytes)
    expect(judgeImages(root.cid, memory, 10_000)).toEqual({ ok: true, value: 'image-metadata' })
  })

  test('[T11] a small DAG that is an endless picture costs a bounded number of reads', () => {
    const memory = createMemoryBlocks()
    const head = clean.subarray(0, clean.length - 2)
    const body = Uint8Array.of(0x2a)
    memory.put(rawLink(body, sha256).cid, body)
    memory.put(rawLink(head, sha256).cid, head)
    let below: ReferenceLink = rawLink(body, sha256)
    let top: Block | null = null
    for (let level = 0; level < 4; level++) {
      const parts: ReferenceLink[] = new Array(1000).fill(below)
      const size = parts.reduce((sum, part) => sum + part.size, 0)
      top = fileBlock(parts, { size }, sha256)
      memory.put(top.cid, top.bytes)
      below = { cid: top.cid, name: '', linkSize: size, size }
    }
    const whole = fileBlock([rawLink(head, sha256), below], { size: head.length + below.size }, sha256)
    memory.put(whole.cid, whole.bytes)
    let reads = 0
    const counted = {
      get(cid: Cid) {
        reads++
        return memory.get(cid)
      },
    }
    expect(judgeImages(whole.cid, counted, 200_000)).toMatchObject({
      ok: false,
      error: { code: 'too-large' },
    })
    expect(reads).toBeLessThan(2000)
  })
})

describe('[T12] publishing', () => {
  const add = (world: World, bytes: Uint8Array, strip = true) =>
    addFile(world.blobs, [bytes], { strip, signal, now: () => world.clock.now })

  test.each([
    ['a short one', dirty],
    ['a long one', longer(dirty, 700_000)],
  ])('metadata of a picture is taken out: %s', async (_, bytes) => {
    using world = openWorld(null)
    const added = await add(world, bytes)
    if (!added.ok) throw new Error(added.error.code)
    const { cid, dagSize, image, removed } = added.value
    expect(removed).toEqual(['exif', 'location', 'thumbnail'])
    expect(image).toMatchObject({ format: 'jpeg', width: 8, height: 8, orientation: 6, metadata: [] })
    expect(imageVerdict(await readAll(world, cid))).toBe('clean')
    expect(world.blobs.blobState(cid)).toEqual({ type: 'complete', bytes: dagSize })
    expect(world.blobs.holders(cid)).toEqual([uploadHold])
  })

  test('what cannot be stripped, is damaged or too large is refused with advice', async () => {
    using world = openWorld(null)
    const codes: string[] = []
    for (const name of ['heic: Exif item', 'gif: no trailer', 'gif: 60,000 by 60,000']) {
      const added = await add(world, bytesOf(name))
      codes.push(added.ok ? 'ok' : added.error.code)
      if (!added.ok) expect(added.error.message).toMatch(/JPEG or PNG|again|anew/)
    }
    expect(codes).toEqual(['image-metadata', 'image-damaged', 'image-too-large'])
    const kept = await add(world, dirty, false)
    expect(kept).toMatchObject({ ok: false, error: { code: 'image-metadata' } })
    expect(world.blobs.blobUsage().blocks).toBe(0)
  })

  test('a picture over 32 MiB is refused, another file of that size is not', async () => {
    using world = openWorld(null)
    function* long(first: Uint8Array) {
      yield first
      for (let at = 0; at < 33; at++) yield new Uint8Array(1024 * 1024)
    }
    const options = { strip: true, signal, now: () => world.clock.now }
    expect(await addFile(world.blobs, long(clean), options)).toMatchObject({
      ok: false,
      error: { code: 'image-too-large' },
    })
    const other = await addFile(world.blobs, long(new Uint8Array(7)), options)
    expect(other).toMatchObject({ ok: true, value: { size: 33 * 1024 * 1024 + 7, image: null } })
  })

  test('an upload is safe from eviction while it runs, goes a day later, and stays when published', async () => {
    using world = openWorld(null)
    const { blobs, clock } = world
    const options = { strip: true, signal, now: () => clock.now }
    async function* slow(name: string) {
      for (let at = 0; at < 20; at++) {
        const piece = new Uint8Array(262_144)
        piece.set(new TextEncoder().encode(`${name} ${at}`))
        yield piece
        clock.now += 1000
        blobs.evict(Number.MAX_SAFE_INTEGER)
      }
    }
    const [one, two] = [
      await addFile(blobs, slow('one'), options),
      await addFile(blobs, slow('two'), options),
    ]
    if (!one.ok || !two.ok) throw new Error('not added')
    expect(blobs.blobState(one.value.cid).type).toBe('complete')
    world.setPolicy(1, all)
    world.show(1, 1, [[one.value.cid, one.value.dagSize]])
    clock.now += 25 * 60 * 60 * 1000
    blobs.sweepBlobs()
    expect(blobs.blobState(one.value.cid)).toEqual({ type: 'complete', bytes: one.value.dagSize })
    expect(blobs.blobState(two.value.cid)).toEqual({ type: 'absent' })
    expect(blobs.blobUsage().bytes).toBe(one.value.dagSize)
  })

  test('a stopped upload throws the reason, and what came of it goes', async () => {
    using world = openWorld(null)
    const stop = new AbortController()
    async function* endless() {
      for (;;) {
        yield new Uint8Array(100_000)
        stop.abort(new Error('enough'))
      }
    }
    const adding = addFile(world.blobs, endless(), {
      strip: true,
      signal: stop.signal,
      now: () => world.clock.now,
    })
    await expect(adding).rejects.toThrow('enough')
    world.blobs.evict(Number.MAX_SAFE_INTEGER)
    expect(world.blobs.blobUsage().blocks).toBe(0)
  })
})

test('[B9] a range of a blob as a stream', async () => {
  using world = openWorld(null)
  const bytes = new Uint8Array(1_000_000).map((_, at) => at >> 8)
  const added = await addFile(world.blobs, [bytes], { strip: true, signal, now: () => world.clock.now })
  if (!added.ok) throw new Error(added.error.code)
  const pieces: Uint8Array[] = []
  const stream = readBlob(world.blobs, added.value.cid, { offset: 300_000, length: 400_000, signal })
  for await (const piece of stream) pieces.push(piece)
  expect(Buffer.concat(pieces).equals(bytes.subarray(300_000, 700_000))).toBe(true)
})

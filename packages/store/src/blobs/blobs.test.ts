import type { Cid, RawCid } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { openWorld, rawBlob, sha256, type World } from '../../test/blob-world.ts'
import { medium, newFolder } from '../../test/medium.ts'
import { createMemoryBlocks } from '../files/blocks.ts'
import { importFile } from '../files/import-file.ts'
import { fileBlock, rawLink } from '../files/reference.ts'
import { dagBlocks } from '../files/walk.ts'
import { wantTurnMs } from './want-order.ts'

const { signal } = new AbortController()
const all = { type: 'all' } as const

/** A file of so many chunks, each its own bytes. */
async function dag(name: string, chunks: number) {
  const memory = createMemoryBlocks()
  const bytes = new Uint8Array(chunks * 262_144)
  for (let at = 0; at < chunks; at++) bytes.set(new TextEncoder().encode(`${name} ${at}`), at * 262_144)
  const { cid, dagSize } = await importFile([bytes], memory, { signal })
  const blocks = [...dagBlocks(cid, memory)].map((block) => {
    if (!block.ok) throw new Error(block.error.code)
    return [block.value.cid, block.value.bytes] as const
  })
  return { cid, bytes, blocks, size: dagSize, link: [cid, dagSize] as const }
}

/** As sync does it. */
function fetchAll(world: World, root: Cid, from: readonly (readonly [Cid, Uint8Array])[]) {
  const source = new Map(from)
  for (;;) {
    const missing = world.blobs.missingBlocks(root, 3)
    if (missing.length === 0) return world.blobs.completeBlob(root)
    world.blobs.putBlocks(missing.map((cid) => [cid, source.get(cid)!] as const))
  }
}

const places = [
  ['in memory', () => null],
  ['on disk', newFolder],
] as const

describe.each(places)('blobs %s', (_, place) => {
  test('a raw blob: wanted, put, complete, held, let go', () => {
    using world = openWorld(place())
    const { blobs } = world
    const { cid, bytes, link } = rawBlob('one')
    world.setPolicy(1, all)
    expect(blobs.blobState(cid)).toEqual({ type: 'absent' })
    world.show(1, 1, [link])
    expect(blobs.wantedBlobs(10)).toEqual([{ root: cid, size: 1000, identity: world.identity(1) }])
    blobs.putBlock(cid, bytes)
    expect(blobs.block(cid)).toEqual(bytes)
    expect(blobs.blockSize(cid)).toBe(1000)
    expect(blobs.blobState(cid)).toEqual({ type: 'complete', bytes: 1000 })
    expect(world.completed).toEqual([cid])
    expect(blobs.wantedBlobs(10)).toEqual([])
    expect(blobs.holders(cid)).toEqual([`feed:${world.identity(1)}`])
    expect(blobs.blobUsage()).toEqual({ blocks: 1, bytes: 1000, heldBytes: 1000, quotaBytes: null })
    world.drop(1)
    blobs.settleHolds()
    expect(blobs.block(cid)).toBeNull()
    expect(blobs.blobState(cid)).toEqual({ type: 'absent' })
    expect(blobs.blobUsage()).toEqual({ blocks: 0, bytes: 0, heldBytes: 0, quotaBytes: null })
  })

  test('[B15] [T27] what another feed holds stays when the first lets go', () => {
    using world = openWorld(place())
    const { blobs } = world
    const { cid, bytes, link } = rawBlob('shared')
    world.setPolicy(1, all)
    world.setPolicy(2, all)
    world.show(1, 1, [link])
    world.show(2, 2, [link])
    blobs.putBlock(cid, bytes)
    world.drop(2)
    blobs.settleHolds()
    expect(blobs.block(cid)).toEqual(bytes)
    world.drop(1)
    blobs.settleHolds()
    expect(blobs.block(cid)).toBeNull()
  })

  test('[B7] [B15] a DAG is fetched level by level, and shared blocks outlive one of its roots', async () => {
    using world = openWorld(place())
    const { blobs } = world
    const [one, two] = [await dag('same', 5), await dag('same', 8)]
    world.setPolicy(1, all)
    world.show(1, 1, [one.link])
    world.show(2, 1, [two.link])
    expect(fetchAll(world, one.cid, one.blocks)).toEqual({ type: 'complete', bytes: one.size })
    expect(blobs.blobState(two.cid)).toEqual({ type: 'absent' })
    blobs.putBlock(...two.blocks[0]!)
    expect(blobs.blobState(two.cid)).toEqual({ type: 'partial', missing: 3 })
    expect(fetchAll(world, two.cid, two.blocks)).toEqual({ type: 'complete', bytes: two.size })
    world.drop(1)
    blobs.settleHolds()
    expect(blobs.blobState(one.cid)).toEqual({ type: 'absent' })
    expect(blobs.blobState(two.cid)).toEqual({ type: 'complete', bytes: two.size })
    for (const [cid, bytes] of two.blocks) expect(blobs.block(cid)).toEqual(bytes)
    expect(blobs.blobUsage()).toMatchObject({ bytes: two.size, heldBytes: two.size })
    world.drop(2)
    expect(blobs.blobUsage()).toMatchObject({ blocks: 0, bytes: 0 })
    expect(world.blocks.first('select count(*) as n from block_edges')).toEqual({ n: 0 })
    expect(world.blocks.first('select count(*) as n from blocks')).toEqual({ n: 0 })
  })

  test('[R7] the roots above a block, wherever it lies below them, while they are held', async () => {
    using world = openWorld(place())
    const { blobs } = world
    world.setPolicy(1, all)
    const large = await dag('large', 180)
    world.show(1, 1, [large.link])
    const [[, top] = [], ...rest] = large.blocks
    const leaf = large.blocks.at(-1)![0]
    expect([...blobs.rootsAbove(leaf)]).toEqual([])
    expect(top).toBeDefined()
    blobs.putBlocks([large.blocks[0]!])
    expect([...blobs.rootsAbove(leaf)]).toEqual([])
    blobs.putBlocks(rest)
    expect([...blobs.rootsAbove(leaf)]).toEqual([large.cid])
    expect([...blobs.rootsAbove(large.cid)]).toEqual([large.cid])
    // A part of it that is held too is nearer.
    blobs.hold(leaf, 'x')
    expect([...blobs.rootsAbove(leaf)]).toEqual([leaf, large.cid])
    blobs.release(leaf, 'x')
    world.drop(1)
    blobs.settleHolds()
    expect([...blobs.rootsAbove(leaf)]).toEqual([])
  })

  test('[B17] the text of an entry is wanted whatever the policy says of files', () => {
    using world = openWorld(place())
    const { blobs } = world
    const [text, file, long] = [rawBlob('text', 300), rawBlob('file', 300), rawBlob('long', 262_145)]
    const roots = () => blobs.wantedBlobs(10).map(({ root }) => root)
    world.setPolicy(1, { type: 'none' })
    world.show(1, 1, [text.link, file.link], { content: text.cid as RawCid })
    world.show(2, 1, [long.link], { content: long.cid as RawCid })
    expect(roots()).toEqual([text.cid])
    world.setPolicy(1, { type: 'up-to', bytes: 100 })
    expect(roots()).toEqual([text.cid])
    world.setPolicy(1, null)
    expect(roots()).toEqual([])
    world.setPolicy(1, { type: 'none' })
    expect(roots()).toEqual([text.cid])
    blobs.putBlock(text.cid, text.bytes)
    expect(roots()).toEqual([])
    expect(blobs.blobState(text.cid)).toEqual({ type: 'complete', bytes: 300 })
  })

  test('wants: newest first, by policy, each root once, and only what fits', () => {
    using world = openWorld(place())
    const { blobs } = world
    const [a, b, c] = [rawBlob('a', 100), rawBlob('b', 200), rawBlob('c', 300)]
    const roots = () => blobs.wantedBlobs(10).map(({ root }) => root)
    world.setPolicy(1, { type: 'up-to', bytes: 200 })
    world.setPolicy(2, { type: 'none' })
    world.show(1, 1, [a.link, c.link])
    world.show(2, 1, [b.link])
    world.show(3, 1, [a.link])
    world.show(4, 2, [c.link])
    world.show(5, 3, [c.link])
    expect(roots()).toEqual([a.cid, b.cid])
    expect(blobs.wantedBlobs(1)).toHaveLength(1)
    world.setPolicy(1, all)
    expect(roots()).toEqual([a.cid, b.cid, c.cid])
    blobs.setQuota(250)
    expect(roots()).toEqual([a.cid, b.cid])
    world.setPolicy(1, null)
    expect(roots()).toEqual([])
    expect(blobs.holders(a.cid)).toEqual([])
  })

  test('[B17] what one feed wants and nobody has does not keep out what others want', () => {
    using world = openWorld(place())
    const { blobs } = world
    for (const feed of [1, 2, 3]) world.setPolicy(feed, all)
    const [old, older] = [rawBlob('old', 100), rawBlob('older', 200)]
    world.show(1, 2, [older.link])
    world.show(2, 2, [old.link])
    const absent = Array.from({ length: 300 }, (_, at) => rawBlob(`nowhere ${at}`, 50))
    for (const [at, { link }] of absent.entries()) world.show(at + 3, 1, [link])
    world.show(303, 3, [absent[0]!.link])
    const roots = blobs.wantedBlobs(20).map(({ root }) => root)
    expect(roots).toHaveLength(20)
    expect(roots).toContain(old.cid)
    expect(roots).toContain(older.cid)
    // Its newest first, and the rest of the list is not left empty.
    expect(roots.slice(0, 3)).toContain(absent[299]!.cid)
    expect(roots.filter((root) => absent.slice(280).some(({ cid }) => cid === root))).not.toHaveLength(0)
  })

  test('[B17] with more feeds than fit, each has its turn', () => {
    using world = openWorld(place())
    const { blobs } = world
    const count = 200
    for (let feed = 1; feed <= count; feed++) {
      world.setPolicy(feed, all)
      world.show(feed, feed, [rawBlob(`of ${feed}`, 50).link])
    }
    const seen = new Set<string>()
    for (let turn = 0; turn < 12; turn++) {
      for (const { root } of blobs.wantedBlobs(20)) seen.add(root)
      world.clock.now += wantTurnMs
    }
    expect(seen.size).toBe(count)
  })

  test('[B17] [T16] what one feed wants newest and nobody has does not keep out what it wanted before', () => {
    using world = openWorld(place())
    const { blobs } = world
    world.setPolicy(1, all)
    const links = Array.from({ length: 200 }, (_, at) => rawBlob(`file ${at}`, 50).link)
    for (const [at, link] of links.entries()) world.show(at + 1, 1, [link])
    const seen = new Set<string>()
    const newest = links.slice(190).map(([cid]) => cid)
    for (let turn = 0; turn < 25; turn++) {
      const roots = blobs.wantedBlobs(20).map(({ root }) => root)
      expect(roots).toHaveLength(20)
      for (const root of newest) expect(roots).toContain(root)
      for (const root of roots) seen.add(root)
      world.clock.now += wantTurnMs
    }
    expect(seen.size).toBe(links.length)
  })

  test('[T16] sessions that ask one after the other get one list, until something is written', () => {
    using world = openWorld(place())
    const { blobs } = world
    world.setPolicy(1, all)
    world.show(1, 1, [rawBlob('one', 50).link])
    const first = blobs.wantedBlobs(20)
    expect(blobs.wantedBlobs(20)).toBe(first)
    const other = rawBlob('other', 50)
    world.show(2, 1, [other.link])
    expect(blobs.wantedBlobs(20).map(({ root }) => root)).toContain(other.cid)
    expect(blobs.wantedBlobs(1)).toHaveLength(1)
    blobs.setQuota(10)
    expect(blobs.wantedBlobs(20)).toEqual([])
  })

  test('a detached text that came along needs no block, whether it can be read or not', () => {
    using world = openWorld(place())
    const { blobs } = world
    world.setPolicy(1, all)
    const [read, sealed, absent, picture] = [rawBlob('r'), rawBlob('s'), rawBlob('t'), rawBlob('p')]
    world.show(1, 1, [read.link], { content: read.cid, body: read.bytes })
    world.show(2, 1, [sealed.link, picture.link], {
      content: sealed.cid,
      body: sealed.bytes,
      isEncrypted: true,
    })
    world.show(3, 1, [absent.link], { content: absent.cid })
    expect(blobs.wantedBlobs(10).map(({ root }) => root)).toEqual([absent.cid, picture.cid])
    expect(blobs.block(read.cid)).toEqual(read.bytes)
    expect(blobs.hasBlock(sealed.cid)).toBe(true)
    expect(world.main.first('select count(*) as n from blob_links')).toEqual({ n: 2 })
  })

  test('[B13] a false size breaks that link alone', async () => {
    using world = openWorld(place())
    const { blobs } = world
    const file = await dag('file', 3)
    world.setPolicy(1, all)
    world.show(1, 1, [[file.cid, file.size - 1]])
    expect(fetchAll(world, file.cid, file.blocks)).toEqual({ type: 'refused', code: 'size' })
    expect(blobs.brokenLinks(1)).toEqual([file.cid])
    expect(blobs.blobUsage().blocks).toBe(0)
    expect(blobs.wantedBlobs(10)).toEqual([])
    world.show(2, 1, [file.link])
    expect(blobs.wantedBlobs(10).map(({ root }) => root)).toEqual([file.cid])
    expect(fetchAll(world, file.cid, file.blocks)).toEqual({ type: 'complete', bytes: file.size })
    world.show(3, 1, [[file.cid, file.size + 1]])
    expect([1, 2, 3].map((entry) => blobs.brokenLinks(entry).length)).toEqual([1, 0, 1])
    world.drop(2)
    expect(blobs.blobUsage().blocks).toBe(0)
  })

  test('[B13] [T29] fetching ends when more is here than was said', async () => {
    using world = openWorld(place())
    const { blobs } = world
    const file = await dag('large', 8)
    world.setPolicy(1, { type: 'up-to', bytes: 1000 })
    world.show(1, 1, [[file.cid, 1000]])
    let put = 0
    const source = new Map(file.blocks)
    for (let missing = blobs.missingBlocks(file.cid, 1); missing.length > 0; ) {
      blobs.putBlock(missing[0]!, source.get(missing[0]!)!)
      put++
      missing = blobs.missingBlocks(file.cid, 1)
    }
    expect(blobs.blobState(file.cid)).toEqual({ type: 'refused', code: 'size' })
    expect(put).toBeLessThan(file.blocks.length + 1)
    expect(blobs.blobUsage().blocks).toBe(0)
  })

  test('[B10] a DAG that cannot be is refused, and what came of it goes', () => {
    using world = openWorld(place())
    const { blobs } = world
    const part = rawLink(new Uint8Array(10), sha256)
    const bad = fileBlock([part], { size: 11 }, sha256)
    world.setPolicy(1, all)
    world.show(1, 1, [[bad.cid, 100]])
    blobs.putBlock(bad.cid, bad.bytes)
    expect(blobs.missingBlocks(bad.cid, 10)).toEqual([])
    expect(blobs.completeBlob(bad.cid)).toEqual({ type: 'refused', code: 'bad-block' })
    expect(blobs.blobUsage().blocks).toBe(0)
    blobs.putBlock(bad.cid, bad.bytes)
    expect(blobs.hasBlock(bad.cid)).toBe(false)
  })

  test('[B15] pins hold, alone or with entries', () => {
    using world = openWorld(place())
    const { blobs } = world
    const { cid, bytes } = rawBlob('pinned')
    blobs.hold(cid, 'pin')
    blobs.hold(cid, 'lease:1')
    blobs.putBlock(cid, bytes)
    expect(blobs.holders(cid)).toEqual(['lease:1', 'pin'])
    blobs.release(cid, 'pin')
    expect(blobs.hasBlock(cid)).toBe(true)
    blobs.release(cid, 'lease:1')
    expect(blobs.hasBlock(cid)).toBe(false)
  })

  test('a hold with an end is over at the sweep after it; unheld blocks go a day after their use', () => {
    using world = openWorld(place())
    const { blobs, clock } = world
    const [held, loose] = [rawBlob('held'), rawBlob('loose')]
    blobs.holdUntil(held.cid, 'upload', clock.now + 1000)
    blobs.putBlocks([
      [held.cid, held.bytes],
      [loose.cid, loose.bytes],
    ])
    clock.now += 1000
    blobs.sweepBlobs()
    expect([blobs.hasBlock(held.cid), blobs.hasBlock(loose.cid)]).toEqual([true, true])
    clock.now += 1
    blobs.sweepBlobs()
    expect([blobs.hasBlock(held.cid), blobs.hasBlock(loose.cid)]).toEqual([false, true])
    clock.now += 25 * 60 * 60 * 1000
    blobs.sweepBlobs()
    expect(blobs.hasBlock(loose.cid)).toBe(false)
  })

  test('[B15] [B20] over quota: the unheld go, what is held when it is let go, else there is no room', async () => {
    using world = openWorld(place())
    const { blobs, clock } = world
    const names = ['loose', 'mine', 'theirs', 'newer', 'last', 'more']
    const [loose, mine, theirs, newer, last, more] = names.map((name) => rawBlob(name)) as [
      ReturnType<typeof rawBlob>,
      ...ReturnType<typeof rawBlob>[],
    ]
    world.setPolicy(1, all)
    world.show(1, 1, [mine!.link])
    world.show(2, 1, [theirs!.link])
    world.show(3, 1, [newer!.link])
    blobs.setQuota(4000)
    for (const { cid, bytes } of [loose, mine!, theirs!, newer!]) {
      blobs.putBlock(cid, bytes)
      clock.now += 1000
    }
    blobs.hold(last!.cid, 'pin')
    blobs.hold(more!.cid, 'pin')
    blobs.putBlock(last!.cid, last!.bytes)
    expect(blobs.hasBlock(loose.cid)).toBe(false)
    expect(() => blobs.putBlock(more!.cid, more!.bytes)).toThrow(
      expect.objectContaining({ code: 'storage-full' }),
    )
    blobs.letGo?.([theirs!.cid, last!.cid])
    blobs.putBlock(more!.cid, more!.bytes)
    expect([theirs!, newer!].map(({ cid }) => blobs.hasBlock(cid))).toEqual([false, true])
    expect(blobs.blobState(theirs!.cid)).toEqual({ type: 'absent' })
    expect(blobs.wantedBlobs(10)).toEqual([])
    expect(() => blobs.putBlock(loose.cid, loose.bytes)).toThrow(
      expect.objectContaining({ code: 'storage-full' }),
    )
    expect(blobs.blobUsage()).toEqual({ blocks: 4, bytes: 4000, heldBytes: 4000, quotaBytes: 4000 })
    blobs.setQuota(null)
    blobs.putBlock(theirs!.cid, theirs!.bytes)
    expect(blobs.blobState(theirs!.cid)).toEqual({ type: 'complete', bytes: 1000 })
  })

  test('[B20] what is let go is not asked for until it is wanted back, and pins and shared blocks stay', async () => {
    using world = openWorld(place())
    const { blobs } = world
    const [picture, pinned] = [rawBlob('picture'), rawBlob('pinned')]
    const [long, other] = [await dag('same', 5), await dag('same', 8)]
    world.setPolicy(1, all)
    world.show(1, 1, [picture.link, pinned.link, long.link, other.link])
    blobs.putBlocks([
      [picture.cid, picture.bytes],
      [pinned.cid, pinned.bytes],
    ])
    for (const { cid, blocks } of [long, other]) {
      blobs.putBlocks(blocks)
      blobs.completeBlob(cid)
    }
    blobs.hold(pinned.cid, 'pin')
    const before = blobs.filesByFeed?.().get(world.identity(1))
    expect(before?.isLetGo).toBe(false)
    const gone = [picture.cid, long.cid]
    blobs.letGo?.([...gone, pinned.cid])
    expect(gone.map((root) => blobs.blobState(root).type)).toEqual(['absent', 'absent'])
    expect(blobs.hasBlock(pinned.cid)).toBe(true)
    for (const [cid, bytes] of other.blocks) expect(blobs.block(cid)).toEqual(bytes)
    expect(blobs.wantedBlobs(10)).toEqual([])
    world.setPolicy(1, all)
    expect(blobs.wantedBlobs(10)).toEqual([])
    const after = blobs.filesByFeed?.().get(world.identity(1))
    expect(after).toEqual({ bytes: (before?.bytes ?? 0) - picture.link[1] - long.link[1], isLetGo: true })
    blobs.wantBack?.([...gone, pinned.cid])
    expect(new Set(blobs.wantedBlobs(10).map(({ root }) => root))).toEqual(new Set(gone))
    for (const [cid, bytes] of [[picture.cid, picture.bytes] as const, ...long.blocks]) {
      blobs.putBlock(cid, bytes)
    }
    blobs.completeBlob(long.cid)
    expect(blobs.filesByFeed?.().get(world.identity(1))).toEqual(before)
    expect(blobs.wantedBlobs(10)).toEqual([])
  })
})

test('what a crash keeps from the block file is carried over later', () => {
  const at = newFolder()
  const { cid, bytes, link } = rawBlob('crash')
  {
    using world = openWorld(at)
    world.setPolicy(1, all)
    world.show(1, 1, [link])
    world.blobs.putBlock(cid, bytes)
    world.drop(1)
  }
  using world = openWorld(at)
  expect(world.blobs.blobUsage().blocks).toBe(0)
})

test('a block file that lost its last writes is found out, and everything is wanted again', () => {
  const at = newFolder()
  const { cid, bytes, link } = rawBlob('lost')
  {
    using world = openWorld(at)
    world.setPolicy(1, all)
    world.show(1, 1, [link])
    world.blobs.putBlock(cid, bytes)
    expect(world.blobs.wantedBlobs(1)).toEqual([])
  }
  for (const end of ['', '-wal', '-shm']) medium.deleteFile(`${at}/blocks.sqlite${end}`)
  using world = openWorld(at)
  world.setPolicy(1, all)
  expect(world.blobs.wantedBlobs(1).map(({ root }) => root)).toEqual([cid])
  world.blobs.putBlock(cid, bytes)
  expect(world.blobs.blobUsage().heldBytes).toBe(1000)
})

test('what a roll-back brings back is wanted again', () => {
  using world = openWorld(null)
  const { cid, link } = rawBlob('back')
  world.setPolicy(1, all)
  world.show(1, 1, [link])
  expect(() =>
    world.changes.commit(() => {
      world.blobs.hide(1)
      world.blobs.drop(1)
      expect(world.blobs.wantedBlobs(1)).toEqual([])
      throw new Error('full')
    }),
  ).toThrow('full')
  expect(world.blobs.wantedBlobs(1).map(({ root }) => root)).toEqual([cid])
})

test('pins are seen, whether there were none before or a roll-back took them', () => {
  using world = openWorld(null)
  const { cid } = rawBlob('pin')
  expect([...world.blobs.heldAs('pin', 5)]).toEqual([])
  world.blobs.hold(cid, 'pin')
  expect([...world.blobs.heldAs('pin', 5)]).toEqual([cid])
  world.blobs.release(cid, 'pin')
  expect([...world.blobs.heldAs('pin', 5)]).toEqual([])
  world.blobs.hold(cid, 'pin')
  expect(() =>
    world.changes.commit(() => {
      world.blobs.release(cid, 'pin')
      expect([...world.blobs.heldAs('pin', 5)]).toEqual([])
      throw new Error('full')
    }),
  ).toThrow('full')
  expect([...world.blobs.heldAs('pin', 5)]).toEqual([cid])
})

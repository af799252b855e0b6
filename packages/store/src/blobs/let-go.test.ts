/** What is let go of while something else is written, or while blocks of it belong to something that nothing holds (spec S60). */
import { cidBytes, type RawCid } from '@effigy/core'
import { expect, test } from 'vitest'
import { openWorld, rawBlob, type World } from '../../test/blob-world.ts'
import { createMemoryBlocks } from '../files/blocks.ts'
import { importFile } from '../files/import-file.ts'
import { dagBlocks } from '../files/walk.ts'
import { transaction } from '../sqlite.ts'
import { countWrite, writeRow } from './block-rows.ts'
import type { BlockWriter } from './block-writer.ts'

const { signal } = new AbortController()
const all = { type: 'all' } as const
const chunkBytes = 262_144

test('what comes in whole is held by nobody when all that name it state another size, and the rest goes on', () => {
  using world = openWorld(null)
  const { cid, bytes } = rawBlob('another size')
  world.setPolicy(1, all)
  world.show(1, 1, [[cid, 3]])
  world.setPolicy(1, null)
  world.blobs.putBlock(cid, bytes)
  expect(world.blobs.blobState(cid).type).toBe('complete')
  expect(world.blobs.blobUsage()).toMatchObject({ blocks: 1, heldBytes: 0 })
})

test('more is let go of than one settling carries over, and what comes meanwhile is whole', () => {
  using world = openWorld(null)
  world.setPolicy(1, all)
  world.setPolicy(2, all)
  const many = Array.from({ length: 2500 }, (_, at) => rawBlob(`one of many ${at}`, 100))
  many.forEach(({ link }, at) => {
    world.show(at + 1, 1, [link])
  })
  while (!world.blobs.settleHolds());
  world.blobs.putBlocks(many.map(({ cid, bytes }) => [cid, bytes]))
  const other = rawBlob('another one')
  world.show(9_000, 2, [other.link])
  while (!world.blobs.settleHolds());
  world.setPolicy(1, null)
  world.blobs.putBlock(other.cid, other.bytes)
  expect(world.blobs.wantedBlobs(10)).toEqual([])
  expect(world.completed).toContain(other.cid)
  expect(world.blobs.blobUsage()).toMatchObject({ blocks: 1, heldBytes: 1000 })
})

test('[S16] an entry that is dropped while blocks are written beside everything else takes nothing away from them', async () => {
  const gate = Promise.withResolvers<void>()
  const writer: BlockWriter = {
    async write(blocks, at) {
      await gate.promise
      transaction(world.blocks, () => {
        for (const [cid, bytes] of blocks) writeRow(world.blocks, cidBytes(cid), bytes, at)
        countWrite(world.blocks)
      })
      return { type: 'written', counts: { blocks: blocks.length, bytes: 1000, heldBytes: 1000 } }
    },
  }
  using world: World = openWorld(null, { writer })
  const [before, next] = [rawBlob('before'), rawBlob('next')]
  world.setPolicy(1, all)
  world.show(1, 1, [before.link])
  world.show(2, 1, [next.link])
  world.blobs.putBlock(before.cid, before.bytes)
  const written = world.blobs.writeBlocks?.([[next.cid, next.bytes]])
  world.drop(1)
  gate.resolve()
  await written
  expect(world.completed).toEqual([before.cid, next.cid])
  expect(world.blobs.hasBlock(before.cid)).toBe(false)
  expect(world.blobs.wantedBlobs(10)).toEqual([])
})

test('[S60] what nothing holds is not taken to be complete any more when blocks of it go with something else', async () => {
  using world = openWorld(null)
  const { blobs } = world
  const [held, loose] = [await fileOf(3), await fileOf(2)]
  world.setPolicy(1, all)
  world.show(1, 1, [[held.cid, held.size]])
  blobs.putBlocks([...held.blocks, ...loose.blocks])
  expect([blobs.completeBlob(held.cid).type, blobs.completeBlob(loose.cid).type]).toEqual([
    'complete',
    'complete',
  ])
  world.drop(1)
  blobs.settleHolds()
  expect(blobs.hasBlock(loose.chunk)).toBe(false)
  expect(blobs.blobState(loose.cid).type).not.toBe('complete')
  world.show(2, 1, [[loose.cid, loose.size]])
  expect(blobs.wantedBlobs(10).map(({ root }) => root)).toEqual([loose.cid])
  expect(blobs.missingBlocks(loose.cid, 10)).toContain(loose.chunk)
})

test('[S60] what shares blocks with hundreds of roots that go, and comes before all are gone, misses what went with them', async () => {
  using world = openWorld(null)
  const { blobs } = world
  const [long, short] = [await fileOf(3), await fileOf(2)]
  world.setPolicy(1, all)
  world.setPolicy(2, all)
  const many = Array.from({ length: 2500 }, (_, at) => rawBlob(`one of many ${at}`, 100))
  many.forEach(({ link }, at) => {
    world.show(at + 1, 1, [link])
  })
  world.show(8_000, 1, [[long.cid, long.size]])
  while (!blobs.settleHolds());
  blobs.putBlocks([...many.map(({ cid, bytes }) => [cid, bytes] as const), ...long.blocks, ...short.blocks])
  blobs.completeBlob(long.cid)
  world.setPolicy(1, null)
  world.show(9_000, 2, [[short.cid, short.size]])
  blobs.completeBlob(short.cid)
  while (!blobs.settleHolds());
  const isHere = () => short.blocks.every(([cid]) => blobs.hasBlock(cid))
  const isComplete = blobs.blobState(short.cid).type === 'complete'
  if (isComplete) expect(isHere()).toBe(true)
  else expect(blobs.wantedBlobs(10).map(({ root }) => root)).toEqual([short.cid])
  const missing = new Set(blobs.missingBlocks(short.cid, 10))
  blobs.putBlocks(short.blocks.filter(([cid]) => missing.has(cid)))
  expect(blobs.completeBlob(short.cid).type).toBe('complete')
  blobs.sweepBlobs()
  world.clock.now += 25 * 60 * 60 * 1000
  blobs.sweepBlobs()
  expect(isHere()).toBe(true)
  expect(blobs.wantedBlobs(10)).toEqual([])
})

test('what is let go of to make room stays where something else that is held consists of it', async () => {
  using world = openWorld(null)
  const { blobs } = world
  const file = await fileOf(2)
  world.setPolicy(1, all)
  world.show(1, 1, [[file.cid, file.size]])
  world.show(2, 1, [[file.chunk, chunkBytes]])
  blobs.putBlocks(file.blocks)
  expect(blobs.completeBlob(file.cid).type).toBe('complete')
  blobs.letGo?.([file.chunk])
  expect(blobs.hasBlock(file.chunk)).toBe(true)
  blobs.letGo?.([file.cid])
  expect(blobs.blobState(file.cid).type).not.toBe('complete')
})

/** Of so many chunks; a shorter one is the beginning of a longer one. */
async function fileOf(chunks: number) {
  const memory = createMemoryBlocks()
  const bytes = new Uint8Array(chunks * chunkBytes)
  for (let at = 0; at < chunks; at++) bytes.fill(at + 1, at * chunkBytes, (at + 1) * chunkBytes)
  const { cid, dagSize: size } = await importFile([bytes], memory, { signal })
  const blocks = [...dagBlocks(cid, memory)].map((block) => {
    if (!block.ok) throw new Error(block.error.code)
    return [block.value.cid, block.value.bytes] as const
  })
  const chunk = blocks.find(([, { length }]) => length === chunkBytes)?.[0] as RawCid
  return { cid, size, blocks, chunk }
}

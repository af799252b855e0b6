/** Which wanted roots fit into a bounded room, by what is here of them (spec B17). */
import type { Cid } from '@effigy/core'
import { expect, test } from 'vitest'
import { openWorld, rawBlob, type World } from '../../test/blob-world.ts'
import { createMemoryBlocks } from '../files/blocks.ts'
import { importFile } from '../files/import-file.ts'
import { dagBlocks } from '../files/walk.ts'

const chunk = 262_144

/** A file of so many chunks, each its own bytes; the root comes first. */
async function file(name: string, chunks: number) {
  const memory = createMemoryBlocks()
  const bytes = new Uint8Array(chunks * chunk)
  for (let at = 0; at < chunks; at++) bytes.set(new TextEncoder().encode(`${name} ${at}`), at * chunk)
  const { cid, dagSize } = await importFile([bytes], memory, { signal: new AbortController().signal })
  const blocks = [...dagBlocks(cid, memory)].map((block) => {
    if (!block.ok) throw new Error(block.error.code)
    return [block.value.cid, block.value.bytes] as const
  })
  return { root: cid, blocks, size: dagSize }
}

type File = Awaited<ReturnType<typeof file>>

/** Entries of one feed name them, the last the newest. */
async function wanting(...sizes: readonly number[]) {
  const world = openWorld(null)
  world.setPolicy(1, { type: 'all' })
  const files: File[] = []
  for (const [at, chunks] of sizes.entries()) {
    const made = await file(`file ${at}`, chunks)
    files.push(made)
    world.show(at + 1, 1, [[made.root, made.size]])
  }
  return { world, files: files as [File, File, File] }
}

const roots = ({ blobs }: World): readonly Cid[] => blobs.wantedBlobs(10).map(({ root }) => root)

test('[B17] what is here of a root needs no room: it is wanted to its last block', async () => {
  const { world, files } = await wanting(8)
  using _world = world
  const [{ root, blocks, size }] = files
  world.blobs.setQuota(size)
  for (const block of blocks) {
    expect(roots(world)).toEqual([root])
    world.blobs.putBlocks([block])
  }
  expect(world.blobs.completeBlob(root).type).toBe('complete')
})

test('[B17] of files that began together, for which there is no room, who lacks least goes on, and then the others', async () => {
  const { world, files } = await wanting(6, 8)
  using _world = world
  const [less, more] = files
  const { blobs } = world
  blobs.setQuota(10 * chunk)
  expect(roots(world).toSorted()).toEqual([less.root, more.root].toSorted())
  blobs.putBlocks(more.blocks.slice(0, 3))
  blobs.putBlocks(less.blocks.slice(0, 5))
  // 4 chunks are left: 2 are for the one, and the other lacks 6.
  for (const block of less.blocks.slice(5)) {
    expect(roots(world)).toEqual([less.root])
    blobs.putBlocks([block])
  }
  expect(blobs.completeBlob(less.root).type).toBe('complete')
  expect(roots(world)).toEqual([])
  blobs.setQuota(15 * chunk)
  expect(roots(world)).toEqual([more.root])
})

test('[B17] the room of what comes now is nobody else’s; what came long ago keeps nothing out', async () => {
  const { world, files } = await wanting(6, 4)
  using _world = world
  const [begun, fresh] = files
  const small = rawBlob('small', 1000)
  world.show(9, 1, [small.link])
  const { blobs } = world
  blobs.setQuota(8 * chunk)
  blobs.putBlocks(begun.blocks.slice(0, 3))
  expect(roots(world).toSorted()).toEqual([begun.root, small.cid].toSorted())
  world.clock.now += 11 * 60_000
  expect(roots(world)).toContain(fresh.root)
  expect(roots(world)).toContain(begun.root)
})

test('[B17] [T29] a size that is false in somebody else’s entry keeps no file out that has begun', async () => {
  const { world, files } = await wanting(6)
  using _world = world
  const [{ root, blocks }] = files
  world.setPolicy(2, { type: 'all' })
  world.show(9, 2, [[root, 40 * chunk]])
  world.blobs.setQuota(8 * chunk)
  world.blobs.putBlocks(blocks.slice(0, 4))
  expect(roots(world)).toEqual([root])
})

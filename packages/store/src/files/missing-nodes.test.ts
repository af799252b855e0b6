import { type Cid, isRawCid } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createMemoryBlocks } from './blocks.ts'
import { listDirectory, resolvePath } from './directory.ts'
import { importDirectory } from './import-directory.ts'
import { missingBelow, missingNodes } from './missing-nodes.ts'
import { dagBlocks } from './walk.ts'

const { signal } = new AbortController()
const random = createRandom('nodes')

async function makeTree(files: Readonly<Record<string, number>>) {
  const blocks = createMemoryBlocks()
  const sources = Object.entries(files).map(([path, size]) => ({ path, content: [random.bytes(size)] }))
  const imported = await importDirectory(sources, blocks, { signal })
  if (!imported.ok) throw new Error(imported.error.code)
  return { root: imported.value.cid, blocks }
}

/** Fetches what is named as missing until nothing is; gives what was fetched. */
function browse(from: ReturnType<typeof createMemoryBlocks>, missing: (here: typeof from) => readonly Cid[]) {
  const here = createMemoryBlocks()
  const fetched: Cid[] = []
  for (;;) {
    const cids = missing(here)
    if (cids.length === 0) return { here, fetched }
    for (const cid of cids) {
      expect(here.has(cid)).toBe(false)
      here.put(cid, from.get(cid)!)
      fetched.push(cid)
    }
  }
}

const got = <Value>(result: { ok: true; value: Value } | { ok: false; error: { code: string } }) => {
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

test('[B19] a directory is listed with the nodes on its path alone', async () => {
  const { root, blocks } = await makeTree({ 'a/b/c.bin': 700_000, 'a/d/e.bin': 10, 'f/g.bin': 900_000 })
  const { here, fetched } = browse(blocks, (here) => got(missingNodes(root, 'a/b', here, 100)))
  expect(fetched).toHaveLength(3)
  expect(got(listDirectory(got(resolvePath(root, 'a/b', here)).cid, here))).toMatchObject([{ name: 'c.bin' }])
})

test('[B19] a sharded one with its shards, and no file in it', async () => {
  const names = Array.from({ length: 6000 }, (_, index) => `${'long '.repeat(10)}${index}.bin`)
  const { root, blocks } = await makeTree(Object.fromEntries(names.map((name) => [`big/${name}`, 3])))
  const { here, fetched } = browse(blocks, (here) => got(missingNodes(root, 'big', here, 1000)))
  expect(fetched.some(isRawCid)).toBe(false)
  expect(got(listDirectory(got(resolvePath(root, 'big', here)).cid, here))).toHaveLength(6000)
  // One file of it: a shard a level.
  const one = browse(blocks, (here) => got(missingBelow(root, `big/${names[77]}`, here, 1000)))
  expect(one.fetched.length).toBeLessThan(8)
})

test('[B19] of one file all blocks, and nothing beside it', async () => {
  const { root, blocks } = await makeTree({ 'a/b.bin': 700_000, 'a/c.bin': 900_000 })
  const { here, fetched } = browse(blocks, (here) => got(missingBelow(root, 'a/b.bin', here, 2)))
  expect(fetched).toHaveLength(2 + 1 + 3)
  const file = got(resolvePath(root, 'a/b.bin', here))
  expect([...dagBlocks(file.cid, here)]).toHaveLength(4)
})

test('[B10] [B19] what is not there, or is no directory, is an error and not fetched for ever', async () => {
  const { root, blocks } = await makeTree({ 'a/b.bin': 700_000 })
  expect(missingNodes(root, 'a/x', blocks, 10)).toMatchObject({ ok: false, error: { code: 'not-found' } })
  expect(missingNodes(root, 'a/b.bin', blocks, 10)).toMatchObject({ ok: true, value: [] })
  expect(missingBelow(root, '../a', blocks, 10)).toMatchObject({ ok: false, error: { code: 'bad-path' } })
})

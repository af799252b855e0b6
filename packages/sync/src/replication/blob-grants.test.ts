import { type Cid, isRawCid } from '@effigy/core'
import { createMemoryBlocks, dagBlocks, importFile } from '@effigy/store'
import { createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createBlobGrants } from './blob-grants.ts'

/** A file of three parts, what is shared, what the store was asked, and the time. */
async function world() {
  const blocks = createMemoryBlocks()
  const content = createRandom('grants').bytes(3 * 262_144)
  const { cid: root } = await importFile([content], blocks, { signal: new AbortController().signal })
  const all = [...dagBlocks(root, blocks)].map((block) => (block.ok ? block.value.cid : root))
  const parts = all.filter((cid) => isRawCid(cid))
  const shared = new Set<Cid>([root])
  const asked: Cid[] = []
  const time = { ms: 0 }
  const grants = createBlobGrants({
    store: {
      rootsAbove(cid) {
        asked.push(cid)
        return parts.includes(cid as (typeof parts)[number]) ? [root] : []
      },
    },
    sharing: { blob: (cid) => shared.has(cid) },
    monotonic: () => time.ms,
  })
  return { grants, root, parts, blocks, shared, asked, time }
}

test('[R8] parts of what is shared are, whether its node was given before or not', async () => {
  const { grants, root, parts, blocks, asked } = await world()
  const [first, second] = parts as readonly Cid[] as readonly [Cid, Cid]
  expect(grants.has(first)).toBe(true)
  expect(asked).toEqual([first])
  grants.learn(root, blocks.get(root)!)
  expect(parts.every(grants.has)).toBe(true)
  expect(grants.has(second)).toBe(true)
  expect(asked).toEqual([first])
})

test('[R8] what is shared no longer ends, and so do its parts', async () => {
  const { grants, root, parts, blocks, shared, time } = await world()
  grants.learn(root, blocks.get(root)!)
  expect(parts.every(grants.has)).toBe(true)
  shared.clear()
  time.ms = 1_000
  expect([root, ...parts].some(grants.has)).toBe(false)
})

test('[R8] a node that they may not have teaches nothing, nor do bytes that are no node', async () => {
  const { grants, root, parts, blocks, shared } = await world()
  shared.clear()
  grants.learn(root, blocks.get(root)!)
  grants.learn(root, Uint8Array.of(1, 2, 3))
  expect(parts.some(grants.has)).toBe(false)
})

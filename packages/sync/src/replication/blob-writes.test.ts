import { type Cid, dagCidOfDigest, EffigyError, type RawCid, rawCid } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { expect, test } from 'vitest'
import { createBlobWrites } from './blob-writes.ts'

const { sha256 } = createNodeCrypto()

interface Block {
  readonly cid: Cid
  readonly whole: Uint8Array
}

function block(name: number, length = 200_000): Block {
  const whole = new Uint8Array(length).fill(name)
  whole[0] = name >> 8
  return { cid: rawCid(whole, sha256), whole }
}

/** A store whose slow writes end by hand, and what became of the blocks. */
function world(canWriteBeside = true) {
  const beside: { readonly cids: readonly Cid[]; readonly done: PromiseWithResolvers<void> }[] = []
  const put: Cid[][] = []
  const written: { readonly cids: readonly Cid[]; readonly hasRoom: boolean }[] = []
  const soon: (() => void)[] = []
  const unwritten = { blocks: 0 }
  const writes = createBlobWrites<Block>({
    store: {
      putBlocks: (blocks) => void put.push(Array.from(blocks, ([cid]) => cid)),
      writeBlocks: canWriteBeside
        ? (blocks: readonly (readonly [RawCid, Uint8Array])[]) => {
            const done = Promise.withResolvers<void>()
            beside.push({ cids: blocks.map(([cid]) => cid), done })
            return done.promise
          }
        : null,
    },
    effects: {
      after: () => ({ [Symbol.dispose]: () => undefined }),
      soon: (run) => void soon.push(run),
    },
    transfers: { unwritten },
    before: () => undefined,
    onWritten: (blocks, hasRoom) => written.push({ cids: blocks.map(({ cid }) => cid), hasRoom }),
  })
  /** Runs what waits for its turn. */
  const turn = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    for (const run of soon.splice(0)) run()
  }
  return { writes, beside, put, written, unwritten, turn }
}

const row = (from: number, count: number): Block[] =>
  Array.from({ length: count }, (_, index) => block(from + index))
const cidsOf = (blocks: readonly Block[]): Cid[] => blocks.map(({ cid }) => cid)

/** Of 200,000 bytes: so many are written together. */
const enough = 11

test('[R7] many are written beside what comes next, and count once that is done; their bytes are freed at once', async () => {
  const { writes, beside, written, turn, put, unwritten } = world()
  const all = row(0, 2 * enough + 3)
  const names = cidsOf(all)
  for (const one of all) writes.add(one, false)
  const [first, second] = [names.slice(0, enough), names.slice(enough, 2 * enough)]
  expect(beside.map(({ cids }) => cids)).toEqual([first, second])
  expect(all.map(({ whole }) => whole.length > 0)).toEqual(names.map((_, index) => index >= 2 * enough))
  await turn()
  expect([written, put]).toEqual([[], []])
  expect([writes.waiting, unwritten.blocks]).toEqual([2 * enough + 3, 3])
  beside[0]?.done.resolve()
  await turn()
  expect(written).toEqual([{ cids: first, hasRoom: true }])
  expect(writes.waiting).toBe(enough + 3)
})

test('[R7] little, or what others wait for, is written at once; so is all where a node is among it, or the store cannot do otherwise', () => {
  const little = world()
  const few = row(0, 3)
  for (const [index, one] of few.entries()) little.writes.add(one, index === 2)
  expect([little.put.length, little.beside.length, little.written.length]).toEqual([1, 0, 1])
  const never = world(false)
  for (const one of row(0, 32)) never.writes.add(one, false)
  expect([never.put[0]?.length, never.written.length]).toEqual([32, 1])
  const node = world()
  node.writes.add({ ...block(99, 10), cid: dagCidOfDigest(new Uint8Array(32)) }, false)
  for (const one of row(0, 31)) node.writes.add(one, false)
  expect([node.put[0]?.length, node.beside.length]).toEqual([32, 0])
})

test('[R7] [T25] without room it says so, and next time keeps what fits', async () => {
  const { writes, beside, written, turn, put } = world()
  for (const one of row(0, enough)) writes.add(one, false)
  beside[0]?.done.reject(new EffigyError('storage-full', 'full'))
  await turn()
  expect(written.map(({ hasRoom }) => hasRoom)).toEqual([false])
  for (const one of row(100, 32)) writes.add(one, false)
  expect([beside.length, put.length]).toEqual([1, 1])
})

test('[R7] a store that fails is told to the session', async () => {
  const { writes, beside, written, turn } = world()
  for (const one of row(0, enough)) writes.add(one, false)
  beside[0]?.done.reject(new EffigyError('storage-damaged', 'damaged'))
  await expect(turn()).rejects.toThrow('damaged')
  expect(written).toEqual([])
})

test('[R7] at the end what waits is written, and what is under way is left to the store', async () => {
  const { writes, beside, put, unwritten } = world()
  for (const one of row(0, enough + 8)) writes.add(one, false)
  writes.close()
  expect([beside[0]?.cids.length, put[0]?.length, unwritten.blocks]).toEqual([enough, 8, 0])
})

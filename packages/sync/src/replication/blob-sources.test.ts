/** One file from several sources: each is asked for other blocks, and none of them can hold the rest up. */
import type { Cid } from '@effigy/core'
import { createMemoryBlocks, dagBlocks, importFile } from '@effigy/store'
import { createNetwork, createRandom } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import {
  connect,
  createPeer,
  createWorld,
  createWriter,
  type TestPeer,
  until,
  type World,
} from '../../test/replication-kit.ts'

const random = createRandom('sources')

async function makeFile(length: number) {
  const memory = createMemoryBlocks()
  const { cid, dagSize } = await importFile([random.bytes(length)], memory, {
    signal: new AbortController().signal,
  })
  const blocks = [...dagBlocks(cid, memory)].map((block) => {
    if (!block.ok) throw new Error(block.error.code)
    return [block.value.cid, block.value.bytes] as const
  })
  return { root: cid, size: dagSize, blocks }
}

interface Source {
  readonly peer: TestPeer
  /** Blocks that it gave, in order. */
  readonly given: Cid[]
}

/** Bob wants a file that so many others hold; `blocksOf` says which of its blocks each has. */
async function swarm(
  length: number,
  count: number,
  options: { readonly without?: (source: number, block: number) => boolean } = {},
) {
  const world = createWorld()
  const writer = await createWriter('writer')
  const file = await makeFile(length)
  const written = await writer.write([{ text: 'a file', links: [[file.root, file.size]] }])
  const sources: Source[] = []
  for (let index = 0; index < count; index++) {
    const peer = await createPeer(world, `source ${index}`)
    peer.watch(writer.identity)
    peer.store.appendOwn(written, writer.record)
    peer.store.putBlocks(file.blocks.filter((_, block) => options.without?.(index, block) !== true))
    peer.store.completeBlob(file.root)
    const given: Cid[] = []
    const { store } = peer
    const counting = new Proxy(store, {
      get: (target, key) =>
        key === 'block'
          ? (cid: Cid) => {
              given.push(cid)
              return target.block(cid)
            }
          : Reflect.get(target, key, target),
    })
    sources.push({ peer: { ...peer, store: counting }, given })
  }
  const bob = await createPeer(world, 'bob')
  bob.watch(writer.identity)
  return { world, bob, sources, ...file }
}

const lineOf = (world: World, bytesPerSecond: number) =>
  createNetwork({ clock: world.clock, random: createRandom('line'), latencyMs: 20, bytesPerSecond })

const isComplete = (bob: TestPeer, root: Cid) => bob.store.blobState(root).type === 'complete'

describe('[R7] several sources', () => {
  test('each gives other blocks, hardly one twice, and together they are faster', async () => {
    const { world, bob, sources, root, blocks } = await swarm(60 * 262_144, 3)
    const ends = []
    for (const { peer } of sources) {
      ends.push(await connect(bob, peer, lineOf(world, 2_000_000).pair('bob', peer.name)))
    }
    const startMs = world.clock.monotonic()
    expect(await until(world, () => isComplete(bob, root))).toBe(true)
    // One alone takes 7.9 s.
    expect(world.clock.monotonic() - startMs).toBeLessThan(4_000)
    const given = sources.map((source) => source.given.filter((cid) => cid !== root).length)
    for (const count of given) expect(count).toBeGreaterThan(10)
    expect(given.reduce((sum, count) => sum + count)).toBeLessThan(blocks.length + 10)
    for (const { end } of ends) await end()
  })

  test('a slow one gives little, and at the end nobody waits for it', async () => {
    const { world, bob, sources, root } = await swarm(40 * 262_144, 2)
    const [fast, slow] = sources as [Source, Source]
    const ends = [
      await connect(bob, slow.peer, lineOf(world, 15_000).pair('bob', 'slow')),
      await connect(bob, fast.peer, lineOf(world, 2_000_000).pair('bob', 'fast')),
    ]
    const startMs = world.clock.monotonic()
    expect(await until(world, () => isComplete(bob, root), 60_000)).toBe(true)
    // Four blocks alone take the slow one 70 s; the fast one alone 5.3 s.
    expect(world.clock.monotonic() - startMs).toBeLessThan(10_000)
    for (const { end } of ends) await end()
  })

  test('[T16] a silent one is replaced', async () => {
    const { world, bob, sources, root } = await swarm(20 * 262_144, 2)
    const [silent, honest] = sources as [Source, Source]
    const first = await connect(bob, silent.peer, lineOf(world, 100_000_000).pair('bob', 'silent'))
    expect(await until(world, () => silent.given.length > 2)).toBe(true)
    // From here on it reads, and answers nothing.
    const link = first.links[1]
    link.send = () => {}
    const second = await connect(bob, honest.peer, lineOf(world, 100_000_000).pair('bob', 'honest'))
    const startMs = world.clock.monotonic()
    expect(await until(world, () => isComplete(bob, root), 60_000)).toBe(true)
    expect(world.clock.monotonic() - startMs).toBeLessThan(11_000)
    await first.cut()
    await second.end()
  })

  test('each has only half of it', async () => {
    const { world, bob, sources, root } = await swarm(30 * 262_144, 2, {
      without: (source, block) => block > 0 && block % 2 === source,
    })
    const ends = []
    for (const { peer } of sources) {
      ends.push(await connect(bob, peer, lineOf(world, 10_000_000).pair('bob', peer.name)))
    }
    expect(await until(world, () => isComplete(bob, root))).toBe(true)
    for (const { end } of ends) await end()
  })

  test('a line that falls again and again: no more than a piece is lost each time', async () => {
    const { world, bob, sources, root, size } = await swarm(4 * 262_144, 1)
    const [{ peer }] = sources as [Source]
    let bytes = 0
    for (let time = 0; time < 40 && !isComplete(bob, root); time++) {
      const line = lineOf(world, 30_000)
      const session = await connect(bob, peer, line.pair('bob', 'alice'))
      await until(world, () => isComplete(bob, root), 12_000)
      bytes += line.traffic('alice', 'bob').bytes
      await session.cut()
    }
    expect(isComplete(bob, root)).toBe(true)
    expect(bytes).toBeLessThan(2 * size)
  })
})

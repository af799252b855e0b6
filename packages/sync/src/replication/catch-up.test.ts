import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodeStore } from '@effigy/store/node'
import { createRandom } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { feeds, headOf, hold, isLevel, meet } from '../../test/catch-up-kit.ts'
import {
  createPeer,
  createWorld,
  createWriter,
  sha256,
  type TestPeer,
  until,
  type World,
  type Writer,
} from '../../test/replication-kit.ts'

const all = { depth: { type: 'all' }, blobs: { type: 'all' } } as const
const ofCatchUp = (said: readonly string[]): readonly string[] =>
  said.filter((type) => !/credit|cancel|feed|batch|iwant|ihave|error|carry/.test(type))

/** Long enough for both to say how far they are. */
const rested = (world: World): Promise<boolean> => until(world, () => false, 1_000)

/** The set and the logs were known: nothing was listed or compared, on either side. */
function expectResumed(said: readonly string[]): void {
  const types = ofCatchUp(said)
  expect(types).toContain('b:resumed')
  expect(types.filter((type) => /unlike|prints|compare|list|watch/.test(type))).toEqual([])
}

/** A member and a hub that keeps the same feeds, and have agreed on them. */
async function acquainted(world: World, writers: readonly Writer[]) {
  const member = await createPeer(world, 'member')
  const hub = await createPeer(world, 'hub')
  for (const writer of writers) for (const peer of [member, hub]) hold(peer, writer)
  const first = await meet(world, member, hub)
  await rested(world)
  await first.end()
  return { member, hub, first }
}

/** More entries than the other side has. */
async function write(peer: TestPeer, writers: readonly Writer[]): Promise<void> {
  for (const writer of writers) peer.store.appendOwn(await writer.write(['more']), writer.record)
}

describe('each way brings both to the same heads', () => {
  test('[C5] an empty client lists what it watches, and everything comes in one round trip', async () => {
    const world = createWorld()
    const writers = await feeds('empty', 120)
    using a = await createPeer(world, 'a')
    using b = await createPeer(world, 'b')
    for (const writer of writers) {
      hold(b, writer)
      a.store.watchFeed(writer.identity, all)
    }
    const { said, end } = await meet(world, a, b)
    expect(isLevel(a, b, writers)).toBe(true)
    expect(ofCatchUp(said).slice(0, 2)).toEqual(['a:list', 'b:lastknownheads'])
    await end()
  })

  test.for([
    ['list', 20],
    ['prints', 120],
    ['compare', 300],
  ] as const)(
    '[C5] [C6] %s: news on both sides, feeds that one alone has, feeds that one alone watches',
    async ([way, count]) => {
      const world = createWorld()
      const writers = await feeds(`both ${way}`, count)
      using a = await createPeer(world, 'a')
      using b = await createPeer(world, 'b')
      for (const writer of writers) for (const peer of [a, b]) hold(peer, writer)
      const [onlyA, onlyB, shown] = await feeds(`else ${way}`, 3)
      hold(a, onlyA!)
      hold(b, onlyB!)
      b.store.watchFeed(onlyA!.identity, all)
      a.store.watchFeed(onlyB!.identity, all)
      hold(b, shown!)
      const [newsOfA, newsOfB] = [writers.slice(0, 7), writers.slice(10, 19)]
      await write(a, newsOfA)
      await write(b, newsOfB)
      const { said, end } = await meet(world, a, b)
      expect(said[0]).toBe(`a:${way}`)
      expect(said).not.toContain('a:watch')
      expect(isLevel(a, b, [...writers, onlyA!, onlyB!])).toBe(true)
      expect(headOf(a, shown!.identity)).toBeNull()
      await write(a, newsOfB)
      await write(b, newsOfA)
      expect(await until(world, () => isLevel(a, b, writers))).toBe(true)
      await end()
      const again = await meet(world, a, b)
      expectResumed(again.said)
      await again.end()
    },
  )

  test('[C3] nothing new: one question, one answer, 300 bytes at most', async () => {
    const world = createWorld()
    const writers = await feeds('resume', 300)
    const { member, hub } = await acquainted(world, writers)
    const { said, bytes, end } = await meet(world, member, hub)
    expect(ofCatchUp(said)).toEqual(['a:resume', 'b:resumed'])
    expect(bytes).toBeLessThan(300)
    await end()
  })

  test('[C3] what changed on either side while they were apart is told, and nothing else', async () => {
    const world = createWorld()
    const writers = await feeds('apart', 60)
    const { member, hub } = await acquainted(world, writers)
    await write(hub, writers.slice(0, 5))
    await write(member, writers.slice(20, 24))
    const { said, end } = await meet(world, member, hub)
    expect(isLevel(member, hub, writers)).toBe(true)
    expectResumed(said)
    expect(said).toContain('a:resumed')
    await rested(world)
    await end()
    const { said: third, end: endThird } = await meet(world, member, hub)
    expect(ofCatchUp(third)).toEqual(['a:resume', 'b:resumed'])
    await endThird()
  })

  test('[C3] what went over the live session is known after it', async () => {
    const world = createWorld()
    const writers = await feeds('live', 40)
    const { member, hub } = await acquainted(world, writers)
    const first = await meet(world, member, hub)
    await write(hub, writers.slice(0, 3))
    await write(member, writers.slice(5, 8))
    expect(await until(world, () => isLevel(member, hub, writers))).toBe(true)
    expect(
      await until(world, () => first.said.includes('b:position') && first.said.includes('a:position')),
    ).toBe(true)
    await until(world, () => false, 500)
    await first.end()
    const { said, bytes, end } = await meet(world, member, hub)
    expect(ofCatchUp(said)).toEqual(['a:resume', 'b:resumed'])
    expect(bytes).toBeLessThan(300)
    await end()
  })
})

describe('the watch set changed while they were apart', () => {
  test('[C2] by differences, which the same question carries', async () => {
    const world = createWorld()
    const writers = await feeds('changed', 50)
    const { member, hub } = await acquainted(world, writers)
    const [fresh, gone] = [await feeds('changed, fresh', 4), writers.slice(3, 6)]
    for (const writer of fresh) {
      hold(hub, writer)
      member.store.watchFeed(writer.identity, all)
    }
    for (const { identity } of gone) member.store.watchFeed(identity, null)
    await write(hub, gone)
    const { said, end } = await meet(world, member, hub)
    expect(ofCatchUp(said)).toContain('b:resumed')
    expect(said).not.toContain('a:list')
    expect(isLevel(member, hub, fresh)).toBe(true)
    expect(isLevel(member, hub, gone)).toBe(false)
    await write(hub, fresh)
    expect(await until(world, () => isLevel(member, hub, fresh))).toBe(true)
    await until(world, () => false, 6_000)
    await end()
    const again = await meet(world, member, hub)
    expectResumed(again.said)
    await again.end()
  })

  test('[C2] by more than fits: from the beginning', async () => {
    const world = createWorld()
    const writers = await feeds('many', 1_050)
    const { member, hub } = await acquainted(world, writers.slice(0, 10))
    for (const writer of writers.slice(10)) {
      hold(hub, writer)
      member.store.watchFeed(writer.identity, all)
    }
    const { said, end } = await meet(world, member, hub)
    expect(said).not.toContain('a:resume')
    expect(isLevel(member, hub, writers)).toBe(true)
    await end()
  })

  test('[R1] and a feed that is watched during the session comes as ever', async () => {
    const world = createWorld()
    const { member, hub } = await acquainted(world, await feeds('during', 40))
    const [late] = await feeds('during, late', 1)
    hold(hub, late!)
    const { end } = await meet(world, member, hub)
    member.watch(late!.identity)
    expect(await until(world, () => isLevel(member, hub, [late!]))).toBe(true)
    await end()
    const again = await meet(world, member, hub)
    expectResumed(again.said)
    expect(await until(world, () => again.replicators[0].status().upToDate)).toBe(true)
    await again.end()
  })
})

describe('with files, restarts and copies', () => {
  async function onDisk(
    work: (open: (world: World, name: string) => Promise<TestPeer>, folder: string) => Promise<void>,
  ) {
    const folder = mkdtempSync(join(tmpdir(), 'effigy-catch-up-'))
    const open = async (world: World, name: string): Promise<TestPeer> => {
      const peer = await createPeer(world, name, { verifies: false })
      const store = openNodeStore(join(folder, name), { sha256, now: world.clock.now })
      return { ...peer, store, [Symbol.dispose]: () => store[Symbol.dispose]() }
    }
    try {
      await work(open, folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  test('[C3] positions and sets outlive restarts of both sides', () =>
    onDisk(async (open) => {
      const world = createWorld()
      const writers = await feeds('restart', 40)
      for (let round = 0; round < 3; round++) {
        using member = await open(world, 'member')
        using hub = await open(world, 'hub')
        for (const writer of round === 0 ? writers : []) for (const peer of [member, hub]) hold(peer, writer)
        await write(hub, writers.slice(round, round + 2))
        const { said, end } = await meet(world, member, hub)
        expect(isLevel(member, hub, writers)).toBe(true)
        expect(said[0]).toBe(round === 0 ? 'a:prints' : 'a:resume')
        if (round > 0) expectResumed(said)
        await end()
      }
    }))

  test.for(['hub', 'member'])(
    '[C3] [T6] the %s is restored from an old copy: the next way, and no gap',
    (restored) =>
      onDisk(async (open, folder) => {
        const world = createWorld()
        const writers = await feeds(`restored ${restored}`, 40)
        const file = join(folder, restored, 'main.sqlite')
        {
          using member = await open(world, 'member')
          using hub = await open(world, 'hub')
          for (const writer of writers) for (const peer of [member, hub]) hold(peer, writer)
          await (await meet(world, member, hub)).end()
        }
        copyFileSync(file, join(folder, 'old'))
        {
          using member = await open(world, 'member')
          using hub = await open(world, 'hub')
          await write(hub, writers.slice(0, 6))
          await write(member, writers.slice(6, 12))
          await (await meet(world, member, hub)).end()
        }
        copyFileSync(join(folder, 'old'), file)
        using member = await open(world, 'member')
        using hub = await open(world, 'hub')
        const { said, end } = await meet(world, member, hub)
        expect(isLevel(member, hub, writers)).toBe(true)
        expect(said[0]).toBe('a:resume')
        // The member's own position is old as well, so that it is told of the changes; the hub's log is another.
        expect(said).toContain(restored === 'hub' ? 'b:unlike' : 'b:resumed')
        await end()
        const again = await meet(world, member, hub)
        expect(ofCatchUp(again.said)).toEqual(['a:resume', 'b:resumed'])
        await again.end()
      }),
  )
})

test('[C3] cut after any number of frames, again and again: in the end nothing is missing', async () => {
  for (const [way, count] of [
    ['list', 12],
    ['prints', 60],
    ['compare', 280],
  ] as const) {
    const world = createWorld()
    const writers = await feeds(`cut ${way}`, count)
    using a = await createPeer(world, 'a')
    using b = await createPeer(world, 'b')
    for (const writer of writers) for (const peer of [a, b]) hold(peer, writer)
    for (let frames = 0; frames < 14; frames++) {
      await write(b, writers.slice(frames % 5, (frames % 5) + 2))
      await write(a, writers.slice(7 + (frames % 4), 8 + (frames % 4)))
      const { links, said, end } = await meet(world, a, b, { limitMs: 0, latencyMs: 20 })
      await until(world, () => said.length >= frames, 300)
      links[0].close('cut')
      links[1].close('cut')
      await end()
    }
    const { end } = await meet(world, a, b)
    expect(await until(world, () => isLevel(a, b, writers))).toBe(true)
    await end()
  }
})

test('[C1] [T30] a stranger is told nothing of it, and comes up to date by names', async () => {
  const world = createWorld()
  const writers = await feeds('stranger', 40)
  using a = await createPeer(world, 'a')
  using b = await createPeer(world, 'b')
  for (const writer of writers) {
    hold(b, writer)
    a.store.watchFeed(writer.identity, all)
  }
  a.facts.trust = () => 'stranger'
  b.facts.trust = () => 'stranger'
  const { said, end } = await meet(world, a, b)
  expect(await until(world, () => isLevel(a, b, writers))).toBe(true)
  expect(said.filter((type) => type.startsWith('b:')).slice(0, 2)).toEqual(['b:error', 'b:watching'])
  expect(said).toContain('a:getheads')
  await end()
})

test('[C1] a peer without a log is asked the plain way', async () => {
  const world = createWorld()
  const writers = await feeds('no log', 40)
  using a = await createPeer(world, 'a')
  using full = await createPeer(world, 'b')
  const { headLog: _, ...store } = full.store
  const b = { ...full, store }
  for (const writer of writers) for (const peer of [a, b]) hold(peer, writer)
  await write(a, writers.slice(0, 4))
  await write(full, writers.slice(8, 12))
  const { said, end } = await meet(world, a, b)
  expect(await until(world, () => isLevel(a, b, writers))).toBe(true)
  expect(said).toContain('a:watch')
  await end()
})

test('[C3] [C8] whom we blocked meanwhile is told of when the block ends: the position is not known any more', async () => {
  const world = createWorld()
  const writers = await feeds('blocked', 40)
  const hidden = writers[3] as Writer
  const blocked = new Set<(typeof hidden)['identity']>()
  using member = await createPeer(world, 'member')
  using hub = await createPeer(world, 'hub')
  hub.facts.blocked = () => blocked
  hub.facts.isBlocked = (identity) => blocked.has(identity)
  for (const writer of writers) for (const peer of [member, hub]) hold(peer, writer)
  await (await meet(world, member, hub)).end()
  blocked.add(hidden.identity)
  await write(hub, [hidden])
  await (await meet(world, member, hub)).end()
  expect(isLevel(member, hub, [hidden])).toBe(false)
  blocked.clear()
  const { end } = await meet(world, member, hub)
  expect(isLevel(member, hub, writers)).toBe(true)
  await end()
})

test('[R3] what was not fetched when the line fell is fetched after a resumption that tells nothing', async () => {
  const world = createWorld()
  const writer = await createWriter('interrupted')
  const { member, hub } = await acquainted(world, [...(await feeds('interrupted', 40))])
  hub.store.watchFeed(writer.identity, all)
  hub.store.appendOwn(await writer.write(['one', 'two']), writer.record)
  member.store.watchFeed(writer.identity, all)
  // It heard of the head, and no more.
  member.store.acceptHead(writer.record)
  const { said, end } = await meet(world, member, hub)
  expect(await until(world, () => member.held(writer.identity).length === 2)).toBe(true)
  expect(said[0]).toBe('a:resume')
  await end()
})

test('[C2] [C3] whatever is written, followed and left, over sessions of any length: whoever follows has it in the end', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = createRandom(`worlds ${seed}`)
    const world = createWorld()
    using a = await createPeer(world, `a ${seed}`, { verifies: false })
    using b = await createPeer(world, `b ${seed}`, { verifies: false })
    const count = random.pick([3, 30, 60, 270])
    const writers = await Promise.all(Array.from({ length: count }, (_, at) => createWriter(`${seed} ${at}`)))
    /** Every feed is written in one place, so that nobody forks it. */
    const homeOf = (at: number): TestPeer => (at % 2 === 0 ? a : b)
    const grow = async (at: number) => {
      const writer = writers[at] as Writer
      homeOf(at).store.watchFeed(writer.identity, all)
      await homeOf(at).publish(writer, ['note'])
    }
    const follow = (at: number, isOn: boolean) => {
      const other = homeOf(at) === a ? b : a
      other.store.watchFeed((writers[at] as Writer).identity, isOn ? all : null)
    }
    for (let at = 0; at < count; at++) {
      if (random.chance(0.8)) await grow(at)
      follow(at, random.chance(0.8))
    }
    for (let session = 0; session < 5; session++) {
      const [from, to] = random.chance(0.7) ? [a, b] : [b, a]
      const met = await meet(world, from, to, {
        limitMs: random.pick([0, 20, 20_000]),
        latencyMs: random.pick([0, 30]),
      })
      await until(world, () => false, random.pick([0, 60, 1_500]))
      for (const link of random.chance(0.5) ? met.links : []) link.close('cut')
      await met.end()
      for (let step = 0; step < 12; step++) {
        const at = random.integer(count)
        if (random.chance(0.6)) await grow(at)
        else follow(at, random.chance(0.5))
      }
    }
    const { replicators, end } = await meet(world, a, b)
    const missing = () =>
      writers.filter((writer, at) => {
        const other = homeOf(at) === a ? b : a
        const isFollowed = other.store.feed(writer.identity)?.watched === true
        return isFollowed && writer.chain.length > 0 && !isLevel(a, b, [writer])
      })
    await until(world, () => missing().length === 0, 5_000)
    expect([seed, missing().length]).toEqual([seed, 0])
    expect(await until(world, () => replicators.every((replicator) => replicator.status().upToDate))).toBe(
      true,
    )
    await end()
  }
})

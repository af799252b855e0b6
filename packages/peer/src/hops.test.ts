/** Which feeds hops lead to, over a graph that is told by hand (S15, G8, T18). */
import { type Account, EffigyError, type Identity, identityOfKey, type Root } from '@effigy/core'
import type { Store, WatchPolicy } from '@effigy/store'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { createHops, type HopLevel } from './hops.ts'

function someone(number: number): Identity {
  const key = new Uint8Array(32)
  new DataView(key.buffer).setUint32(0, number)
  return identityOfKey(key)
}
const root = (name: string): Root => name as Root
const me = someone(0)
const level = (maxFeeds = 100): HopLevel => ({
  depth: { type: 'last', count: 3 },
  blobs: { type: 'none' },
  maxFeeds,
})

/** What hops ask of a store. */
function createWorld(follows: ReadonlyMap<Identity, readonly Account[]>) {
  const settings = new Map<string, string>()
  const watched = new Map<Identity, WatchPolicy | null>()
  const world = {
    blocked: [] as readonly Account[],
    siblings: new Map<Identity, readonly Identity[]>(),
    /** Of each call of `follows`. */
    asked: [] as { readonly of: Identity; readonly limit: number }[],
    forgotten: [] as Identity[],
    failing: new Set<Identity>(),
  }
  const none = { identities: new Set<Identity>(), roots: new Set<Root>() }
  const store = {
    setting: (key: string) => settings.get(key) ?? null,
    saveSetting: (key: string, value: string) => void settings.set(key, value),
    feeds: () => [],
    feed: (identity: Identity) => {
      const policy = watched.get(identity)
      return policy === undefined
        ? null
        : { watched: policy !== null, policy: policy ?? { ...level(), hop: 1 } }
    },
    watchFeed: (identity: Identity, policy: WatchPolicy | null) => void watched.set(identity, policy),
    forget(identity: Identity) {
      if (world.failing.has(identity)) throw new EffigyError('storage-failed', 'no disk')
      world.forgotten.push(identity)
    },
    relations: (identity: Identity, kind: string) =>
      kind === 'follow' ? (follows.get(identity) ?? []).map((account) => account.identity) : [],
    persons: (_self: Identity, kind: string) =>
      kind === 'block'
        ? {
            identities: new Set(
              world.blocked.flatMap(({ identity }) => [identity, ...(world.siblings.get(identity) ?? [])]),
            ),
            roots: new Set(world.blocked.flatMap((account) => account.root ?? [])),
          }
        : none,
    follows(of: Identity, limit: number) {
      world.asked.push({ of, limit })
      return (follows.get(of) ?? []).slice(0, limit)
    },
  } as unknown as Store
  const clock = createFakeClock()
  const hops = createHops({ store, self: me, clock, log: { info() {}, warn() {} }, onChange: () => {} })
  const reached = () => [...watched].filter(([, policy]) => policy !== null).map(([identity]) => identity)
  return { world, hops, clock, reached }
}

const alone = (identity: Identity): Account => ({ identity, root: null })

describe('[G8] who is blocked is so on every device', () => {
  const [friend, other, stranger, blockedPhone, blockedLaptop, good] = [1, 2, 3, 4, 5, 6].map(someone) as [
    Identity,
    Identity,
    Identity,
    Identity,
    Identity,
    Identity,
  ]
  const laptop = { identity: blockedLaptop, root: root('R') }

  test('by the root that the block names', () => {
    const { world, hops, reached } = createWorld(
      new Map([
        [me, [alone(friend)]],
        [friend, [laptop, alone(good)]],
      ]),
    )
    world.blocked = [{ identity: blockedPhone, root: root('R') }]
    hops.set([level()])
    expect(reached()).toEqual([good])
  })

  test('by the root under which somebody whom I follow follows one of them', () => {
    const { world, hops, reached } = createWorld(
      new Map([
        [me, [alone(friend), alone(other)]],
        [friend, [laptop, alone(good)]],
        [other, [{ identity: blockedPhone, root: root('R') }]],
      ]),
    )
    world.blocked = [alone(blockedPhone)]
    hops.set([level()])
    expect(reached()).toEqual([good])
  })

  test('by what a proven state lists', () => {
    const { world, hops, reached } = createWorld(
      new Map([
        [me, [alone(friend)]],
        [friend, [alone(blockedLaptop), alone(good)]],
      ]),
    )
    world.blocked = [alone(blockedPhone)]
    world.siblings.set(blockedPhone, [blockedLaptop])
    hops.set([level()])
    expect(reached()).toEqual([good])
  })

  test('[T27] a stranger who says that somebody is of a blocked account keeps nobody away', () => {
    const { world, hops, reached } = createWorld(
      new Map([
        [me, [alone(friend)]],
        [friend, [alone(stranger), { identity: good, root: root('G') }]],
        [
          stranger,
          [
            { identity: blockedPhone, root: root('G') },
            { identity: other, root: root('G') },
          ],
        ],
      ]),
    )
    world.blocked = [alone(blockedPhone)]
    hops.set([level(), level()])
    expect(reached().toSorted()).toEqual([stranger, good, other].toSorted())
  })

  test('and whom they follow is not asked about, when I follow one of them myself', () => {
    const { world, hops, reached } = createWorld(
      new Map([
        [me, [alone(friend), alone(blockedLaptop)]],
        [friend, [alone(good)]],
        [blockedLaptop, [alone(other)]],
      ]),
    )
    world.blocked = [alone(blockedPhone)]
    world.siblings.set(blockedPhone, [blockedLaptop])
    hops.set([level()])
    expect(reached()).toEqual([good])
  })
})

test('[G8] [T18] however many lead on, 50,000 names are looked at a level', () => {
  const wide = Array.from({ length: 10_000 }, (_, number) => someone(number + 1))
  const follows = new Map<Identity, readonly Account[]>([[me, wide.map(alone)]])
  for (const [index, identity] of wide.entries()) {
    const first = 100_000 + index * 20
    follows.set(
      identity,
      Array.from({ length: 20 }, (_, number) => alone(someone(first + number))),
    )
  }
  const { world, hops, reached } = createWorld(follows)
  hops.set([level(10_000)])
  const ofOthers = world.asked.filter(({ of }) => of !== me)
  expect(ofOthers).toHaveLength(3_125)
  expect(ofOthers.reduce((sum, { limit }) => sum + limit, 0)).toBeLessThanOrEqual(50_000)
  // One's own newest follows are those that are asked.
  expect(ofOthers[0]?.of).toBe(wide[0])
  expect(reached()).toHaveLength(10_000)
  world.asked = []
  hops.set([level(10_000), level(10_000)])
  expect(world.asked.filter(({ of }) => of !== me)).toHaveLength(2 * 3_125)
})

test('[G8] a feed that cannot be forgotten is tried again, and keeps nobody else waiting', async () => {
  const [friend, ...far] = Array.from({ length: 11 }, (_, number) => someone(number + 1)) as [
    Identity,
    ...Identity[],
  ]
  const { world, hops, clock, reached } = createWorld(
    new Map([
      [me, [alone(friend)]],
      [friend, far.map(alone)],
    ]),
  )
  hops.set([level()])
  expect(reached()).toHaveLength(10)
  const [broken] = far as [Identity]
  world.failing.add(broken)
  hops.set([])
  await clock.advance(200_000)
  expect(world.forgotten.toSorted()).toEqual(far.slice(1).toSorted())
  world.failing.clear()
  await clock.advance(60_000)
  expect(world.forgotten).toContain(broken)
  const { length } = world.forgotten
  await clock.advance(200_000)
  expect(world.forgotten).toHaveLength(length)
})

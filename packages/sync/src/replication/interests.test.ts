import { type Cid, type Identity, identityKey, identityOfKey } from '@effigy/core'
import type { StoreChange } from '@effigy/store'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { keysOf, sortKeys } from '../reconcile/key-set.ts'
import { createInterests } from './interests.ts'

const [alice, bob, carol] = [1, 2, 3].map((byte) => identityOfKey(new Uint8Array(32).fill(byte))) as [
  Identity,
  Identity,
  Identity,
]
const none: ReadonlySet<never> = new Set()

function world() {
  const clock = createFakeClock()
  const interests = createInterests(clock)
  let tell = (_change: StoreChange): void => {}
  let watching = 0
  const store = {
    watch(listener: (change: StoreChange) => void) {
      tell = listener
      watching++
      return { [Symbol.dispose]: () => void watching-- }
    },
  }
  function join() {
    const heard: string[] = []
    const interest = interests.join(store, {
      feed: (identity) => void heard.push(identity),
      blobs: (roots) => void heard.push(...roots),
      views: () => void heard.push('views'),
      many: () => void heard.push('many'),
    })
    return { heard, interest }
  }
  const change = (feeds: readonly Identity[], more: Partial<StoreChange> = {}): void =>
    tell({ feeds: new Set(feeds), views: false, blobs: none, ...more })
  return { clock, join, change, watching: () => watching }
}

test('[R1] [T16] a session hears of the feeds that it named, once, and one that hears of all of each', () => {
  const { join, change, watching } = world()
  const [one, two, all] = [join(), join(), join()]
  one.interest.add([alice, bob])
  two.interest.add([bob, bob])
  all.interest.add([bob])
  all.interest.addAll()
  expect(watching()).toBe(1)
  change([alice, carol])
  change([bob])
  expect(one.heard).toEqual([alice, bob])
  expect(two.heard).toEqual([bob])
  expect(all.heard).toEqual([alice, carol, bob])
})

test('[R1] whoever left hears nothing, and the last one closes the door', () => {
  const { clock, join, change, watching } = world()
  const [one, two] = [join(), join()]
  for (const { interest } of [one, two]) interest.add([alice])
  one.interest[Symbol.dispose]()
  change([alice], { views: true })
  expect([one.heard, two.heard]).toEqual([[], [alice]])
  two.interest[Symbol.dispose]()
  expect([watching(), clock.pending()]).toEqual([0, 0])
  // The next session begins anew.
  const three = join()
  three.interest.add([alice])
  change([alice])
  expect([watching(), three.heard]).toEqual([1, [alice]])
})

test('[R7] blobs are told to all at once, and that other things are shown within seconds, together', async () => {
  const { clock, join, change } = world()
  const { heard } = join()
  change([], { blobs: new Set(['root' as Cid]) })
  for (let round = 0; round < 100; round++) change([alice], { views: true })
  expect(heard).toEqual(['root'])
  await clock.advance(5_000)
  expect(heard).toEqual(['root', 'views'])
  await clock.advance(60_000)
  expect(heard).toHaveLength(2)
})

test('[C3] a session hears of what is in a set that was agreed on, small or large, and of nothing else', () => {
  const { join, change } = world()
  const [small, large, named] = [join(), join(), join()]
  small.interest.addSet(keysOf([alice]))
  const others = Array.from({ length: 5_000 }, (_, at) => {
    const key = new Uint8Array(32)
    new DataView(key.buffer).setUint32(0, at)
    return key
  })
  const keys = new Uint8Array([...others, identityKey(alice)].flatMap((key) => [...key]))
  large.interest.addSet(sortKeys(keys))
  large.interest.add([carol])
  named.interest.add([bob])
  change([alice, bob, carol])
  expect([small.heard, large.heard, named.heard]).toEqual([[alice], [alice, carol], [bob]])
  for (const { interest } of [small, large]) interest[Symbol.dispose]()
  change([alice, carol])
  expect([small.heard, large.heard]).toEqual([[alice], [alice, carol]])
})

test('[C3] whoever hears of few learns that many changed', () => {
  const { join, change } = world()
  const { heard } = join()
  for (let round = 0; round < 512; round++) change([alice])
  expect(heard).toEqual(['many', 'many'])
})

test('[R1] lists of many sessions hold each name once', () => {
  const interests = createInterests(createFakeClock())
  const [first, again] = [alice, identityOfKey(identityKey(alice))]
  expect(interests.name(again)).toBe(again)
  const nothing = { feed: () => {}, blobs: () => {}, views: () => {}, many: () => {} }
  interests.join({ watch: () => ({ [Symbol.dispose]: () => {} }) }, nothing).add([first])
  expect(Object.is(interests.name(again), first)).toBe(true)
})

test('[R1] [T16] whoever names others again and again is remembered with the last alone', () => {
  const { join, change } = world()
  const [one, two] = [join(), join()]
  two.interest.add([alice])
  one.interest.add([alice, bob])
  one.interest.addSet(keysOf([alice]))
  one.interest.clear()
  one.interest.add([carol])
  change([alice, bob, carol])
  expect([one.heard, two.heard]).toEqual([[carol], [alice]])
})

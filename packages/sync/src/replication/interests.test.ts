import type { Cid, Identity } from '@effigy/core'
import type { StoreChange } from '@effigy/store'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createInterests } from './interests.ts'

const [alice, bob, carol] = ['alice', 'bob', 'carol'] as unknown as [Identity, Identity, Identity]
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

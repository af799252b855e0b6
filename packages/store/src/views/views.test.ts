import { expect, test } from 'vitest'
import { note, openViewsWorld } from '../../test/views-world.ts'

test('[S5] a timeline has the newest notes of watched feeds first', () => {
  using world = openViewsWorld()
  const { views } = world
  const [a, b, c] = [world.person(1), world.person(2), world.person(3)]
  world.watch(c, false)
  const first = world.add(a, note('one'), { comparable: 10 })
  world.add(c, note('unwatched'), { comparable: 15 })
  const second = world.add(b, note('two'), { comparable: 20 })
  expect(views.timeline().items.map(({ cid }) => cid)).toEqual([second.cid, first.cid])
})

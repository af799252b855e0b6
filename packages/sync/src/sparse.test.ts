import { expect, test } from 'vitest'
import { SparseMap, SparseSet } from './sparse.ts'

test('a sparse map is a map', () => {
  const map = new SparseMap<string, number>()
  expect([map.size, map.get('a'), map.has('a'), map.delete('a')]).toEqual([0, undefined, false, false])
  expect([[...map], [...map.keys()], [...map.values()], [...map.entries()]]).toEqual([[], [], [], []])
  map.clear()
  expect(map.set('a', 1).set('b', 2)).toBe(map)
  expect([...map]).toEqual([
    ['a', 1],
    ['b', 2],
  ])
  expect([map.size, map.get('a'), map.has('b'), map.delete('a'), map.delete('a')]).toEqual([
    2,
    1,
    true,
    true,
    false,
  ])
  expect([[...map.keys()], [...map.values()]]).toEqual([['b'], [2]])
  // What comes while it is gone through is come to, as in a map of the language.
  const seen = []
  for (const [key] of map) {
    seen.push(key)
    if (key === 'b') map.delete('b') && map.set('c', 3)
  }
  expect(seen).toEqual(['b', 'c'])
  map.clear()
  expect([...map]).toEqual([])
})

test('a sparse set is a set, and none shares its members with another', () => {
  const [set, other] = [new SparseSet<string>(), new SparseSet<string>()]
  expect([set.size, set.has('a'), set.delete('a'), [...set]]).toEqual([0, false, false, []])
  set.clear()
  expect(set.add('a').add('b').add('a')).toBe(set)
  expect([set.size, set.has('b'), [...set], [...set.values()]]).toEqual([2, true, ['a', 'b'], ['a', 'b']])
  expect([set.delete('a'), [...set], [...other]]).toEqual([true, ['b'], []])
  set.clear()
  expect([...set]).toEqual([])
})

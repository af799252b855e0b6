import { expect, test } from 'vitest'
import { createRenamed } from './renamed.ts'

function disk() {
  const settings = new Map<string, string>()
  return {
    setting: (key: string) => settings.get(key) ?? null,
    saveSetting: (key: string, value: string | null) => void settings.set(key, value ?? ''),
  }
}

test('[Q23] names that a conversation had lead to the one that it has, over several changes and starts', () => {
  const store = disk()
  const first = createRenamed(store)
  first.note('p1', 'p2')
  first.note('p3', 'p2')
  first.note('p2', 'p4')
  for (const renamed of [first, createRenamed(store)]) {
    expect(['p1', 'p2', 'p3', 'p4', 'p5'].map(renamed.now)).toEqual(['p4', 'p4', 'p4', 'p4', 'p5'])
    expect(renamed.before('p4').toSorted()).toEqual(['p1', 'p2', 'p3'])
    expect(renamed.before('p2')).toEqual([])
  }
  // Back again, as where an account is not believed any more.
  first.note('p4', 'p1')
  expect(first.now('p1')).toBe('p1')
  expect(first.now('p2')).toBe('p1')
})

test('only so many are kept: the newest', () => {
  const store = disk()
  const renamed = createRenamed(store)
  for (let at = 0; at < 1_030; at++) renamed.note(`old ${at}`, `new ${at}`)
  expect(renamed.now('old 5')).toBe('old 5')
  expect(createRenamed(store).now('old 6')).toBe('new 6')
})

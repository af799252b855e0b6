import { expect, test } from 'vitest'
import { type IdleStore, isIdle, noteTouch } from './idle-lock.ts'

function storage(): IdleStore {
  const values = new Map<string, string>()
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value) }
}

test('it is idle after the minutes that were chosen, not before, and never where none were', () => {
  const store = storage()
  noteTouch(1_000, store)
  expect(isIdle(5, 1_000 + 5 * 60_000 - 1, store)).toBe(false)
  expect(isIdle(5, 1_000 + 5 * 60_000, store)).toBe(true)
  expect(isIdle(null, 10 ** 12, store)).toBe(false)
  expect(isIdle(1, 10 ** 12, storage())).toBe(false)
})

test('[T24] a clock that goes back neither locks at once nor keeps it open for as long', () => {
  const store = storage()
  noteTouch(10 ** 12, store)
  expect(isIdle(1, 1_000, store)).toBe(false)
  expect(isIdle(1, 1_000 + 60_000, store)).toBe(true)
})

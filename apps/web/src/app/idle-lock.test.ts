import { expect, test, vi } from 'vitest'
import { asTouch, chooseIdleLock, type IdleStore, isIdle, noteTouch, watchIdle } from './idle-lock.ts'

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

test('a page that is loaded, or another tab, is no touch: what was idle for too long is locked at once', () => {
  const store = storage()
  vi.stubGlobal('localStorage', store)
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('document', { addEventListener() {} })
  try {
    chooseIdleLock(1)
    const locks: string[] = []
    using _open = watchIdle(() => void locks.push('of one who is there'))
    noteTouch(Date.now() - 60_000, store)
    using _reloaded = watchIdle(() => void locks.push('of one who left'))
    expect(locks).toEqual(['of one who left'])
    expect(isIdle(1, Date.now(), store)).toBe(true)
  } finally {
    vi.unstubAllGlobals()
  }
})

test('long work that goes on keeps it open, and opens nothing that was idle for too long', () => {
  const store = storage()
  vi.stubGlobal('localStorage', store)
  try {
    chooseIdleLock(1)
    const steps: number[] = []
    const told = asTouch((step: number) => void steps.push(step))
    const touched = (): number => Number(store.getItem('effigy-touched'))
    const idleSince = Date.now() - 50_000
    noteTouch(idleSince, store)
    told(1)
    expect(touched()).toBeGreaterThan(idleSince)
    // Not with each step.
    const justNow = Date.now() - 1_000
    noteTouch(justNow, store)
    told(2)
    expect(touched()).toBe(justNow)
    const leftAt = Date.now() - 60_000
    noteTouch(leftAt, store)
    told(3)
    expect(touched()).toBe(leftAt)
    expect(steps).toEqual([1, 2, 3])
  } finally {
    vi.unstubAllGlobals()
  }
})

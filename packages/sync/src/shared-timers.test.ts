import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Clock } from './clock.ts'

/** Over one timer of the whole program: what others set is not these tests'. */
let clock: Clock

beforeEach(async () => {
  vi.resetModules()
  clock = (await import('./shared-timers.ts')).sharedTimersClock
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

test('each runs once at its time, those of one moment in the order in which they were set', () => {
  const ran: number[] = []
  for (const ms of [30, 10, 20, 10, 0]) clock.after(ms, () => ran.push(ms))
  vi.advanceTimersByTime(9)
  expect(ran).toEqual([0])
  vi.advanceTimersByTime(12)
  expect(ran).toEqual([0, 10, 10, 20])
  vi.advanceTimersByTime(1_000)
  expect(ran).toEqual([0, 10, 10, 20, 30])
  expect(vi.getTimerCount()).toBe(0)
})

test('what is disposed does not run, whenever that is, and keeps no process', () => {
  const ran: number[] = []
  const set = Array.from({ length: 200 }, (_, n) => clock.after((n * 37) % 100, () => ran.push(n)))
  for (const [n, timer] of set.entries()) if (n % 3 !== 0) timer[Symbol.dispose]()
  vi.advanceTimersByTime(200)
  const left = Array.from(set.keys()).filter((n) => n % 3 === 0)
  expect(ran).toEqual(left.sort((a, b) => ((a * 37) % 100) - ((b * 37) % 100) || a - b))
  const last = clock.after(50, () => ran.push(-1))
  last[Symbol.dispose]()
  last[Symbol.dispose]()
  expect(vi.getTimerCount()).toBe(0)
})

test('one that is due at no number runs at once, and holds up no other', () => {
  const ran: string[] = []
  clock.after(Number.NaN, () => ran.push('at no number'))
  clock.after(5, () => ran.push('5 ms'))
  clock.after(-5, () => ran.push('before'))
  vi.advanceTimersByTime(10)
  expect(ran.sort()).toEqual(['5 ms', 'at no number', 'before'])
  expect(vi.getTimerCount()).toBe(0)
})

/**
 * How long each timer of the system is that `work` sets, ms. Not by a spy: those are taken back at the end of a file, which would bring
 * back timers that are not real, for all files behind it.
 */
function lengthsOf(work: () => void): readonly number[] {
  const { setTimeout } = globalThis
  const lengths: number[] = []
  globalThis.setTimeout = Object.assign((run: () => void, ms?: number) => {
    lengths.push(ms ?? 0)
    return setTimeout(run, ms)
  }, setTimeout)
  try {
    work()
  } finally {
    globalThis.setTimeout = setTimeout
  }
  return lengths
}

test('one that is due after more than the system can count waits, and holds up no other', () => {
  const ran: number[] = []
  const years = 100 * 365 * 24 * 60 * 60 * 1000
  const lengths = lengthsOf(() => {
    clock.after(Number.POSITIVE_INFINITY, () => ran.push(0))
    clock.after(years, () => ran.push(1))
    vi.advanceTimersByTime(2 ** 31)
    expect(ran).toEqual([])
    vi.advanceTimersByTime(years)
  })
  expect(ran).toEqual([1])
  expect(lengths.length).toBeGreaterThan(2)
  for (const ms of lengths) expect(ms).toBeLessThan(2 ** 31)
})

test('one that throws holds up no other, and one may set and dispose others', () => {
  const ran: string[] = []
  clock.after(5, () => {
    throw new Error('a bug')
  })
  const later = clock.after(6, () => ran.push('disposed'))
  clock.after(5, () => {
    ran.push('next')
    later[Symbol.dispose]()
    clock.after(0, () => ran.push('its own'))
  })
  expect(() => vi.advanceTimersByTime(5)).toThrow('a bug')
  vi.advanceTimersByTime(10)
  expect(ran).toEqual(['next', 'its own'])
})

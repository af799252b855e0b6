import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sharedTimersClock as clock } from './shared-timers.ts'

beforeEach(() => void vi.useFakeTimers())
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

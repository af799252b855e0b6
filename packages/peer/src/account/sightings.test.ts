import type { HeadRecord } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxSightings, type Sighting, thinned } from './sightings.ts'

const hourMs = 60 * 60 * 1000
const seenAt = (seenMs: number): Sighting => ({ seenMs, record: {} as HeadRecord })

/** Noted one by one, as they come. */
function noted(times: readonly number[]): readonly number[] {
  let list: Sighting[] = []
  for (const ms of times) list = thinned([...list, seenAt(ms)], ms)
  return list.map(({ seenMs }) => seenMs)
}

test('[Y16] [T26] ten thousand heads within an hour push no older sighting out', () => {
  const before = Array.from({ length: 48 }, (_, hour) => hour * hourMs)
  const flood = Array.from({ length: 10_000 }, (_, index) => 48 * hourMs + index * 360)
  const left = noted([...before, ...flood])
  expect(left.filter((ms) => ms < 48 * hourMs)).toEqual(before)
  expect(left.length).toBeLessThan(48 + 10 + 16)
  expect(left.at(-1)).toBe(flood.at(-1))
})

test('[Y16] the last by any moment of the past days is known within its span, and the list is bounded', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 60 * hourMs }), { minLength: 1, maxLength: 400 }), (times) => {
      const sorted = times.toSorted((a, b) => a - b)
      const left = noted(sorted)
      expect(left.length).toBeLessThanOrEqual(maxSightings)
      const now = sorted.at(-1) as number
      for (const ms of sorted) {
        const span = now - ms < 12 * hourMs ? hourMs / 6 : hourMs
        expect(left.some((kept) => kept >= ms && kept < ms + span)).toBe(true)
      }
    }),
    { numRuns: 30 },
  )
})

test('[T24] a clock that jumps by years takes not the newest', () => {
  const left = noted([...Array.from({ length: 100 }, (_, index) => index), 10 * 365 * 24 * hourMs])
  expect(left.length).toBeGreaterThan(1)
})

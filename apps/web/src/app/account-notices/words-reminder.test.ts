import { expect, test } from 'vitest'
import { isDue, noReminder, putOff, type Reminder, usedAt } from './words-reminder.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const start = Date.UTC(2026, 10, 22, 12)

const usedOn = (times: readonly number[]): Reminder => times.reduce(usedAt, noReminder)

test('[Z6] due with the tenth note, or on the third day of use, however far apart those are', () => {
  expect(isDue(noReminder, 9, start)).toBe(false)
  expect(isDue(noReminder, 10, start)).toBe(true)
  const often = [0, 1, 2, 3].map((hour) => start + hour * hourMs)
  expect(isDue(usedOn(often), 0, start)).toBe(false)
  expect(isDue(usedOn([start, start + dayMs]), 0, start + dayMs)).toBe(false)
  expect(isDue(usedOn([start, start + dayMs, start + 40 * dayMs]), 0, start + 40 * dayMs)).toBe(true)
})

test('put off, it is quiet for a week; a clock that goes back makes that no longer', () => {
  const quiet = putOff(usedOn([start, start + dayMs, start + 2 * dayMs]), start + 2 * dayMs)
  expect(isDue(quiet, 10, start + 9 * dayMs - 1)).toBe(false)
  expect(isDue(quiet, 10, start + 9 * dayMs)).toBe(true)
  expect(isDue(quiet, 10, start - 300 * dayMs)).toBe(true)
})

import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { watchLeader } from './watch-leader.ts'

test('[O13] a leader that answers is not silent; one that does not is told of once, and asked on', async () => {
  const clock = createFakeClock()
  let asked = 0
  let silences = 0
  let answers = true
  using watch = watchLeader(
    clock,
    () => {
      asked++
      if (answers) watch.heard()
    },
    () => {
      silences++
    },
  )
  await clock.advance(600_000)
  expect([asked, silences]).toEqual([60, 0])
  answers = false
  await clock.advance(600_000)
  expect(silences).toBe(1)
  expect(asked).toBeGreaterThan(100)
})

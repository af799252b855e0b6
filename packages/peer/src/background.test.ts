import { silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { startBackground } from './background.ts'

/** Search that has so many slices to go, and when each was worked on. */
function behindBy(slices: number) {
  const clock = createFakeClock()
  const startMs = clock.monotonic()
  const workedMs: number[] = []
  const store = {
    indexSearch() {
      workedMs.push(clock.monotonic() - startMs)
      slices = Math.max(0, slices - 1)
      return { behind: slices * 500 }
    },
  }
  const ports = { clock, log: silentLog, changed() {}, found() {} }
  return { clock, workedMs, start: () => startBackground(store, ports) }
}

test('[S6] search waits for a sync that brings something to show, five seconds at most', async () => {
  const { clock, workedMs, start } = behindBy(0)
  using background = start()
  for (let ms = 0; ms < 11_000; ms += 300) {
    background.wake(true)
    await clock.advance(300)
  }
  expect(workedMs.length).toBe(2)
  expect(Math.min(...workedMs)).toBeGreaterThanOrEqual(5_000)
})

test('[S6] search does not wait while signatures are checked', async () => {
  const { clock, workedMs, start } = behindBy(20)
  using background = start()
  background.wake(true)
  await clock.advance(300)
  for (let ms = 0; ms < 3_000; ms += 100) {
    background.wake(false)
    await clock.advance(100)
  }
  expect(workedMs[19]).toBeLessThan(2_000)
})

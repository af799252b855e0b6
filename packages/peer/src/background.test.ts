import { EffigyError } from '@effigy/core'
import { silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { startBackground } from './background.ts'

/** Search that has so many slices to go, when each was worked on, and how many signatures wait meanwhile. */
function behindBy(slices: number) {
  const clock = createFakeClock()
  const startMs = clock.monotonic()
  const workedMs: number[] = []
  const waiting = { signatures: 0, isBroken: false }
  const store = {
    unverifiedCount() {
      if (waiting.isBroken) throw new EffigyError('storage-failed', 'The medium failed.')
      return waiting.signatures
    },
    indexSearch() {
      workedMs.push(clock.monotonic() - startMs)
      slices = Math.max(0, slices - 1)
      return { behind: slices * 500 }
    },
  }
  const ports = { clock, log: silentLog, changed() {}, found() {} }
  return { clock, workedMs, waiting, start: () => startBackground(store, ports) }
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

test('[S6] search does not wait for verdicts on a few signatures', async () => {
  const { clock, workedMs, waiting, start } = behindBy(20)
  waiting.signatures = 500
  using background = start()
  background.wake(true)
  await clock.advance(300)
  for (let ms = 0; ms < 3_000; ms += 100) {
    background.wake(false)
    await clock.advance(100)
  }
  expect(workedMs[19]).toBeLessThan(2_000)
})

test('[S6] while many signatures are checked search leaves them the processors, and gets on', async () => {
  const { clock, workedMs, waiting, start } = behindBy(40)
  waiting.signatures = 100_000
  using background = start()
  background.wake(true)
  for (let ms = 0; ms < 10_000; ms += 100) {
    waiting.signatures -= 100
    background.wake(false)
    await clock.advance(100)
  }
  expect(workedMs.length).toBeGreaterThanOrEqual(4)
  expect(workedMs.length).toBeLessThanOrEqual(5)
  waiting.signatures = 0
  await clock.advance(1_500)
  expect(workedMs.length).toBe(40)
})

test('[S6] signatures that nobody checks hold search up for no longer than that is not known', async () => {
  const { clock, workedMs, waiting, start } = behindBy(100)
  waiting.signatures = 100_000
  using _background = start()
  await clock.advance(2_000)
  expect(workedMs.length).toBeLessThan(10)
  await clock.advance(2_000)
  expect(workedMs.length).toBe(100)
})

test('[S6] a medium that cannot even tell how many signatures wait ends nothing: search tries again', async () => {
  const { clock, workedMs, waiting, start } = behindBy(2)
  waiting.isBroken = true
  using background = start()
  await clock.advance(1_000)
  expect([workedMs.length, background.isDue]).toEqual([0, true])
  waiting.isBroken = false
  await clock.advance(60_000)
  expect(workedMs.length).toBe(2)
})

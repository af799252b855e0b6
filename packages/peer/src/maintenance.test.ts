import { EffigyError } from '@effigy/core'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { type Maintenance, startMaintenance } from './maintenance.ts'

const hourMs = 60 * 60 * 1000
const quiet = { log: { info() {}, warn() {} }, isHeard: () => true, seen() {}, clear: () => false }

function running(isHeard: () => boolean) {
  const clock = createFakeClock()
  const told: string[] = []
  let daysAt = clock.now()
  const store = {
    maintain: () => void told.push('maintain'),
    sweepBlobs: () => false,
    countDay() {
      if (clock.now() - daysAt < 24 * hourMs) return false
      daysAt = clock.now()
      told.push('day')
      return true
    },
  }
  const maintenance = startMaintenance({ ...quiet, store, clock, isHeard })
  const days = () => told.filter((what) => what === 'day').length
  return { clock, told, days, maintenance }
}

test('[S12] a day counts while somebody is heard who would know better, and only then', async () => {
  let isHeard = false
  const { clock, told, days, maintenance } = running(() => isHeard)
  using _ = maintenance
  await clock.advance(50 * hourMs)
  expect(told.length).toBeGreaterThan(48)
  expect(days()).toBe(0)
  isHeard = true
  maintenance.heard()
  expect(days()).toBe(1)
  await clock.advance(48 * hourMs)
  expect(days()).toBe(2)
})

test('[S12] [T24] a clock that jumps again and again makes no day shorter while the process runs', async () => {
  const { clock, days, maintenance } = running(() => true)
  using _ = maintenance
  for (let jump = 0; jump < 10; jump++) {
    clock.jump(400 * 24 * hourMs)
    await clock.advance(hourMs)
  }
  expect(days()).toBe(1)
})

test('a store that fails is told again later', async () => {
  const clock = createFakeClock()
  let calls = 0
  const store = {
    countDay: () => false,
    sweepBlobs: () => false,
    maintain() {
      calls++
      throw new EffigyError('storage-full', 'no room')
    },
  }
  using _ = startMaintenance({ ...quiet, store, clock })
  await clock.advance(3 * hourMs)
  expect(calls).toBeGreaterThan(2)
})

test('[B18] room is given back in parts, until there is no more', async () => {
  const clock = createFakeClock()
  let parts = 5
  const store = { countDay: () => false, maintain() {}, sweepBlobs: () => --parts > 0 }
  using _ = startMaintenance({ ...quiet, store, clock })
  await clock.advance(65_000)
  expect(parts).toBe(0)
  await clock.advance(50 * 60_000)
  expect(parts).toBe(0)
})

test('[S14] what is being forgotten goes on without a long wait, from a start and from a change on; then room is given back', async () => {
  const clock = createFakeClock()
  let [parts, room] = [20, 2]
  const store = {
    countDay: () => false,
    maintain() {},
    isForgetting: () => parts > 0,
    sweepBlobs() {
      if (parts === 0) return --room > 0
      parts--
      // As each part is told of.
      maintenance.changed()
      return true
    },
  }
  using maintenance: Maintenance = startMaintenance({ ...quiet, store, clock })
  await clock.advance(120)
  expect(parts).toBe(16)
  await clock.advance(1_000)
  expect(parts).toBe(0)
  await clock.advance(2_000)
  expect(room).toBe(0)
  parts = 20
  await clock.advance(1_000)
  expect(parts).toBe(20)
  maintenance.changed()
  maintenance.changed()
  await clock.advance(1_000)
  expect(parts).toBe(0)
})

test('[V24] [V32] what is due for others goes in parts, again every hour, and fails alone', async () => {
  const clock = createFakeClock()
  const store = { countDay: () => false, maintain() {}, sweepBlobs: () => false }
  let left = 5
  let calls = 0
  const clear = (): boolean => {
    calls++
    if (left === 2) {
      left--
      throw new EffigyError('storage-failed', 'no disk')
    }
    left = Math.max(0, left - 1)
    return left > 0
  }
  using _ = startMaintenance({ ...quiet, store, clock, clear })
  await clock.advance(65_000)
  expect(left).toBe(1)
  await clock.advance(hourMs)
  expect(left).toBe(0)
  const before = calls
  await clock.advance(3 * hourMs)
  expect(calls - before).toBe(3)
})

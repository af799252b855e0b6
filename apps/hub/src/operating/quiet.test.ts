import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { saveWhenQuiet } from './quiet.ts'

test('memory is saved while little happens, and time while much does', async () => {
  const clock = createFakeClock()
  const told: boolean[] = []
  let part = 0.9
  const saving = saveWhenQuiet({ clock, save: (isSaving) => told.push(isSaving), busy: () => part })
  await clock.advance(20_000)
  expect(told).toEqual([])
  part = 0.1
  await clock.advance(20_000)
  expect(told).toEqual([true])
  part = 0.4
  await clock.advance(20_000)
  expect(told).toEqual([true])
  part = 0.6
  await clock.advance(20_000)
  part = 0.4
  await clock.advance(20_000)
  expect(told).toEqual([true, false])
  part = 0
  await clock.advance(5_000)
  saving[Symbol.dispose]()
  expect(told).toEqual([true, false, true, false])
  expect(clock.pending()).toBe(0)
})

test('the loop of this process tells how busy it is, and V8 takes the switch', async () => {
  const clock = createFakeClock()
  using _saving = saveWhenQuiet({ clock })
  await clock.advance(5_000)
})

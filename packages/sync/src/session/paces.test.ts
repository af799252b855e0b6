import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createPaces } from './paces.ts'

const options = { perSecond: 1, burst: 2, kept: 2 }

test('[T16] each key has its own, and what is refused costs nothing', async () => {
  const clock = createFakeClock()
  const paces = createPaces({ ...options, clock })
  expect([paces('a'), paces('a'), paces('a'), paces('a'), paces('b')]).toEqual([0, 0, 1000, 1000, 0])
  await clock.advance(1000)
  expect([paces('a'), paces('a')]).toEqual([0, 1000])
})

test('[T16] where it costs, who goes on waits for longer', () => {
  const paces = createPaces({ ...options, clock: createFakeClock(), countsRefused: true })
  expect([paces('a'), paces('a'), paces('a'), paces('a')]).toEqual([0, 0, 1000, 2000])
})

test('[T16] whoever was quiet for longest is forgotten first: new names do not free one that goes on', () => {
  const paces = createPaces({ ...options, clock: createFakeClock() })
  expect([paces('a'), paces('a')]).toEqual([0, 0])
  for (let name = 0; name < 10; name++) {
    expect(paces(`other ${name}`)).toBe(0)
    expect(paces('a')).toBe(1000)
  }
})

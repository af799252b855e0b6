import { type Identity, identityOfKey } from '@effigy/core'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createRelayQuota } from './relay-quota.ts'

const [alice, bob] = [1, 2].map((number) => identityOfKey(new Uint8Array(32).fill(number))) as [
  Identity,
  Identity,
]
const dayMs = 24 * 60 * 60 * 1000

test('[V74] a day of bytes at once, then as much as time gives back, each member for itself', async () => {
  const clock = createFakeClock()
  const carries = createRelayQuota(1_000, clock)
  expect([carries(alice, 600), carries(alice, 400), carries(alice, 1), carries(bob, 1_000)]).toEqual([
    true,
    true,
    false,
    true,
  ])
  await clock.advance(dayMs / 10)
  expect([carries(alice, 101), carries(alice, 100), carries(alice, 1)]).toEqual([false, true, false])
  await clock.advance(100 * dayMs)
  expect([carries(alice, 1_001), carries(alice, 1_000)]).toEqual([false, true])
})

test('[V74] none carries nothing', () => {
  expect(createRelayQuota(0, createFakeClock())(alice, 1)).toBe(false)
})

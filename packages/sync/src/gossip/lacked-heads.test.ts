import { type Identity, identityOfKey } from '@effigy/core'
import { createFakeClock, createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createLackedHeads } from './lacked-heads.ts'

test('[G7] who was told a head that is not here is asked for it, ever more rarely, until nothing is needed', async () => {
  const clock = createFakeClock()
  const [a, b] = ['a', 'b'].map((name) => identityOfKey(createRandom(name).bytes(32))) as [Identity, Identity]
  const needed = new Set([a, b])
  const asked: string[] = []
  const lacked = createLackedHeads({
    effects: clock,
    isNeeded: (identity) => needed.has(identity),
    ask: (identities) => asked.push(`${Math.round(clock.monotonic() / 1000)} s: ${identities.length}`),
  })
  lacked.add(a)
  lacked.add(b)
  await clock.advance(35_000)
  needed.delete(b)
  await clock.advance(40_000)
  needed.delete(a)
  await clock.advance(1_000_000)
  expect(asked).toEqual(['10 s: 2', '30 s: 2', '70 s: 1'])
  expect(clock.pending()).toBe(0)
})

import { expect, test } from 'vitest'
import { drops } from './drops.ts'

test(`[T17] [V22] a hub killed ${drops.short} times while it takes drops: none that it acknowledged is lost`, {
  timeout: 900_000,
}, async () => {
  const { failures, counts } = await drops.run({ n: drops.short, seed: 'test' })
  expect(failures).toEqual([])
  expect(counts['acknowledged and lost']).toBe(0)
  expect(counts['drops acknowledged']).toBeGreaterThan(10 * drops.short)
})

import { expect, test } from 'vitest'
import { friends } from './friends.ts'

test(`[R1] [F10] [T4] ${friends.short} random histories over a bad network and a hub: all end with the same timelines`, {
  timeout: 900_000,
}, async () => {
  const { failures, counts } = await friends.run({ n: friends.short, seed: 'test' })
  expect(failures).toEqual([])
  expect(counts['things done']).toBeGreaterThan(friends.short * 10)
})

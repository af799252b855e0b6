import { expect, test } from 'vitest'
import { heads } from './heads.ts'

test(`[T4] [H4] ${heads.short} old heads in any order, after rebases and restarts: nobody moves back`, {
  timeout: 120_000,
}, async () => {
  const { failures, counts } = await heads.run({ n: heads.short, seed: 'test' })
  expect(failures).toEqual([])
  expect(counts).toMatchObject({ 'moved back': 0, 'heads replayed': heads.short, restarts: 3 })
})

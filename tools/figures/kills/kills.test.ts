import { expect, test } from 'vitest'
import { kills } from './kills.ts'

test(`[S9] kill -9 at ${kills.short} random points of writing: nothing acknowledged is lost, no fork is made`, {
  timeout: 900_000,
}, async () => {
  const { failures, counts } = await kills.run({ n: kills.short, seed: 'test' })
  expect(failures).toEqual([])
  expect(counts).toMatchObject({ 'acknowledged operations lost': 0, forks: 0 })
  expect(counts['operations acknowledged']).toBeGreaterThan(kills.short)
})

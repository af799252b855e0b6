import { expect, test } from 'vitest'
import { faults } from './faults.ts'

test('[S1] [S9] [S22] every sixth step of the disk fails once under the whole store: it opens, nothing acknowledged is lost, views are right', {
  timeout: 900_000,
}, async () => {
  const { failures, counts } = await faults.run({ n: faults.short, seed: 'test' })
  expect(failures).toEqual([])
  expect(counts['steps failed']).toBeGreaterThan(100)
})

import { expect, test } from 'vitest'
import { mutants } from './mutants.ts'

test(`[T1] [E6] no mutant of ${mutants.short} valid entries is accepted, nor a valid one in a wrong place`, {
  timeout: 900_000,
}, async () => {
  const { failures, counts } = await mutants.run({ n: mutants.short, seed: 'test' })
  expect(failures).toEqual([])
  expect(counts['mutants tried']).toBeGreaterThan(mutants.short * 300 * 8)
})

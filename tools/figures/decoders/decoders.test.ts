import { expect, test } from 'vitest'
import { decoders } from './decoders.ts'

test(`[T3] [T16] no decoder throws at any of ${decoders.short} inputs`, { timeout: 900_000 }, async () => {
  const { failures } = await decoders.run({ n: decoders.short, seed: 'test' })
  expect(failures).toEqual([])
})

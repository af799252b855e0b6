import { expect, test } from 'vitest'
import { clocks } from './clocks.ts'

test(`[T24] ${clocks.short} histories with wall clocks up to ten years off, jumping: no loss, no lock-out`, {
  timeout: 120_000,
}, async () => {
  const { failures, counts } = await clocks.run({ n: clocks.short, seed: 'test' })
  expect(failures).toEqual([])
  expect(counts.jumps).toBeGreaterThan(clocks.short)
})

import { expect, test } from 'vitest'
import { sockets } from './sockets.ts'

test(`[T16] ${sockets.short} half-open sockets, and more than there is room for: an honest client connects`, {
  timeout: 120_000,
}, async () => {
  for (const n of [sockets.short, 7_000]) {
    const { failures, counts } = await sockets.run({ n, seed: 'test' })
    expect(failures).toEqual([])
    expect(counts['kept out']).toBe(0)
    // How soon is a figure: other tests share the machine. Most of twenty come in a hundred times sooner.
    expect(counts['later than a second']).toBeLessThan(5)
  }
})

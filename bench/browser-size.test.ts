import { expect, test } from 'vitest'
import { measureBrowserSize } from './browser-size.ts'

/** Gzipped bytes that a peer in a browser loads at the start, SQLite aside. Whoever needs more says why (decision 0022). */
const most = 321_500

test('a browser loads no more for a peer than was agreed', async () => {
  const { start, later } = await measureBrowserSize()
  expect(start).toBeLessThan(most)
  // What is rarely needed is there, but not at the start.
  expect(later.size).toBeGreaterThanOrEqual(3)
}, 60_000)

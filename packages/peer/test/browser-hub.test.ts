/** What stands in for `#later` in browsers. */
import { expect, test } from 'vitest'
import { openExchange } from '../src/browser/later.ts'

test('a browser has no half of a hub, and says so to whoever wants one', () => {
  expect(openExchange(undefined)).toBeNull()
  expect(() => openExchange({ carries: () => true })).toThrow('no hub runs in a browser')
})

/** Every screen of somebody with nobody around, from all sides. */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { walk, walkMs } from './walk.ts'
import { withApp } from './with-app.ts'

const app = withApp()

describe.skipIf(noBrowser !== null)('every screen', () => {
  test('of somebody alone: axe finds nothing, nothing is too wide or cut off, all is translated', {
    timeout: walkMs,
  }, async () => {
    expect(await walk('alone', app.world, app.browsers)).toEqual([])
  })
})

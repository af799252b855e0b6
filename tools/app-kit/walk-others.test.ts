/** Every screen that shows others, or is shown to who has no account, from all sides. */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { scenes } from './scenes.ts'
import { elsewhere, families, walk, walkMs } from './walk.ts'
import { withApp } from './with-app.ts'
import { openAppWorld } from './world.ts'

const app = withApp()

test('every scene is looked at by somebody', () => {
  const walked = [...Object.values(families).flat(), ...elsewhere]
  expect(walked.sort()).toEqual(Object.keys(scenes).sort())
})

describe.skipIf(noBrowser !== null)('every screen', () => {
  test.for(['nobody', 'company', 'neighbours', 'talks'])(
    'of %s: axe finds nothing, nothing is too wide or cut off, all is translated',
    {
      timeout: walkMs,
    },
    async (family) => {
      await using world = await openAppWorld()
      expect(await walk(family, world, app.browsers)).toEqual([])
    },
  )
})

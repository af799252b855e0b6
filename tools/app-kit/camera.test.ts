/** What one screen shows, the camera of another device reads. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { comeBack } from './come-back.ts'
import { type AppPerson, openBrowsers } from './person.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 30_000 }
const app = withApp()

const button = ({ page }: AppPerson, name: string) => page.getByRole('button', { name })

describe.skipIf(noBrowser !== null)('by camera', () => {
  test('[L1] a device is linked by what its camera sees of the other one, and lets the camera go', {
    timeout: 120_000,
  }, async () => {
    const laptop = await app.browsers.arrive(app.world, { width: 1280, height: 800 })
    await laptop.start('Ada')
    await laptop.go('/devices')
    await button(laptop, 'Add a device').click()
    await laptop.page.getByRole('img', { name: 'Code for your other device' }).waitFor(patience)

    const folder = mkdtempSync(join(tmpdir(), 'effigy-camera-'))
    try {
      const seen = join(folder, 'seen.mjpeg')
      // A film of one frame, which the camera shows again and again.
      await laptop.page.screenshot({ path: seen, type: 'jpeg', quality: 70 })
      await using hand = await openBrowsers([
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${seen}`,
      ])
      const phone = await hand.arrive(app.world, {
        prepare: (context) => context.grantPermissions(['camera']),
      })
      await comeBack(phone)
      await button(phone, 'I still have another device').click()
      const pictures = ({ page }: AppPerson) => page.locator('[data-emoji]').textContent(patience)
      expect(await pictures(phone)).toBe(await pictures(laptop))
      expect(await phone.page.locator('video').count()).toBe(0)
      await button(phone, 'Yes, the same').click()
      await button(laptop, 'Yes, the same').click()
      await phone.page.getByRole('button', { name: 'Go in', exact: true }).click(patience)
      await laptop.page.getByText('Done. What you wrote is on its way there.').waitFor(patience)
      expect([...laptop.trouble, ...phone.trouble]).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    await laptop.context.close()
  })

  test('where there is none that is said, and other ways are left', async () => {
    const phone = await app.browsers.arrive(app.world)
    await comeBack(phone)
    await button(phone, 'I still have another device').click()
    await phone.page.getByText('No camera was found').waitFor(patience)
    await phone.page.getByRole('textbox', { name: 'Text of the code' }).fill('no code at all')
    await phone.page.keyboard.press('Enter')
    await phone.page.getByText('Ask for a new one.').waitFor(patience)
    expect(await phone.axe()).toEqual([])
    await phone.context.close()
  })
})

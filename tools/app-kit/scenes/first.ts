/** The first minutes: welcome, and an empty Home. */
import type { Scene } from '../scenes.ts'

export const firstScenes: Readonly<Record<string, Scene>> = {
  async welcome({ page }) {
    await page.locator('form').waitFor()
  },
  async home(person) {
    await person.start('Ada')
  },
}

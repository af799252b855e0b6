/** The first minutes: welcome, and an empty Home. */
import type { AppPerson } from '../person.ts'
import type { Scene } from '../scenes.ts'

/** Among people who were made up. */
async function enter(person: AppPerson): Promise<void> {
  await person.start('Ada')
  await person.go('/look-around')
  await person.page.locator('#screen article img').nth(3).waitFor()
}

export const firstScenes: Readonly<Record<string, Scene>> = {
  async welcome({ page }) {
    await page.locator('form').waitFor()
  },
  async home(person) {
    await person.start('Ada')
  },
  async 'look-around'(person) {
    await enter(person)
  },
  async 'look-around-thread'(person) {
    await enter(person)
    await person.page.locator('article:has(img[src^="blob:"]) a[data-act="answer"]').nth(2).click()
    await person.page.locator('#screen article').nth(5).waitFor()
  },
  async 'look-around-person'(person) {
    await enter(person)
    await person.page.locator('#screen li a').first().click()
    await person.page.locator('#screen h1').waitFor()
    await person.page.locator('#screen article img').nth(1).waitFor()
  },
}

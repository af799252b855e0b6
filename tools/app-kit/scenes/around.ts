/** What stands around every screen: no network, the list of commands, the keys, the menu of a phone. */
import type { AppPerson } from '../person.ts'
import type { Scene } from '../scenes.ts'

const dialog = '[role="dialog"]'

/** Somebody at Home, with a network, and nothing open above it. */
export async function atHome(person: AppPerson): Promise<void> {
  const { page, context } = person
  await context.setOffline(false)
  await person.start('Ada')
  while ((await page.locator(dialog).count()) > 0) {
    await page.keyboard.press('Escape')
    await page.locator(dialog).first().waitFor({ state: 'detached' })
  }
  await person.go('/')
  await page.locator('#screen').focus()
}

export const aroundScenes: Readonly<Record<string, Scene>> = {
  async offline(person) {
    await atHome(person)
    await person.context.setOffline(true)
    await person.page.locator('main [role="alert"]').first().waitFor()
  },
  async palette(person) {
    await atHome(person)
    await person.page.keyboard.press('ControlOrMeta+k')
    await person.page.locator(`${dialog} input`).waitFor()
  },
  async keys(person) {
    await atHome(person)
    await person.page.keyboard.press('?')
    await person.page.locator(`${dialog} kbd`).first().waitFor()
  },
  async more(person) {
    await atHome(person)
    await person.page.locator('footer button').click()
    await person.page.locator(`${dialog} a`).first().waitFor()
  },
}

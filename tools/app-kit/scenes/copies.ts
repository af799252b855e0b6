/** Devices, the account and what is kept of it, and the ways back. */
import type { Scene } from '../scenes.ts'

/** Words as an account has them, of one that nobody has. */
const nobodysWords = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

export const copiesScenes: Readonly<Record<string, Scene>> = {
  async restore({ page }) {
    await page.getByRole('button').last().click()
    await page.locator('h1').waitFor()
  },
  async 'restore-words'({ page }) {
    await page.getByRole('button').last().click()
    await page.locator('main button').nth(1).click()
    await page.locator('form').waitFor()
  },
  async 'restore-unknown'({ page }) {
    await page.getByRole('button').last().click()
    await page.locator('main button').nth(1).click()
    await page.locator('form textarea').fill(nobodysWords)
    await page.locator('form button[type=submit]').click()
    await page.locator('form [role=alert]').waitFor()
  },
  async 'restore-device'({ page }) {
    await page.getByRole('button').last().click()
    await page.locator('main button').nth(0).click()
    await page.locator('ol').waitFor()
  },
  async 'restore-file'({ page }) {
    await page.getByRole('button').last().click()
    await page.locator('main button').nth(3).click()
    await page.locator('form').waitFor()
  },
  async 'restore-friends'({ page }) {
    await page.getByRole('button').last().click()
    await page.locator('main button').nth(2).click()
    await page.locator('form').waitFor()
  },
  async devices(person) {
    await person.start('Ada')
    await person.go('/devices')
    await person.page.locator('article').waitFor()
  },
  async 'devices-code'(person) {
    await person.start('Ada')
    await person.go('/devices')
    await person.page.locator('section > button').first().click()
    await person.page.locator('svg[role=img]').waitFor()
  },
  async 'devices-promise'(person) {
    await person.start('Ada')
    await person.go('/devices')
    const { page } = person
    await page.locator('[aria-labelledby="where-data"] [role=group] button').first().click()
    await page.locator('input[type=radio]').first().waitFor()
    await page.evaluate('scrollTo(0, 500)')
  },
  async account(person) {
    await person.start('Ada')
    await person.go('/account')
    await person.page.locator('section').first().waitFor()
  },
  async 'account-words'(person) {
    await person.start('Ada')
    await person.go('/account')
    await person.page.locator('section button').first().click()
    await person.page.locator('[data-secret]').waitFor()
  },
  async 'account-files'(person) {
    await person.start('Ada')
    await person.go('/account')
    await person.page.locator('section').first().waitFor()
    await person.page.evaluate('scrollTo(0, 900)')
  },
}

/** The lock of a browser: none yet, chosen, and closed. */
import type { AppPerson } from '../person.ts'
import type { Scene } from '../scenes.ts'

const passphrase = 'correct horse battery'

async function toLock(person: AppPerson): Promise<void> {
  await person.start('Ada')
  await person.go('/devices')
  await person.page.locator('section[aria-labelledby="lock"]').scrollIntoViewIfNeeded()
}

async function lock(person: AppPerson): Promise<void> {
  await toLock(person)
  const section = person.page.locator('section[aria-labelledby="lock"]')
  await section.locator('button').first().click()
  for (const field of await section.locator('input').all()) await field.fill(passphrase)
  await section.locator('button[type=submit]').click()
  await section.locator('select').waitFor()
}

export const lockScenes: Readonly<Record<string, Scene>> = {
  'lock-none': toLock,
  async 'lock-chosen'(person) {
    await lock(person)
    await person.page.locator('section[aria-labelledby="lock"]').scrollIntoViewIfNeeded()
  },
  async locked(person) {
    await lock(person)
    await person.page.locator('section[aria-labelledby="lock"] button').last().click()
    await person.page.locator('form').waitFor()
  },
}

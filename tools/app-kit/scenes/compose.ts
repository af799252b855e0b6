/** Writing: an empty page, a note with names, pictures and a warning, who reads it, and what is asked before it is deleted. */
import { readFileSync } from 'node:fs'
import { chooseFilm } from '../make-film.ts'
import type { AppPerson } from '../person.ts'
import type { Scene } from '../scenes.ts'

const picture = readFileSync(new URL('../../../apps/web/public/app-icon-512.png', import.meta.url))

async function write(person: AppPerson): Promise<void> {
  await person.start('Ada')
  await person.go('/new')
  await person.page.getByRole('textbox').first().waitFor()
}

async function written(person: AppPerson): Promise<void> {
  await write(person)
  const { page } = person
  await page
    .getByRole('textbox')
    .first()
    .fill('The first *bread* of the new oven. Come and have a slice! #bread')
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles([
      { name: 'bread.png', mimeType: 'image/png', buffer: picture },
      { name: 'slice.png', mimeType: 'image/png', buffer: picture },
    ])
  await page.locator('img[src^="blob:"]').nth(1).waitFor()
}

export const composeScenes: Readonly<Record<string, Scene>> = {
  write,
  written,
  async 'written-more'(person) {
    await written(person)
    const { page } = person
    await page.locator('form [aria-pressed]').nth(0).click()
    await page.locator('form [aria-pressed]').nth(1).click()
    await page
      .locator('input[type=file]')
      .nth(1)
      .setInputFiles([
        { name: 'recipe.docx', mimeType: 'application/msword', buffer: Buffer.from('PK\u0003\u0004 recipe') },
      ])
    await page.getByRole('alert').waitFor()
  },
  async film(person) {
    await write(person)
    const { page } = person
    await page.getByRole('textbox').first().fill('The sun this evening')
    await chooseFilm(page, 1, 'sun.webm')
    await page.locator('form img[src^="blob:"]').waitFor()
    await page.locator('form button[type="submit"]').click()
    await page.locator('article img[src^="blob:"]').waitFor()
  },
  async audience(person) {
    await write(person)
    await person.page.locator('form [aria-haspopup="menu"]').click()
    await person.page.getByRole('menuitem').first().waitFor()
  },
  async emoji(person) {
    await write(person)
    await person.page.locator('form [aria-haspopup="dialog"]').click()
    await person.page.locator('fieldset').first().waitFor()
  },
}

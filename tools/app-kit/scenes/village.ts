/** Albums: none yet, one being made, a list of them, one from inside. */
import { makePicture, type SceneName } from '../../demo/pictures/make.ts'
import { closeMessages } from '../close-messages.ts'
import { onceFor } from '../once-for.ts'
import type { AppPerson } from '../person.ts'
import type { Scene } from '../scenes.ts'

const pictures: readonly (readonly [name: string, scene: SceneName])[] = [
  ['harbour.jpg', 'harbour'],
  ['honey.jpg', 'honey'],
  ['loaf.jpg', 'loaf'],
  ['morning.jpg', 'bay'],
  ['mugs.jpg', 'mugs'],
]

export async function chooseFiles({ page }: AppPerson, count = pictures.length): Promise<void> {
  const files = pictures.slice(0, count).map(([name, scene]) => {
    const { bytes, mime } = makePicture({ type: 'scene', scene, seed: '4' })
    return { name, mimeType: String(mime), buffer: Buffer.from(bytes) }
  })
  files.push({ name: 'how it was.txt', mimeType: 'text/plain', buffer: Buffer.from('It rained.') })
  await page.locator('input[type="file"]').first().setInputFiles(files)
}

/** Opens it; made once. */
async function album(person: AppPerson, name: string, count = pictures.length): Promise<void> {
  const { page } = person
  const path = await onceFor(person, name, async () => {
    await person.go('/albums/new')
    await chooseFiles(person, count)
    await closeMessages(page)
    await nameAlbum(person, name)
    await page.waitForURL('**/albums/*/*')
    return new URL(page.url()).pathname
  })
  await person.go(path)
  await page
    .locator('ul img')
    .nth(count - 1)
    .waitFor()
}

/** Of files that are chosen. */
export async function nameAlbum({ page }: AppPerson, name: string): Promise<void> {
  await page.locator('form input[maxlength="80"]').fill(name)
  await page
    .locator('form textarea')
    .first()
    .fill('What we saw on the way, in the order in which we forgot it.')
  await page.locator('form button[type="submit"]').click()
}

export const villageScenes: Readonly<Record<string, Scene>> = {
  async 'albums-empty'(person) {
    await person.start('Ada')
    await person.go('/albums')
    await person.page.locator('main h2').waitFor()
  },
  async 'album-new'(person) {
    await person.start('Ada')
    await person.go('/albums/new')
    await chooseFiles(person)
  },
  async album(person) {
    await person.start('Ada')
    await album(person, 'A day at the sea')
  },
  async albums(person) {
    await person.start('Ada')
    await album(person, 'A day at the sea')
    for (const name of ['يوم في السوق', 'Out of the kiln']) await album(person, name, 2)
    await person.go('/albums')
    await person.page.locator('img[alt=""]').nth(2).waitFor()
  },
  async 'album-picture'(person) {
    await person.start('Ada')
    await album(person, 'A day at the sea')
    await person.page.locator('ul img').first().click()
    await person.page.locator('[role="dialog"] img').waitFor()
  },
}

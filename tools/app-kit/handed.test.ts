/** What comes into the app from outside: links of other programs, what other apps share, a note that is only at the hub. */
import type { BrowserContext } from 'playwright'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import type { AppPerson } from './person.ts'
import { pictureWithGps } from './picture-with-gps.ts'
import { mastodonArchive } from './scenes/bring.ts'
import { passOnNote } from './scenes/public-note.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const app = withApp()

describe.skipIf(noBrowser !== null)('from outside', () => {
  test('[W30] a link leads to a note that only the hub has, for somebody who has an account too', async () => {
    const path = await passOnNote(app.world, 'Come early.')
    const ada = await app.browsers.arrive(app.world)
    const { page } = ada
    await ada.start('Ada')
    const [, who = '', what = ''] = /^\/?n\/([^/]+)\/([^/]+)$/.exec(path) ?? []
    // As another program hands it over: what stands behind the # no server sees.
    const link = encodeURIComponent(`web+effigy:n/${decodeURIComponent(who)}/${what}`)
    await page.goto(new URL(`/open#link=${link}`, app.world.origin).href)
    await page.getByText('Come early.').waitFor(patience)
    expect(new URL(page.url()).pathname).toBe(`/n/${decodeURIComponent(who)}/${what}`)
    expect(await ada.axe()).toEqual([])
    // Of somebody whom one does not follow, a picture comes when it is asked for.
    const picture = page.getByRole('img', { name: 'A round dark loaf, steaming' })
    expect(await picture.count()).toBe(0)
    await page.getByRole('button', { name: 'Show picture' }).click()
    await picture.waitFor(patience)
    await page.getByRole('link', { name: 'See who wrote it' }).click()
    await expect.poll(() => new URL(page.url()).pathname, patience).toMatch(/^\/p\//)

    // Any page can send such a form: a person says whether it is used.
    await page.evaluate('navigator.serviceWorker.ready.then(() => null)')
    const other = await ada.context.newPage()
    const share = async (text: string, picture: Buffer | null = null): Promise<void> => {
      await other.goto('about:blank')
      await other.setContent(
        `<form method="post" enctype="multipart/form-data" action="${app.world.origin}share"><textarea name="text">${text}</textarea><input type="file" name="files"></form>`,
      )
      if (picture !== null) {
        const file = { name: 'shore.jpg', mimeType: 'image/jpeg', buffer: picture }
        await other.locator('input').setInputFiles(file)
      }
      await other.evaluate('document.forms[0].submit()')
      await other.getByRole('heading', { name: 'Something was handed to you' }).waitFor(patience)
    }
    const text = other.getByRole('textbox', { name: 'Say something to your friends' })
    await share('Vote now')
    await other.getByText('Vote now').waitFor(patience)
    await other.getByRole('button', { name: 'Throw away' }).click()
    expect(await text.inputValue()).toBe('')
    await text.fill('Begun before')
    await share('A recipe', pictureWithGps())
    await other.getByText('shore.jpg').waitFor(patience)
    await other.getByRole('button', { name: 'Write with it' }).click()
    expect(await text.inputValue()).toBe('A recipe')
    const described = other.getByRole('textbox', { name: 'Describe it for those who cannot see it' })
    await described.waitFor(patience)
    await other.getByText('Where it was taken is removed').waitFor(patience)
    // What was begun is where it was; what was handed over is a draft beside it.
    await other.goto(new URL('/new', app.world.origin).href)
    await expect.poll(() => text.inputValue(), patience).toBe('Begun before')
    await other.getByText('A recipe').waitFor(patience)
    await other.getByRole('button', { name: 'Go on' }).click()
    await expect.poll(() => text.inputValue(), patience).toBe('A recipe')
    await described.waitFor(patience)
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })

  test('a file that the system opens with the app goes where such files are read', {
    timeout: 90_000,
  }, async () => {
    const ada = await app.browsers.arrive(app.world, { prepare: stubLaunches })
    const { page } = ada
    await ada.start('Ada')
    await launch(ada, 'harbour.png', Buffer.from('89504e470d0a1a0a', 'hex'))
    await page.getByRole('heading', { name: 'Something was handed to you' }).waitFor(patience)
    await page.getByText('harbour.png').waitFor(patience)
    await page.getByRole('button', { name: 'Throw away' }).click()
    await launch(ada, 'archive.zip', await mastodonArchive())
    await page.getByRole('heading', { name: /notes$/ }).waitFor(patience)
    expect(new URL(page.url()).pathname).toBe('/bring')
    // Whoever is somebody does not become somebody else by it.
    await launch(ada, 'effigy-backup.age', Buffer.from('age-encryption.org/v1'))
    await page.getByText('A backup was opened').waitFor(patience)
    await ada.go('/')
    await page.getByRole('textbox', { name: 'Say something to your friends' }).waitFor(patience)
    expect(ada.trouble).toEqual([])
    await ada.context.close()

    const nobody = await app.browsers.arrive(app.world, { prepare: stubLaunches })
    await nobody.page.locator('form').waitFor(patience)
    await launch(nobody, 'effigy-backup.age', Buffer.from('age-encryption.org/v1'))
    await nobody.page.getByText('effigy-backup.age').waitFor(patience)
    const passphrase = nobody.page.locator('input[type="password"]:enabled')
    await passphrase.waitFor(patience)
    expect(await nobody.axe()).toEqual([])
    expect(nobody.trouble).toEqual([])
    await nobody.context.close()
  })
})

/** In place of the system's own, which only an installed app is given files by. */
async function stubLaunches(context: BrowserContext): Promise<void> {
  await context.addInitScript(`Object.defineProperty(globalThis, 'launchQueue', {
    value: { setConsumer(consume) { globalThis.launchFiles = (files) => consume({ files }) } },
  })`)
}

async function launch({ page }: AppPerson, name: string, bytes: Buffer): Promise<void> {
  await page.waitForFunction('globalThis.launchFiles !== undefined')
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(${JSON.stringify([...bytes])})
    launchFiles([{ getFile: async () => new File([bytes], ${JSON.stringify(name)}) }])
  })()`)
}

/** What comes into the app from outside: links of other programs, what other apps share, a note that is only at the hub. */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
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
    const share = async (text: string): Promise<void> => {
      await other.goto('about:blank')
      await other.setContent(
        `<form method="post" enctype="multipart/form-data" action="${app.world.origin}share"><textarea name="text">${text}</textarea></form>`,
      )
      await other.evaluate('document.forms[0].submit()')
      await other.getByRole('heading', { name: 'Something was handed to you' }).waitFor(patience)
    }
    const text = other.getByRole('textbox', { name: 'Say something to your friends' })
    await share('Vote now')
    await other.getByText('Vote now').waitFor(patience)
    await other.getByRole('button', { name: 'Throw away' }).click()
    expect(await text.inputValue()).toBe('')
    await text.fill('Begun before')
    await share('A recipe')
    await other.getByRole('button', { name: 'Write with it' }).click()
    expect(await text.inputValue()).toBe('A recipe')
    // What was begun is where it was; what was handed over is a draft beside it.
    await other.goto(new URL('/new', app.world.origin).href)
    await expect.poll(() => text.inputValue(), patience).toBe('Begun before')
    await other.getByText('A recipe').waitFor(patience)
    await other.getByRole('button', { name: 'Go on' }).click()
    await expect.poll(() => text.inputValue(), patience).toBe('A recipe')
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })
})

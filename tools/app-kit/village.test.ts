/** Albums, and the pages of whoever runs the hub. */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { openFriend } from './friend.ts'
import { comeIn, fillHub } from './scenes/administration.ts'
import { passOnNote } from './scenes/public-note.ts'
import { chooseFiles, nameAlbum } from './scenes/village.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const app = withApp()

describe.skipIf(noBrowser !== null)('albums', () => {
  test('are made of files, looked through by keyboard, downloaded, and taken back', async () => {
    const ada = await app.browsers.arrive(app.world)
    const { page } = ada
    await ada.start('Ada')
    await ada.go('/albums/new')
    await chooseFiles(ada)
    await nameAlbum(ada, 'effigy-link-1-Ab_defghijklmnop')
    await page.getByText('This is a secret link or code.').waitFor(patience)
    // It stands until it is closed, and over nothing that is to be pressed.
    const make = page.locator('form button[type="submit"]')
    const told = page.locator('.mantine-Notification-root')
    const isClear = async (): Promise<boolean> => {
      // There is room for it at the end once it stands.
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
      const [button, message] = [await make.boundingBox(), await told.boundingBox()]
      return button !== null && message !== null && button.y + button.height <= message.y
    }
    await expect.poll(isClear, patience).toBe(true)
    await nameAlbum(ada, 'A day <b>at</b> the sea')
    await page.locator('ul img').nth(4).waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('A day <b>at</b> the sea')
    expect(await ada.axe()).toEqual([])

    await page.getByRole('button', { name: /harbour/ }).press('Enter')
    const shown = page.getByRole('dialog').locator('img')
    await expect.poll(() => shown.getAttribute('alt'), patience).toBe('harbour')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => shown.getAttribute('alt'), patience).toBe('honey')
    await page.keyboard.press('Escape')

    const [packed] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download all' }).click(),
    ])
    expect(packed.suggestedFilename()).toMatch(/\.zip$/)

    await ada.go('/albums')
    await expect.poll(() => page.getByRole('link', { name: /day <b>at/ }).count(), patience).toBe(1)
    await page.getByRole('link', { name: /day <b>at/ }).click()
    const takeBack = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Take back' }).click(patience)
      await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
      await expect.poll(() => page.getByText('was taken back by').count(), patience).toBe(1)
    }
    await takeBack()
    await page.getByRole('button', { name: 'Undo' }).click()
    await takeBack()
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })
})

describe.skipIf(noBrowser !== null)('administration', () => {
  test('opens with the link of the operator, once; reports are acted upon', async () => {
    await fillHub(app.world)
    const operator = await app.browsers.arrive(app.world, { width: 1280, height: 900 })
    const { page } = operator
    await comeIn(operator, app.world)
    // What opened it stands in no history.
    expect(new URL(page.url()).hash).toBe('')
    expect(await operator.axe()).toEqual([])

    await page.getByRole('tab', { name: 'Reports' }).click()
    const reports = page.getByRole('tabpanel').getByRole('listitem')
    await expect.poll(() => reports.count(), patience).toBe(2)
    expect(await reports.first().textContent()).toContain('Bo <b>Bold</b>')
    expect((await reports.allTextContents()).join()).toContain('I am Bo <b>Bold</b>.')
    expect(await operator.axe()).toEqual([])
    await page.getByRole('button', { name: 'Put aside' }).first().click()
    await expect.poll(() => reports.count(), patience).toBe(1)

    await page.getByRole('button', { name: 'Look' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('button', { name: 'Turn away' }).click()
    await page.getByRole('dialog').nth(1).getByRole('button', { name: 'Turn away' }).click()
    await expect.poll(() => drawer.getByRole('button', { name: 'Let in again' }).count(), patience).toBe(1)
    await page.keyboard.press('Escape')

    // A session lasts; whoever signs out is out.
    await page.reload()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await expect.poll(() => page.getByText('hub admin link').count(), patience).toBe(1)
    await operator.context.close()
  })

  test('shows by keys alone who is connected, ends it, and grants what somebody may take', async () => {
    await using _bea = await openFriend(app.world, { name: 'Bea Winter' })
    const operator = await app.browsers.arrive(app.world, { width: 1280, height: 900 })
    const { page } = operator
    await comeIn(operator, app.world)
    await page.getByRole('tab', { name: 'Overview' }).press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    const connection = page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: 'Bea Winter' })
    await connection.getByText('A device, since').waitFor(patience)
    expect(await operator.axe()).toEqual([])
    await connection.getByRole('button', { name: 'End the connection of Bea Winter' }).press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'End' }).press('Enter')
    await page.getByText('Done.').first().waitFor(patience)

    await page.getByRole('tab', { name: 'Connected' }).press('ArrowLeft')
    await page.getByRole('button', { name: 'Look at Bea Winter' }).press('Enter')
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('textbox', { name: 'More, in MB' }).first().fill('5')
    await page.keyboard.press('Enter')
    await drawer.getByText('5 MB granted').waitFor(patience)
    expect(await operator.axe()).toEqual([])
    await operator.context.close()
  })

  test('lets nobody in by a link that is over, and says so in German', async () => {
    const stranger = await app.browsers.arrive(app.world, {
      path: '/admin/#AAAAAAAAAAAAAAAAAAAAAA',
      language: 'de',
    })
    const { page } = stranger
    await page.getByRole('button', { name: 'Eintreten' }).click()
    await expect.poll(() => page.getByText('wurde schon benutzt').count(), patience).toBe(1)
    expect(await stranger.axe()).toEqual([])
    await stranger.context.close()
  })
})

describe.skipIf(noBrowser !== null)('the link of a public note', () => {
  test('is read without an account, with its picture; whoever begins goes on with its author', async () => {
    const hostile =
      '<img src=x onerror=alert(1)> [tap](javascript:alert(1)) ![far](https://far.example/a.png)'
    const path = await passOnNote(app.world, `Come early.\n\n${hostile}`)
    const stranger = await app.browsers.arrive(app.world, { path })
    const { page } = stranger
    const note = page.getByRole('article').first()
    await expect.poll(() => note.textContent(), patience).toContain('Rosa Amaral')
    expect(await note.textContent()).toContain('<img src=x')
    const picture = page.getByRole('img', { name: 'A round dark loaf, steaming' })
    await expect
      .poll(() => picture.evaluate((img: { naturalWidth?: number }) => img.naturalWidth), patience)
      .toBe(600)
    expect(await page.getByRole('article').count()).toBe(2)
    expect(await stranger.axe()).toEqual([])

    await page.getByRole('button', { name: 'Begin' }).click()
    await stranger.start('Ada')
    await expect.poll(() => new URL(page.url()).pathname, patience).toMatch(/^\/p\/did:key:/)
    expect(stranger.trouble).toEqual([])
    await stranger.context.close()
  })
})

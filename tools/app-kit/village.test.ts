/** Albums, and the pages of whoever runs the hub. */
import { describe, expect, test } from 'vitest'
import { readInvite } from '../../apps/web/src/app/join-invite/read-invite.ts'
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
    const aboutAll = reports.filter({ hasText: 'The person as a whole' })
    await aboutAll.getByRole('button', { name: 'Put aside' }).click()
    await expect.poll(() => reports.count(), patience).toBe(1)

    await page.getByRole('button', { name: 'Take it down' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take it down' }).click()
    await reports.getByText('It was taken down.').waitFor(patience)

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

  test('what an operator does on each page is so at the hub, and for whom it concerns', {
    timeout: 60_000,
  }, async () => {
    const signal = AbortSignal.timeout(50_000)
    const { hub } = app.world
    await using cleo = await openFriend(app.world, { name: 'Cleo Sand' })
    const { peer } = cleo
    const isThere = () => peer.status().sessions.length > 0
    {
      // Away when a stranger writes to her.
      await using _dora = await openFriend(app.world, { name: 'Dora Reed' })
      await cleo.meet('Dora Reed')
    }
    const doras = await cleo.meet('Dora Reed')
    await peer.drops.send(doras, { type: 'x-word', text: 'I sold you the blue bowl.' }, { signal })
    expect(await peer.leases.ask(hub.identity, { signal })).toMatchObject([{ type: 'leased' }])

    const operator = await app.browsers.arrive(app.world, { width: 1280, height: 900 })
    const { page } = operator
    await comeIn(operator, app.world)
    const panel = page.getByRole('tabpanel')
    const dialog = page.getByRole('dialog')
    const open = (name: string) => page.getByRole('tab', { name }).click()
    const region = (name: string) =>
      panel.locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) })
    const press = async (within: typeof panel, name: string, isAsked = true): Promise<void> => {
      await within.getByRole('button', { name, exact: true }).first().click(patience)
      if (isAsked) await dialog.last().getByRole('button', { name, exact: true }).click(patience)
    }

    await open('Kept')
    const promised = region('Promised copies').getByRole('listitem').filter({ hasText: 'Cleo Sand' })
    await press(promised, 'End the promise')
    await promised.waitFor({ ...patience, state: 'detached' })
    expect(app.world.peer.store.leases?.get(peer.identity)).toBeNull()
    // By no name that tells whose it is.
    const box = region('Waiting messages').getByRole('listitem')
    await box.getByText('1 message').waitFor(patience)
    await press(box, 'Delete all')
    await box.waitFor({ ...patience, state: 'detached' })

    await open('Invites')
    await panel.getByRole('textbox', { name: 'How many may come' }).fill('3')
    await press(panel, 'Make a link', false)
    const link = new URL((await panel.locator('code').textContent(patience)) ?? '')
    await panel.getByText('0 of 3 came').waitFor(patience)
    await press(region('Invites'), 'Call back')
    await panel.getByText('called back').waitFor(patience)
    const invite = readInvite(link.hash)
    const joined = invite.ok ? await peer.joining.join(invite.value, { signal }) : invite
    expect(joined).toMatchObject({ ok: false, error: { code: 'invite-revoked' } })

    await open('People')
    await panel.getByRole('button', { name: 'Look at Cleo Sand' }).click(patience)
    await dialog.getByRole('textbox', { name: 'Texts, in MB' }).fill('7')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByRole('button', { name: 'As for everybody' }).waitFor(patience)
    await dialog.getByRole('textbox', { name: 'Why?' }).fill('Was rude to Dora')
    await press(dialog.first(), 'Turn away')
    await expect.poll(isThere, patience).toBe(false)
    await dialog.getByText('turned away').waitFor(patience)
    await page.keyboard.press('Escape')
    await open('Kept')
    const away = region('Turned away').getByRole('listitem').filter({ hasText: 'Was rude to Dora' })
    await press(away, 'Let in again', false)
    await away.waitFor({ ...patience, state: 'detached' })
    // Whoever was refused asks again seldom, but for a person who wants it now.
    await using way = peer.connect(`${app.world.url}#${hub.identity}`)
    way.retry()
    await expect.poll(isThere, patience).toBe(true)

    await open('Overview')
    await press(panel, 'Let everybody go')
    await panel.getByText('Nobody is let in').waitFor(patience)
    await expect.poll(isThere, patience).toBe(false)
    await press(panel, 'Take people again', false)
    await panel.getByText('All is well').waitFor(patience)
    await expect.poll(isThere, patience).toBe(true)

    await open('Backups')
    await press(panel, 'Make a backup', false)
    const backup = panel.getByRole('listitem')
    await backup.waitFor(patience)
    await press(backup, 'Delete')
    await panel.getByText('There is no backup yet.').waitFor(patience)
    await open('Overview')
    await press(panel, 'Sign out everywhere')
    await page.getByText('hub admin link').waitFor(patience)
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

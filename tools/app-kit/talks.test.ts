/** Messages between people: said, read, answered; strangers apart until one says a word (issue 8.5). */
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Cid, FileSecret } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { closeMessages } from './close-messages.ts'
import { openFriend, until } from './friend.ts'
import { comeInvited } from './invited.ts'
import { textsOf } from './texts-of.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const app = withApp()

/** Nobody sees the page any more, and its person wants to be told; what the system would show is in `outside`. */
const lookAway = `
  outside = { badge: 0, told: [] }
  localStorage.setItem('effigy-news-outside', 'on')
  Object.defineProperty(Notification, 'permission', { value: 'granted' })
  Object.defineProperty(document, 'hidden', { value: true, configurable: true })
  navigator.setAppBadge = async (count) => { outside.badge = count }
  navigator.clearAppBadge = async () => { outside.badge = 0 }
  navigator.serviceWorker.getRegistration = async () => ({
    showNotification: async (title, { body }) => { outside.told.push(body) },
  })
  void 0`

/** The first file of a message; null: none hangs on it. */
function hungOn(state: object): { readonly blob: Cid; readonly secret: FileSecret } | null {
  const { payload } = state as { readonly payload?: { readonly attachments?: readonly never[] } }
  return payload?.attachments?.[0] ?? null
}

describe.skipIf(noBrowser !== null)('messages', { timeout: 60_000 }, () => {
  test('what a friend says is new, read, and answered; a group shows who can read it', async () => {
    await using ben = await openFriend(app.world, { name: 'Ben' })
    const { person: ada, account } = await comeInvited(app, ben, 'Ada')
    const { page } = ada
    await ada.go('/news')
    await page.getByText('Ben follows you').waitFor(patience)
    await page.evaluate(lookAway)
    const { conversation } = await ben.peer.conversations.write([account], { text: 'Soup *tonight*?' })
    // Outside of the app nobody reads what was said, or by whom.
    await expect.poll(() => page.evaluate('outside'), patience).toEqual({ badge: 1, told: ['1 new message'] })
    await page.evaluate('delete document.hidden')

    await page.getByRole('contentinfo').getByRole('link', { name: 'Messages' }).click()
    const row = page.locator(`a[href="/talks/in/${conversation}"], a[href^="/talks/in/p"]`).first()
    await expect.poll(() => row.textContent(), { timeout: 20_000 }).toContain('1 new message')
    expect(await ada.axe()).toEqual([])
    await row.click()
    await page.getByText('Soup tonight?').waitFor()
    await page.getByRole('textbox', { name: 'Your message' }).fill('Yes, at eight.')
    await page.keyboard.press('Enter')
    const heard = await until(() => {
      const { items } = ben.peer.conversations.messages(conversation)
      return items.length === 2 ? items : null
    })
    expect(textsOf(heard)).toEqual(['Yes, at eight.', 'Soup *tonight*?'])
    // Somebody has it, and said so.
    await page.getByText('Yes, at eight.').waitFor()
    await expect
      .poll(() => page.getByLabel('Only on this device so far').count(), { timeout: 20_000 })
      .toBe(0)
    expect(await ada.axe()).toEqual([])
    const answer = page.locator('ol').getByText('Yes, at eight.')
    const acts = page.getByRole('button', { name: 'What you can do with this message' }).last()
    await acts.click()
    await page.getByRole('menuitem', { name: 'Edit this message' }).click()
    await page.getByText('Who can read it: The same people').waitFor()
    await page.getByRole('dialog').getByRole('textbox').fill('Yes, at nine.')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.locator('ol').getByText('Yes, at nine.').waitFor()
    const benReads = () => textsOf(ben.peer.conversations.messages(conversation).items)[0]
    await expect.poll(benReads, patience).toBe('Yes, at nine.')
    await page.getByRole('button', { name: 'Undo' }).click()
    await answer.waitFor()
    await expect.poll(benReads, patience).toBe('Yes, at eight.')
    await acts.click()
    await page.getByRole('menuitem', { name: 'Delete this message' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await answer.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await answer.waitFor()
    await page.getByRole('link', { name: 'Back to messages' }).click()
    await expect.poll(() => row.textContent()).toContain('You: Yes, at eight.')
    await expect.poll(() => row.textContent()).not.toContain('new message')

    // Found apart from posts, and opened where it stands.
    await ada.go('/search?q=soup')
    const hit = page.getByRole('region', { name: 'Messages' }).getByRole('link')
    await expect
      .poll(() => hit.allTextContents(), patience)
      .toEqual([expect.stringContaining('Ben: Soup tonight?')])
    expect(await page.getByText('Nothing found').count()).toBe(0)
    expect(await ada.axe()).toEqual([])
    await hit.click()
    await page.locator('li[aria-current]').getByText('Soup tonight?').waitFor(patience)
    await page.locator('li[aria-current]:focus').waitFor(patience)
    await ada.go('/talks')

    await page.getByRole('link', { name: 'New message' }).first().click()
    await page.getByRole('checkbox', { name: 'Ben' }).click()
    await page.getByRole('switch').press('Space')
    const name = page.getByRole('textbox', { name: 'Name of the group' })
    await name.fill('effigy-link-1-Ab_defghijklmnop')
    await page.getByRole('button', { name: 'Make the group' }).click()
    await page.getByText('This is a secret link or code.').waitFor()
    expect(await ada.axe()).toEqual([])
    await closeMessages(page)
    await name.fill('Cooks')
    expect(await ada.axe()).toEqual([])
    await page.getByRole('button', { name: 'Make the group' }).click()
    await page.getByRole('textbox', { name: 'Your message' }).fill('Who brings bread?')
    await page.getByRole('button', { name: 'Send' }).click()
    const group = await until(
      () => ben.peer.conversations.list().items.find(({ kind }) => kind === 'group') ?? null,
    )
    expect(group).toMatchObject({ title: 'Cooks', unread: 1 })

    // What hangs on a message is for the same people: whoever carries it reads nothing of it.
    const recipe = { name: 'recipe.txt', mimeType: 'text/plain', buffer: Buffer.from('Two eggs.') }
    await page.locator('form input[type="file"]').setInputFiles(recipe)
    await page.getByRole('button', { name: 'Send' }).click(patience)
    await page.locator('ol').getByText('recipe.txt').waitFor(patience)
    const { blob, secret } = await until(() => {
      const { items } = ben.peer.conversations.messages(group.name)
      return items.map(({ state }) => hungOn(state)).find((file) => file !== null) ?? null
    })
    const signal = AbortSignal.timeout(patience.timeout)
    await ben.peer.fetchBlob(blob, { signal })
    const bytesOf = (file: AsyncIterable<Uint8Array>) => text(Readable.from(file))
    expect(await bytesOf(ben.peer.readFile(blob, { secret, signal }))).toBe('Two eggs.')
    expect(await bytesOf(ben.peer.readFile(blob, { signal }))).not.toContain('eggs')
    await page.getByRole('link', { name: 'Who can read this' }).click()
    await expect.poll(() => page.getByRole('listitem').allTextContents()).toHaveLength(2)
    expect(await ada.axe()).toEqual([])
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })

  test('[Q25] [Q27] of a stranger the first message alone is shown, apart; ignored, taken back, accepted', async () => {
    await using dora = await openFriend(app.world, { name: 'Dora' })
    const eva = await app.browsers.arrive(app.world, { scheme: 'dark' })
    const { page } = eva
    await eva.start('Eva')
    const account = await dora.meet('Eva')
    await dora.peer.relate('follow', account, true)
    for (const text of ['I sold you the blue bowl.', 'Is it whole?']) {
      await dora.peer.conversations.write([account], { text })
    }
    await eva.go('/talks')
    await page.getByText('1 person asks to write to you').click()
    const request = page.getByRole('article')
    await expect.poll(() => request.textContent()).toContain('I sold you the blue bowl.')
    expect(await request.textContent()).not.toContain('Is it whole?')
    expect(await eva.axe()).toEqual([])
    await request.getByRole('button', { name: 'Ignore' }).click()
    await expect.poll(() => request.count(), patience).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await request.getByRole('button', { name: 'Accept' }).click()
    await eva.go('/talks')
    await page.locator('a[href^="/talks/in/p"]').click()
    await page.getByText('Is it whole?').waitFor()
    await page.getByRole('textbox', { name: 'Your message' }).fill('Not a crack!')
    await page.getByRole('button', { name: 'Send' }).click()
    const answer = () => textsOf(dora.peer.conversations.list().items.flatMap(({ newest }) => newest ?? []))
    await until(() => (answer()[0] === 'Not a crack!' ? true : null))

    // Of whom is blocked nothing is shown any more, and nothing asks again.
    await using mallory = await openFriend(app.world, { name: 'Mallory' })
    const unwanted = async (text: string): Promise<void> => {
      await mallory.peer.conversations.write([await mallory.meet('Eva')], { text })
    }
    await unwanted('You won a phone.')
    await page.getByText('1 person asks to write to you').waitFor({ state: 'detached' })
    await eva.go('/talks/requests')
    await expect.poll(() => request.textContent(), patience).toContain('You won a phone.')
    await request.getByRole('button', { name: 'Block' }).click()
    await page.getByRole('dialog').getByText('your devices give them nothing of yours').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
    await page.getByText('Mallory is blocked.').waitFor(patience)
    await page.getByText('Nobody is waiting').waitFor(patience)
    await unwanted('Answer me!')
    await dora.peer.conversations.write([account], { text: 'Good to hear.' })
    await eva.go('/talks')
    await page.getByText('Good to hear.').waitFor(patience)
    expect(await page.getByText('asks to write to you').count()).toBe(0)
    expect(eva.trouble).toEqual([])
    await eva.context.close()
  })
})

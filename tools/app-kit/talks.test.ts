/** Messages between people: said, read, answered; strangers apart until one says a word (issue 8.5). */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { openFriend, until } from './friend.ts'
import { withApp } from './with-app.ts'

const app = withApp()

const textsOf = (items: readonly { readonly state: object }[]): readonly unknown[] =>
  items.map(({ state }) => ('payload' in state ? (state.payload as { text?: string }).text : null))

describe.skipIf(noBrowser !== null)('messages', { timeout: 60_000 }, () => {
  test('what a friend says is new, read, and answered; a group shows who can read it', async () => {
    await using ben = await openFriend(app.world, { name: 'Ben' })
    const ada = await app.browsers.arrive(app.world, { path: await ben.invite() })
    const { page } = ada
    await ada.start('Ada')
    const account = await ben.meet('Ada')
    await ben.peer.relate('follow', account, true)
    const { conversation } = await ben.peer.conversations.write([account], { text: 'Soup *tonight*?' })

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
    await page.getByRole('link', { name: 'Back to messages' }).click()
    await expect.poll(() => row.textContent()).toContain('You: Yes, at eight.')
    await expect.poll(() => row.textContent()).not.toContain('new message')

    await page.getByRole('link', { name: 'New message' }).first().click()
    await page.getByRole('checkbox', { name: 'Ben' }).click()
    await page.getByRole('switch').click({ force: true })
    const name = page.getByRole('textbox', { name: 'Name of the group' })
    await name.fill('effigy-link-1-Ab_defghijklmnop')
    await page.getByRole('button', { name: 'Make the group' }).click()
    await page.getByText('This is a secret link or code.').waitFor()
    await name.fill('Cooks')
    expect(await ada.axe()).toEqual([])
    await page.getByRole('button', { name: 'Make the group' }).click()
    await page.getByRole('textbox', { name: 'Your message' }).fill('Who brings bread?')
    await page.getByRole('button', { name: 'Send' }).click()
    const group = await until(
      () => ben.peer.conversations.list().items.find(({ kind }) => kind === 'group') ?? null,
    )
    expect(group).toMatchObject({ title: 'Cooks', unread: 1 })
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
    await expect.poll(() => request.count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await request.getByRole('button', { name: 'Accept' }).click()
    await eva.go('/talks')
    await page.locator('a[href^="/talks/in/p"]').click()
    await page.getByText('Is it whole?').waitFor()
    await page.getByRole('textbox', { name: 'Your message' }).fill('Not a crack!')
    await page.getByRole('button', { name: 'Send' }).click()
    const answer = () => textsOf(dora.peer.conversations.list().items.flatMap(({ newest }) => newest ?? []))
    await until(() => (answer()[0] === 'Not a crack!' ? true : null))
    expect(eva.trouble).toEqual([])
    await eva.context.close()
  })
})

/** Messages between people: said, read, answered; strangers apart until one says a word (issue 8.5). */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { closeMessages } from './close-messages.ts'
import { openFriend, until } from './friend.ts'
import type { AppPerson } from './person.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const app = withApp()

const textsOf = (items: readonly { readonly state: object }[]): readonly unknown[] =>
  items.map(({ state }) => ('payload' in state ? (state.payload as { text?: string }).text : null))

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

describe.skipIf(noBrowser !== null)('messages', { timeout: 60_000 }, () => {
  test('what a friend says is new, read, and answered; a group shows who can read it', async () => {
    await using ben = await openFriend(app.world, { name: 'Ben' })
    const ada = await app.browsers.arrive(app.world, { path: await ben.invite() })
    const { page } = ada
    await ada.start('Ada')
    const account = await ben.meet('Ada')
    await ben.peer.relate('follow', account, true)
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
    await page.getByRole('switch').click({ force: true })
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
    expect(eva.trouble).toEqual([])
    await eva.context.close()
  })

  test('[Q13] [Q15] a group is renamed, takes one more in who reads what was before, and removes her, who is told', {
    timeout: 90_000,
  }, async () => {
    await using ben = await openFriend(app.world, { name: 'Ben' })
    const path = await ben.invite(2)
    const ada = await app.browsers.arrive(app.world, { path })
    await ada.start('Ada')
    const cleo = await app.browsers.arrive(app.world, { path })
    await cleo.start('Cleo')
    const [adas, cleos] = [await ben.meet('Ada'), await ben.meet('Cleo')]
    await ben.peer.relate('follow', adas, true)
    for (const [person, other] of [
      [ada, cleos],
      [cleo, adas],
    ] as const) {
      await person.go(`/p/${other}`)
      await person.page.getByRole('button', { name: 'Follow', exact: true }).click(patience)
      await person.page.getByText('Following', { exact: true }).waitFor(patience)
    }
    const { page } = ada
    const heading = ({ page: shown }: AppPerson) => shown.getByRole('heading', { level: 1 })
    const said = ({ page: shown }: AppPerson, text: string) => shown.locator('ol').getByText(text)
    const write = async (text: string): Promise<void> => {
      await page.getByRole('textbox', { name: 'Your message' }).fill(text)
      await page.getByRole('button', { name: 'Send' }).click()
      await said(ada, text).waitFor(patience)
    }

    await ada.go('/talks/new')
    await page.getByRole('checkbox', { name: 'Ben' }).click(patience)
    await page.getByRole('switch').click({ force: true })
    await page.getByRole('textbox', { name: 'Name of the group' }).fill('Walkers')
    await page.getByRole('button', { name: 'Make the group' }).click()
    await write('Up the hill on Sunday?')
    await page.getByRole('link', { name: 'Who can read this' }).click()
    const name = page.getByRole('textbox', { name: 'Name of the group' })
    await name.fill('effigy-link-1-Ab_defghijklmnop')
    await page.getByRole('button', { name: 'Save the name' }).click()
    await page.getByText('This is a secret link or code.').waitFor(patience)
    await closeMessages(page)
    await name.fill('Hill walkers')
    await page.getByRole('button', { name: 'Save the name' }).click()
    const groups = () => ben.peer.groups.list()
    await until(() => (groups()[0]?.name === 'Hill walkers' ? true : null))
    const group = groups()[0]?.id ?? ''
    const heard = () => textsOf(ben.peer.conversations.messages(`g${group}`).items)

    await page.getByText('Whoever joins later reads what was written before.').waitFor()
    await page.getByRole('button', { name: 'Add people' }).click()
    await page.getByRole('checkbox', { name: 'Cleo' }).click()
    // Who is there already is not offered.
    expect(await page.getByRole('checkbox').count()).toBe(1)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const cleosPlace = page.getByRole('button', { name: 'Change the place of Cleo' })
    await cleosPlace.waitFor(patience)
    await page.getByRole('button', { name: 'Add people' }).click()
    await page.getByText('Everybody you follow is in this group already.').waitFor(patience)
    expect(await ada.axe()).toEqual([])

    await cleo.go('/talks')
    await cleo.page.getByRole('link', { name: 'Hill walkers' }).click(patience)
    await said(cleo, 'Up the hill on Sunday?').waitFor(patience)
    const box = cleo.page.getByRole('textbox', { name: 'Your message' })
    await box.fill('I am in!')
    await cleo.page.getByRole('button', { name: 'Send' }).click()
    await until(() => (heard().includes('I am in!') ? true : null))

    await cleosPlace.click()
    await page.getByRole('menuitem', { name: 'Remove from the group' }).click()
    await page.getByRole('dialog').getByText('read nothing that is written from now on').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await cleosPlace.waitFor({ ...patience, state: 'detached' })
    // She stands in the conversation, and may have begun to write.
    await cleo.page.getByText('You are no longer in this group.').waitFor(patience)
    expect(await box.count()).toBe(0)
    expect(await cleo.axe()).toEqual([])
    await cleo.page.getByRole('link', { name: 'Who can read this' }).click()
    await cleo.page.getByText('You are no longer in this group.').waitFor(patience)
    await expect.poll(() => cleo.page.getByRole('listitem').count(), patience).toBe(2)
    for (const act of ['Add people', 'Save the name', 'Leave the group'])
      expect(await cleo.page.getByRole('button', { name: act }).count()).toBe(0)

    await ada.go(`/talks/in/g${group}`)
    await expect.poll(() => heading(ada).textContent(), patience).toContain('Hill walkers')
    await said(ada, 'I am in!').waitFor(patience)
    await write('Without Cleo, then.')
    await until(() => (heard().includes('Without Cleo, then.') ? true : null))
    // What Ada says after that, to her alone, comes behind it in the same feed.
    await ada.go(`/talks/to/${cleos}`)
    await write('You know why.')
    await cleo.go('/talks')
    await cleo.page.getByText('You know why.').waitFor(patience)
    await cleo.page.getByRole('link', { name: 'Hill walkers' }).click()
    await said(cleo, 'I am in!').waitFor(patience)
    expect(await said(cleo, 'Without Cleo, then.').count()).toBe(0)
    expect([...ada.trouble, ...cleo.trouble]).toEqual([])
    await cleo.context.close()
    await ada.context.close()
  })
})

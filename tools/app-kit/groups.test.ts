/** Groups: who is in them, who looks after them, and what those read who come and go (issue 8.5). */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { closeMessages } from './close-messages.ts'
import { openFriend, until } from './friend.ts'
import type { AppPerson } from './person.ts'
import { textsOf } from './texts-of.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const app = withApp()

describe.skipIf(noBrowser !== null)('groups', () => {
  test('[Q13] [Q15] a group is renamed, takes one more in who reads what was before, removes her, who is told, and is left', {
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
    await page.getByRole('switch').press('Space')
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

    // Whoever is let look after it does, until they are not any more.
    const cleosRole = () => groups()[0]?.members.find(({ identity }) => identity === cleos)?.role
    const rename = cleo.page.getByRole('button', { name: 'Save the name' })
    await cleo.page.getByRole('link', { name: 'Who can read this' }).click()
    await cleo.page.getByText('Whoever joins later').waitFor(patience)
    expect(await rename.count()).toBe(0)
    for (const [act, role] of [
      ['Let them look after the group', 'admin'],
      ['No longer let them look after it', 'member'],
    ] as const) {
      await cleosPlace.click()
      await page.getByRole('menuitem', { name: act }).click()
      await rename.waitFor({ ...patience, state: role === 'admin' ? 'visible' : 'detached' })
      await expect.poll(cleosRole, patience).toBe(role)
    }
    await cleo.page.goBack()

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

    await ada.go(`/talks/in/g${group}`)
    await page.getByRole('link', { name: 'Who can read this' }).click()
    await page.getByRole('button', { name: 'Leave the group' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await page.getByText('You left the group.').waitFor(patience)
    await until(() => (groups()[0]?.members.length === 1 ? true : null))
    await ben.peer.conversations.answer(`g${group}`, { text: 'Hello? Anybody?' })
    await ben.peer.conversations.write([adas], { text: 'Where are you all?' })
    await page.getByText('Where are you all?').waitFor(patience)
    await page.getByRole('link', { name: 'Hill walkers' }).click()
    await page.getByText('You are no longer in this group.').waitFor(patience)
    await said(ada, 'Without Cleo, then.').waitFor(patience)
    expect(await said(ada, 'Hello? Anybody?').count()).toBe(0)
    expect([...ada.trouble, ...cleo.trouble]).toEqual([])
    await cleo.context.close()
    await ada.context.close()
  })
})

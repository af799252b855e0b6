/** Connections, hubs, invites, storage, settings, and what is underneath. */
import type { AppPerson } from '../person.ts'
import type { Scene } from '../scenes.ts'

const patience = { timeout: 20_000 }

async function say({ page }: AppPerson, text: string): Promise<void> {
  await page.locator('#screen textarea').first().fill(text)
  // In whatever language.
  await page.locator('#screen textarea').first().press('Control+Enter')
  await page.getByRole('article').first().waitFor(patience)
}

export const networkScenes: Readonly<Record<string, Scene>> = {
  async settings(person) {
    await person.start('Ada')
    await person.go('/settings')
    await person.page.locator('select').first().waitFor(patience)
  },
  async hubs(person) {
    await person.start('Ada')
    await person.go('/hubs')
    await person.page
      .locator('article [role="progressbar"]')
      .first()
      .waitFor({ ...patience, state: 'attached' })
  },
  async invite(person) {
    await person.start('Ada')
    await person.go('/invite')
    const { page } = person
    await page.locator('section button').first().click()
    await page.locator('svg[role="img"][viewBox]').first().waitFor(patience)
  },
  async network(person) {
    await person.start('Ada')
    await say(person, 'The first tomatoes are ripe.')
    await person.go('/network')
    await person.page.locator('table').first().waitFor(patience)
  },
  async storage(person) {
    await person.start('Ada')
    await say(person, 'The first tomatoes are ripe.')
    await person.go('/storage')
    await person.page.locator('li').first().waitFor(patience)
  },
  async inspector(person) {
    await person.start('Ada')
    await say(person, 'The first tomatoes are ripe.')
    await person.go('/inspector')
    const { page } = person
    await page.locator('ol button').first().click()
    await page.locator('pre').first().waitFor(patience)
  },
  async together(person, world, browsers) {
    await person.start('Ada')
    await say(person, 'The first tomatoes are ripe.')
    const { page } = person
    for (const name of ['Bob', 'Cleo', 'Dina']) {
      await person.go('/invite')
      await page.getByRole('button', { name: 'Make the invite' }).click()
      const link = new URL(await page.getByRole('textbox', { name: 'The invite as a link' }).inputValue())
      const friend = await browsers.arrive(world, { path: `${link.pathname}${link.hash}` })
      if (link.pathname.startsWith('/i')) await friend.page.locator('a[href]').first().click()
      await friend.start(name)
      await friend.page.getByText('The first tomatoes are ripe.').first().waitFor(patience)
      await person.go('/network')
      await page.locator('li').getByText(name).first().waitFor(patience)
    }
  },
}

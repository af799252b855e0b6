/** The first minutes of somebody who opens the app: bars of issue 8. */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { clicksIn, countClicks } from './clicks.ts'
import { closeMessages } from './close-messages.ts'
import type { AppPerson } from './person.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const app = withApp()

/** From the steps at Home into a conversation of people who were made up, to one of them, and back: nothing stays of it. */
async function lookAround({ page }: AppPerson): Promise<void> {
  // All but when the page was touched last.
  const kept = (): Promise<unknown> =>
    page.evaluate("JSON.stringify({ ...localStorage, 'effigy-touched': null })")
  const before = await kept()
  await page.getByRole('link', { name: 'Look around' }).click()
  const sown = page.getByRole('article').filter({ hasText: 'I sowed forty tomatoes' })
  await sown.getByRole('link', { name: '5 replies' }).click()
  const answer = page.getByRole('article').filter({ hasText: 'he is called Horst' })
  await answer.waitFor(patience)
  // What would write says that it does not.
  const react = answer.getByRole('button', { name: '😂, 3 people' })
  await react.click()
  await page.getByText('This is only to look around.').waitFor(patience)
  expect(await react.getAttribute('aria-pressed')).toBe('false')
  expect(await page.getByRole('textbox').count()).toBe(0)
  await closeMessages(page)
  await answer.getByRole('link', { name: 'Mira Holt' }).last().click()
  await page.getByRole('heading', { name: 'Mira Holt' }).waitFor(patience)
  await page.getByRole('link', { name: '#garden' }).first().click()
  await page.getByText('the plums are ripe').waitFor(patience)
  expect(await page.getByText('Hello, world!').count()).toBe(0)
  await page.getByRole('link', { name: 'Back to your own place' }).click()
  expect(await kept()).toBe(before)
}

describe.skipIf(noBrowser !== null)('the first minutes', () => {
  test('from opening to a first note in five clicks', async () => {
    const ada = await app.browsers.arrive(app.world, { prepare: countClicks })
    const { page } = ada
    const language = page.getByRole('combobox')
    await language.selectOption('Deutsch')
    await page.getByRole('heading', { name: 'Willkommen bei Effigy' }).waitFor(patience)
    await language.selectOption('English')
    await page.getByRole('heading', { name: 'Welcome to Effigy' }).waitFor(patience)
    expect(await ada.axe()).toEqual([])
    // Nothing of a passphrase where none is promised, until somebody looks for it.
    const lock = page.getByRole('switch', { name: 'Lock this browser with a passphrase' })
    expect(await lock.count()).toBe(0)
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await lock.waitFor(patience)
    // One that is mistyped would shut its person out: it is typed twice.
    await lock.focus()
    await page.keyboard.press('Space')
    const start = page.getByRole('button', { name: 'Start' })
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse')
    expect(await start.isDisabled()).toBe(true)
    await page.getByLabel('The same once more').fill('correct horse')
    await expect.poll(() => start.isDisabled(), patience).toBe(false)
    await lock.focus()
    await page.keyboard.press('Space')
    const before = await clicksIn(page)
    const name = page.locator('input[autocomplete="nickname"]')
    await name.click()
    await name.fill('Ada')
    await start.click()
    const text = page.getByRole('textbox', { name: 'Say something to your friends' })
    await text.click()
    await text.fill('Hello, *world*!')
    await page.getByRole('button', { name: 'Post' }).click()
    const note = page.getByRole('article')
    await expect.poll(() => note.first().textContent(), patience).toContain('Hello, world!')
    const clicks = (await clicksIn(page)) - before
    // Whoever presses nothing posts nothing: the count counts.
    expect(clicks).toBeGreaterThan(1)
    expect(clicks).toBeLessThanOrEqual(5)
    // The steps stay until somebody is followed, or they are closed.
    const steps = page.getByRole('region', { name: 'Your first hour' })
    await steps.waitFor(patience)
    expect(await ada.axe()).toEqual([])
    expect(ada.trouble).toEqual([])
    await lookAround(ada)
    await steps.waitFor(patience)
    expect(await note.count()).toBe(1)
    expect(ada.trouble).toEqual([])
    await steps.getByRole('button', { name: 'Close these steps' }).click()
    await steps.waitFor({ state: 'detached' })
    // On a third day of use one is reminded of the words, until later.
    const used = JSON.stringify({ days: 3, day: '2026-01-03', quietUntil: 0 })
    await page.evaluate(`localStorage.setItem('effigy-words-reminder/effigy', ${JSON.stringify(used)})`)
    // It is all there without the hub's help, and without a network: the app itself was kept.
    await page.reload()
    const reminder = page.getByText('Write your secret words down')
    await reminder.waitFor(patience)
    expect(await ada.axe()).toEqual([])
    await page.getByRole('button', { name: 'Later' }).click()
    await reminder.waitFor({ state: 'detached' })
    await expect.poll(() => note.first().textContent(), patience).toContain('Hello, world!')
    expect(await steps.count()).toBe(0)
    expect(await page.evaluate('navigator.serviceWorker.ready.then(({ active }) => active !== null)')).toBe(
      true,
    )
    await ada.context.setOffline(true)
    await page.reload()
    await expect.poll(() => note.first().textContent(), patience).toContain('Hello, world!')
    await ada.context.close()
  })

  test('a network that goes in the first minutes takes no screen away; before all is kept, screens come when it is back', async () => {
    const path = '/inspector'
    const heading = { name: 'Inspector' }
    const ada = await app.browsers.arrive(app.world)
    await ada.start('Ada')
    await ada.page.evaluate('navigator.serviceWorker.ready')
    await expect
      .poll(() => ada.page.evaluate('navigator.serviceWorker.controller !== null'), patience)
      .toBe(true)
    await ada.context.setOffline(true)
    await ada.go(path)
    await ada.page.getByRole('heading', heading).waitFor(patience)
    await ada.context.close()

    const bea = await app.browsers.arrive(app.world, {
      prepare: async (context) => {
        await context.route('**/service-worker.js', (route) => route.abort())
      },
    })
    const { page, context } = bea
    await bea.start('Bea')
    await page.getByRole('textbox', { name: 'Say something to your friends' }).waitFor(patience)
    await context.setOffline(true)
    await page.getByText('No connection.').waitFor(patience)
    await bea.go(path)
    await page.getByText('One moment…').waitFor(patience)
    await context.setOffline(false)
    await page.getByRole('heading', heading).waitFor(patience)
    // What cannot be had though there is a network: said, and mended by the button.
    await context.route('**/assets/storage-screen*', (route) => route.abort())
    await bea.go('/storage')
    await page.getByText('A part of the app could not be loaded.').waitFor(patience)
    await context.unroute('**/assets/storage-screen*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Storage' }).waitFor(patience)
    // So is what stands around the screens.
    await context.route('**/assets/command-palette*', (route) => route.abort())
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByText('A part of the app could not be loaded.').waitFor(patience)
    await context.unroute('**/assets/command-palette*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Storage' }).waitFor(patience)
    await context.close()
  })
})

/** The first minutes of somebody who opens the app: bars of issue 8. */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { clicksIn, countClicks } from './clicks.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const app = withApp()

describe.skipIf(noBrowser !== null)('the first minutes', () => {
  test('from opening to a first note in five clicks', async () => {
    const ada = await app.browsers.arrive(app.world, { prepare: countClicks })
    const { page } = ada
    expect(await ada.axe()).toEqual([])
    // Nothing of a passphrase where none is promised, until somebody looks for it.
    const lock = page.getByRole('switch', { name: 'Lock this browser with a passphrase' })
    expect(await lock.count()).toBe(0)
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await lock.waitFor(patience)
    const before = await clicksIn(page)
    const name = page.locator('input[autocomplete="nickname"]')
    await name.click()
    await name.fill('Ada')
    await page.getByRole('button', { name: 'Start' }).click()
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
})

/** Several devices of one person, and the ways back: with real browsers at a real hub. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { type AppPerson, type Browsers, openBrowsers } from './person.ts'
import { type AppWorld, openAppWorld } from './world.ts'

const patience = { timeout: 20_000 }

let world: AppWorld
let browsers: Browsers
beforeAll(async () => {
  if (noBrowser !== null) return
  world = await openAppWorld()
  browsers = await openBrowsers()
}, 120_000)
afterAll(async () => {
  await browsers?.[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
})

const press = ({ page }: AppPerson, name: string) => page.getByRole('button', { name }).click()

const notes = ({ page }: AppPerson) => page.getByRole('article').allTextContents()

async function write(person: AppPerson, text: string): Promise<void> {
  await person.page.getByRole('textbox', { name: 'Say something to your friends' }).fill(text)
  await press(person, 'Post')
  await expect.poll(async () => (await notes(person)).join(), patience).toContain(text)
}

describe.skipIf(noBrowser !== null)('devices and the ways back', () => {
  test('a second device is linked by a code and four pictures, and has what the first one wrote', async () => {
    const laptop = await browsers.arrive(world)
    await laptop.start('Ada')
    await write(laptop, 'Written on the laptop')
    await laptop.go('/devices')
    await press(laptop, 'Add a device')
    const { page } = laptop
    await page.getByRole('img', { name: 'Code for your other device' }).waitFor()
    expect(await laptop.axe()).toEqual([])
    await laptop.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await press(laptop, 'Copy it as text')
    const code = String(await page.evaluate('navigator.clipboard.readText()'))

    const phone = await browsers.arrive(world)
    await press(phone, 'I was here before')
    expect(await phone.axe()).toEqual([])
    await press(phone, 'I still have another device')
    await phone.page.getByRole('textbox', { name: 'Text of the code' }).fill(code)
    await phone.page.keyboard.press('Enter')
    const pictures = ({ page: shown }: AppPerson) => shown.locator('[data-emoji]').textContent(patience)
    expect(await pictures(phone)).toBe(await pictures(laptop))
    await press(phone, 'Yes, the same')
    await press(laptop, 'Yes, the same')
    await press(phone, 'Go in')
    await expect.poll(async () => (await notes(phone)).join(), patience).toContain('Written on the laptop')
    await laptop.page.getByText('Done. What you wrote is on its way there.').waitFor()
    await press(laptop, 'Close')
    await expect.poll(() => page.locator('section article').count(), patience).toBe(2)
    expect(await laptop.axe()).toEqual([])
    expect([...laptop.trouble, ...phone.trouble]).toEqual([])
    await phone.context.close()
    await laptop.context.close()
  })
})

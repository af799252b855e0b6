/** Several devices of one person, and the ways back: with real browsers at a real hub. */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { comeBack } from './come-back.ts'
import { copyOf } from './copy-of.ts'
import { openFriend } from './friend.ts'
import type { AppPerson } from './person.ts'
import { settled } from './settled.ts'
import { withApp } from './with-app.ts'
import { confirmWords, showWords } from './words-of-account.ts'

const patience = { timeout: 20_000 }

const app = withApp()

const press = ({ page }: AppPerson, name: string) => page.getByRole('button', { name }).click()

/** Once all is back: before that the button says so. */
const goIn = ({ page }: AppPerson) => page.getByRole('button', { name: 'Go in', exact: true }).click(patience)

const notes = ({ page }: AppPerson) => page.getByRole('article').allTextContents()

async function write(person: AppPerson, text: string): Promise<void> {
  await person.page.getByRole('textbox', { name: 'Say something to your friends' }).fill(text)
  await press(person, 'Post')
  await expect.poll(async () => (await notes(person)).join(), patience).toContain(text)
}

describe.skipIf(noBrowser !== null)('devices and the ways back', () => {
  test('a second device is linked by a code and four pictures, has what the first one wrote, and knows what was read there', {
    timeout: 150_000,
  }, async () => {
    await using bea = await openFriend(app.world, { name: 'Bea' })
    const laptop = await app.browsers.arrive(app.world, { path: `/${await bea.invite()}` })
    await laptop.start('Ada')
    await write(laptop, 'Written on the laptop')
    await laptop.go('/devices')
    await press(laptop, 'Add a device')
    const { page } = laptop
    await page.getByRole('img', { name: 'Code for your other device' }).waitFor()
    expect(await laptop.axe()).toEqual([])
    const code = await copyOf(laptop, 'Copy it as text')

    const phone = await app.browsers.arrive(app.world)
    await comeBack(phone)
    expect(await phone.axe()).toEqual([])
    await press(phone, 'I still have another device')
    await phone.page.getByRole('textbox', { name: 'Text of the code' }).fill(code)
    await phone.page.keyboard.press('Enter')
    const pictures = ({ page: shown }: AppPerson) => shown.locator('[data-emoji]').textContent(patience)
    expect(await pictures(phone)).toBe(await pictures(laptop))
    await press(phone, 'Yes, the same')
    await press(laptop, 'Yes, the same')
    await goIn(phone)
    await expect.poll(async () => (await notes(phone)).join(), patience).toContain('Written on the laptop')
    await laptop.page.getByText('Done. What you wrote is on its way there.').waitFor()
    await press(laptop, 'Close')
    await expect.poll(() => page.locator('section article').count(), patience).toBe(2)
    expect(await laptop.axe()).toEqual([])

    // What was read on one of them is read on the other, which shows what came since.
    const unread = ({ page: shown }: AppPerson, path: string) =>
      shown
        .locator(`footer a[href="${path}"]`)
        .evaluate(({ textContent }) => Number(textContent?.replaceAll(/\D/g, '')))
    const both = async (path: string) => [await unread(laptop, path), await unread(phone, path)]
    await phone.go('/people')
    await bea.say('The first news')
    await bea.say('The second news')
    await expect.poll(async () => Math.min(...(await both('/'))), patience).toBeGreaterThanOrEqual(2)
    await laptop.go('/')
    // A device says it once a minute.
    await expect.poll(() => both('/'), { timeout: 75_000 }).toEqual([0, 0])
    await laptop.go('/people')
    await bea.say('The third news')
    await expect.poll(() => both('/'), patience).toEqual([1, 1])
    await phone.go('/')
    const third = phone.page.getByRole('article').filter({ hasText: 'The third news' })
    await third.waitFor(patience)
    await phone.page.locator('[data-index="1"]').getByText('You have read what is below').waitFor(patience)
    const account = await bea.meet('Ada')
    await bea.peer.relate('follow', account, true)
    await bea.peer.conversations.write([account], { text: 'Are you there?' })
    await expect.poll(() => both('/talks'), patience).toEqual([1, 1])
    await phone.go('/talks')
    await phone.page.getByText('Are you there?').click(patience)
    await phone.page.getByRole('textbox', { name: 'Your message' }).waitFor(patience)
    await expect.poll(() => both('/talks'), patience).toEqual([0, 0])
    expect([...laptop.trouble, ...phone.trouble]).toEqual([])
    await phone.context.close()
    await laptop.context.close()
  })

  test('with a backup and the words a lost device is no loss', async () => {
    const ada = await app.browsers.arrive(app.world)
    await ada.start('Ada')
    await write(ada, 'Written before the loss')
    const words = await showWords(ada)
    expect(words).toHaveLength(12)
    const wordsFirst = ada.page.getByText('You have not written your words down yet.')
    await wordsFirst.waitFor(patience)
    await ada.page.getByText('Neither lets you into your account').waitFor(patience)
    expect(await ada.axe()).toEqual([])
    await confirmWords(ada, words)
    await wordsFirst.waitFor({ ...patience, state: 'detached' })
    // A browser that asks where is one that no test can answer.
    await ada.page.evaluate('delete globalThis.showSaveFilePicker')
    await press(ada, 'Save a backup')
    await ada.page.getByLabel('Passphrase for the file').fill('correct horse battery')
    expect(await ada.page.getByRole('button', { name: 'Save it' }).isDisabled()).toBe(true)
    await ada.page.getByLabel('The same once more').fill('correct horse battery')
    const downloaded = ada.page.waitForEvent('download')
    await press(ada, 'Save it')
    const file = await (await downloaded).path()
    expect(ada.trouble).toEqual([])
    await ada.page.close()

    const again = await app.browsers.arrive(app.world)
    await comeBack(again)
    await press(again, 'I have a file')
    await again.page.locator('input[type="file"]').setInputFiles(file)
    await again.page.getByLabel('Passphrase of the file').fill('correct horse battery')
    await press(again, 'Bring it back')
    await again.page.getByLabel('Your words').fill(words.join(' '))
    await press(again, 'Find my account')
    await again.page.getByText('This is the account of Ada.').waitFor()
    expect(await again.axe()).toEqual([])
    await press(again, 'Take my account here')
    await goIn(again)
    await expect.poll(async () => (await notes(again)).join(), patience).toContain('Written before the loss')
    expect(again.trouble).toEqual([])
    await again.context.close()
    // What was downloaded goes with it.
    await ada.context.close()
  })

  test('the ways back are told in the language of the browser', async () => {
    const salma = await app.browsers.arrive(app.world, { language: 'ar' })
    await settled(salma.page, 3)
    await press(salma, 'كنت هنا من قبل')
    await salma.page.getByRole('heading', { name: 'أهلًا بعودتك' }).waitFor()
    expect(await salma.axe()).toEqual([])
    await salma.context.close()
  })
})

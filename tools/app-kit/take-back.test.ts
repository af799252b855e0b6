/** A thief has the main device, or no device is left: the ways back by the words, as a friend sees them too (issue 8). */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { comeBack } from './come-back.ts'
import { type Friend, openFriend } from './friend.ts'
import { comeInvited } from './invited.ts'
import { codeOn, readCode, sayTheSame, showCode } from './link-device.ts'
import type { AppPerson } from './person.ts'
import { withApp } from './with-app.ts'
import { confirmWords, showWords } from './words-of-account.ts'
import { openAppWorld } from './world.ts'

const patience = { timeout: 20_000 }

const app = withApp()

const button = ({ page }: AppPerson, name: string) => page.getByRole('button', { name, exact: true })
const sees = ({ page }: AppPerson, text: string) => page.getByText(text).first().waitFor(patience)
const devices = ({ page }: AppPerson) => page.locator('section').getByRole('article')

async function write(person: AppPerson, text: string): Promise<void> {
  await person.go('/')
  await person.page.getByRole('textbox', { name: 'Say something to your friends' }).fill(text)
  await button(person, 'Post').click()
  await person.page.getByRole('article').filter({ hasText: text }).waitFor(patience)
}

describe.skipIf(noBrowser !== null)('back by the words', () => {
  test('[Y11] [Y12] a thief has the main device and takes the other one out: with its words that one takes the account back, and his do not count', {
    timeout: 120_000,
  }, async () => {
    await using bea = await openFriend(app.world, { name: 'Bea' })
    const { person: laptop } = await comeInvited(app, bea, 'Ada')
    const texts = () => JSON.stringify(bea.peer.query.timeline().items)
    await write(laptop, 'Written before the theft')
    await expect.poll(texts, patience).toContain('Written before the theft')
    const words = await showWords(laptop)
    await confirmWords(laptop, words)

    // Pictures that differ: nothing is linked, and both may try again.
    const phone = await app.browsers.arrive(app.world)
    await readCode(laptop, phone, await showCode(phone))
    await button(phone, 'No, others').click()
    for (const each of [phone, laptop]) await sees(each, 'The pictures were not the same.')
    expect(await devices(laptop).count()).toBe(1)
    await button(phone, 'Once more').click()
    await button(laptop, 'Cancel').click()
    await readCode(laptop, phone, await codeOn(phone))
    await sayTheSame(laptop, phone)
    expect(await devices(laptop).count()).toBe(2)

    // Nobody is to see where the laptop is: a hub carries what both say to each other, and reads nothing of it.
    const way = phone.page.getByRole('listitem').filter({ hasText: 'Ada' })
    await phone.go('/network')
    await way.getByText('Directly').waitFor(patience)
    await laptop.go('/network')
    await laptop.page.getByRole('switch', { name: 'Hide the address of this device' }).press('Space')
    await way.getByText('Passed on').waitFor(patience)
    await laptop.go('/devices')

    // A name of its own.
    const other = devices(laptop).filter({ hasNotText: 'This device' })
    const menu = other.getByRole('button', { name: /What to do with/ })
    await menu.click()
    await laptop.page.getByRole('menuitem', { name: 'Rename' }).click()
    await laptop.page.getByLabel('Name of this device').fill('Old phone')
    await button(laptop, 'Save').click()
    await phone.go('/devices')
    await devices(phone).filter({ hasText: 'This device' }).getByText('Old phone').waitFor(patience)
    await write(phone, 'Said on the phone')
    await expect.poll(texts, patience).toContain('Said on the phone')
    await laptop.go('/')
    await sees(laptop, 'Said on the phone')
    const lastWell = await localTime(phone)

    // The thief.
    await laptop.go('/devices')
    await menu.click()
    await laptop.page.getByRole('menuitem', { name: 'Remove…' }).click()
    await button(laptop, 'Remove it').click()
    await expect.poll(() => devices(laptop).count(), patience).toBe(1)
    await write(laptop, 'Send me all your money')
    await expect.poll(texts, patience).toContain('Send me all your money')
    await sees(phone, 'This device was taken out of your account')

    await sees(phone, 'If that was somebody else, take your account back with your words.')
    await phone.page.getByRole('status').getByRole('link', { name: 'My account' }).click()
    await button(phone, 'Something happened').click()
    await phone.page.getByLabel('Your words').fill(words.join(' '))
    await phone.page.getByLabel('When was all still well').fill(lastWell)
    expect(await phone.axe()).toEqual([])
    await button(phone, 'Take it back').click()
    await phone.page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
    await button(phone, 'Show my words').waitFor(patience)
    const anew = await showWords(phone)
    expect(anew).not.toEqual(words)
    await sees(laptop, 'This device was taken out of your account')
    await expect.poll(texts, patience).not.toContain('Send me all your money')
    await write(phone, 'It is me again')
    await expect.poll(texts, patience).toContain('It is me again')
    for (const text of ['Said on the phone', 'Written before the theft']) expect(texts()).toContain(text)
    expect([...laptop.trouble, ...phone.trouble]).toEqual([])
    await laptop.context.close()
    await phone.context.close()
  })

  test('[Y18] by the words alone name, notes, friends and messages come back; with a copy also where the hub is gone for good', {
    timeout: 120_000,
  }, async () => {
    await using gone = await openAppWorld()
    await using bea = await openFriend(gone, { name: 'Bea' })
    const lost = await openFriend(gone, { name: 'Ada', label: 'lost phone' })
    const phrase = await lost.peer.account.phrase()
    {
      await using _lost = lost
      for (const [one, name] of [
        [bea, 'Ada'],
        [lost, 'Bea'],
      ] as const)
        await one.peer.relate('follow', await one.meet(name), true)
      await lost.say('Written before the loss')
      await lost.peer.conversations.write([bea.identity], { text: 'Do you have my bowl?' })
      await expect.poll(() => saidTo(bea), patience).toContain('Do you have my bowl?')
      await bea.peer.conversations.write([lost.identity], { text: 'It stands on the shelf.' })
      await expect.poll(() => saidTo(lost), patience).toContain('It stands on the shelf.')
      await lost.peer.settled(AbortSignal.timeout(20_000))
    }

    const tablet = await app.browsers.arrive(gone)
    await comeBack(tablet)
    await tablet.page.getByRole('button', { name: 'I have my secret words' }).click()
    await tablet.page.getByLabel('Your words').fill(phrase ?? '')
    await button(tablet, 'Find my account').click()
    await sees(tablet, 'This is the account of Ada.')
    await tablet.page.getByRole('checkbox', { name: 'lost phone' }).waitFor()
    await button(tablet, 'Take my account here').click()
    await sees(tablet, 'Everything that could be found is here.')
    await button(tablet, 'Go in').click()
    await hasAll(tablet)
    await bea.peer.conversations.write([lost.identity], { text: 'Come and fetch it.' })
    await sees(tablet, 'Come and fetch it.')

    await tablet.go('/account')
    await tablet.page.evaluate('delete globalThis.showSaveFilePicker')
    await button(tablet, 'Save everything here').click()
    const downloaded = tablet.page.waitForEvent('download', patience)
    await button(tablet, 'Save it anyway').click()
    const copy = await (await downloaded).path()
    await tablet.page.close()
    await gone[Symbol.asyncDispose]()

    const again = await app.browsers.arrive(app.world)
    await comeBack(again)
    await again.page.getByRole('button', { name: 'I have a file' }).click()
    await again.page.locator('input[type="file"]').setInputFiles(copy)
    await sees(again, 'Open only a copy that you made yourself')
    await button(again, 'Bring it back').click()
    await again.page.getByLabel('Your words').fill(phrase ?? '')
    await button(again, 'Find my account').click()
    await sees(again, 'This is the account of Ada.')
    await button(again, 'Take my account here').click()
    await button(again, 'Go in').click(patience)
    await hasAll(again)
    await sees(again, 'Come and fetch it.')
    // Chosen is still the hub that is gone.
    await again.go('/hubs')
    await again.page.getByLabel('Its address, or an invite').fill(app.world.origin)
    await button(again, 'Look at it').click()
    await button(again, 'Use this hub').click(patience)
    await again.page.getByText('Connected', { exact: true }).waitFor(patience)
    await bea.peer.connect(`${app.world.url}#${app.world.hub.identity}`).ready(AbortSignal.timeout(20_000))
    await again.go('/talks')
    await again.page.locator('a[href^="/talks/in/p"]').click(patience)
    await again.page.getByRole('textbox', { name: 'Your message' }).fill('I am on my way.')
    await button(again, 'Send').click()
    await expect.poll(() => saidTo(bea), patience).toContain('I am on my way.')
    expect([...tablet.trouble, ...again.trouble]).toEqual([])
    await tablet.context.close()
    await again.context.close()
  })
})

/** A person that came back; ends in the conversation with Bea. */
async function hasAll(person: AppPerson): Promise<void> {
  const { page } = person
  await person.go('/')
  await page.getByRole('article').filter({ hasText: 'Written before the loss' }).waitFor(patience)
  await person.go('/people')
  await page.locator('#screen li a').filter({ hasText: 'Bea' }).waitFor(patience)
  await page.getByText('Your page').first().click()
  await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent(), patience).toContain('Ada')
  await person.go('/talks')
  await page.locator('a[href^="/talks/in/p"]').click(patience)
  await sees(person, 'Do you have my bowl?')
  await sees(person, 'It stands on the shelf.')
}

/** Now, as a field for a day and a time takes it. */
const localTime = ({ page }: AppPerson): Promise<string> =>
  page.evaluate(`new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, -1)`)

/** All messages that they have. */
const saidTo = ({ peer }: Friend): string =>
  JSON.stringify(peer.conversations.list().items.map(({ name }) => peer.conversations.messages(name).items))

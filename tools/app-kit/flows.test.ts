/** What a person does seldom, and has to work then: another account here, the end of one, secrets that nearly got out. */
import { readFileSync } from 'node:fs'
import type { Identity, Root } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { makePicture } from '../demo/pictures/make.ts'
import { comeBack } from './come-back.ts'
import { cutOff } from './cut-off.ts'
import { type Friend, openFriend, until } from './friend.ts'
import { readCode, sayTheSame, showCode } from './link-device.ts'
import type { AppPerson } from './person.ts'
import { withApp } from './with-app.ts'
import { confirmWords, showWords } from './words-of-account.ts'

const patience = { timeout: 20_000 }
const app = withApp()

const button = ({ page }: AppPerson, name: string | RegExp) => page.getByRole('button', { name })
const notes = ({ page }: AppPerson) => page.getByRole('article').allTextContents()

async function write(person: AppPerson, text: string): Promise<void> {
  await person.page.getByRole('textbox', { name: 'Say something to your friends' }).fill(text)
  await button(person, 'Post').click()
}

/** Another browser becomes a device of the same person. */
async function link(person: AppPerson): Promise<AppPerson> {
  const other = await app.browsers.arrive(app.world)
  const code = await showCode(other)
  expect(await other.axe()).toEqual([])
  await readCode(person, other, code)
  await sayTheSame(person, other)
  return other
}

describe.skipIf(noBrowser !== null)('seldom, and for good', () => {
  test('[T14] words of an account go nowhere; two accounts in one browser; the end of one leaves the other', async () => {
    const ada = await app.browsers.arrive(app.world)
    const { page } = ada
    await ada.start('Ada')
    const words = (await showWords(ada)).join(' ')
    // On paper they stand alone, with what they are for.
    await page.evaluate('globalThis.print = () => { globalThis.isPrinted = true }')
    await button(ada, 'Print them').click()
    expect(await page.evaluate('globalThis.isPrinted')).toBe(true)
    await page.emulateMedia({ media: 'print' })
    const sheet = page.locator('body > section')
    // What measures texts stands beside the app, and is never seen.
    const shown = `[...document.body.children].filter((one) => one.checkVisibility({ visibilityProperty: true })).length`
    expect(await page.evaluate(shown)).toBe(1)
    expect(await sheet.isVisible()).toBe(true)
    const paper = await sheet.textContent()
    for (const said of [...words.split(' '), 'Account: Ada', new URL(app.world.origin).host]) {
      expect(paper).toContain(said)
    }
    await page.emulateMedia({ media: null })
    expect(await sheet.isVisible()).toBe(false)
    await ada.go('/')
    await write(ada, `Keep this for me: ${words}`)
    await page.getByText('These are secret words.').waitFor(patience)
    expect(await notes(ada)).toEqual([])
    // Nor is it a draft, here or elsewhere.
    const box = page.getByRole('textbox', { name: 'Say something to your friends' })
    const kept = (some: string) =>
      page.evaluate(`Object.values(localStorage).some((value) => value.includes(${JSON.stringify(some)}))`)
    await box.fill('Half a thought')
    await expect.poll(() => kept('Half a thought'), patience).toBe(true)
    await box.fill(`Half a thought, ${words}`)
    await expect.poll(() => kept('Half a thought'), patience).toBe(false)
    await write(ada, 'Ada was here')
    await expect.poll(async () => (await notes(ada)).join(), patience).toContain('Ada was here')
    await ada.go('/search')
    await page.getByRole('searchbox').fill(words)
    await page.getByText('These are secret words.').waitFor(patience)
    expect(page.url()).not.toContain('q=')
    await ada.go('/people')
    await page.getByText('Your page').first().click()
    await button(ada, 'Edit my page').click()
    await page.getByLabel('A few words about you').fill(words)
    await button(ada, 'Save').click()
    await page.getByText('These are secret words.').waitFor(patience)
    await button(ada, 'Close').click()

    // Another person, in the same browser.
    await ada.go('/account')
    await button(ada, 'Another account').click()
    await ada.start('Bea')
    expect((await notes(ada)).join()).not.toContain('Ada was here')
    await using fritz = await openFriend(app.world, { name: 'Fritz' })
    const beas = await fritz.meet('Bea')
    await fritz.peer.relate('follow', beas, true)
    const picture = makePicture({ type: 'scene', scene: 'harbour', seed: '4' })
    const file = { name: 'harbour.jpg', mimeType: picture.mime, buffer: Buffer.from(picture.bytes) }
    await page.locator('input[type="file"]').first().setInputFiles(file)
    await write(ada, 'Bea was here')
    await expect.poll(async () => (await notes(ada)).join(), patience).toContain('Bea was here')
    await ada.go('/account')
    await page.getByText('Ada', { exact: true }).first().waitFor(patience)
    expect(await ada.axe()).toEqual([])

    // What she wrote goes along, for any reader. A browser that asks where is one that no test can answer.
    await page.evaluate('delete globalThis.showSaveFilePicker')
    const downloaded = page.waitForEvent('download', patience)
    await button(ada, 'Save my notes to read').click()
    const saved = await downloaded
    expect(saved.suggestedFilename()).toMatch(/^effigy-notes-.*\.zip$/)
    const archive = readFileSync(await saved.path(), 'utf8')
    for (const said of [
      'index.html',
      '<p dir="auto">Bea was here</p>',
      'notes.json',
      '"text":"Bea was here"',
      '<img src="pictures/1.jpg"',
    ]) {
      expect(archive).toContain(said)
    }
    expect(archive).not.toContain('Ada was here')
    await page.getByText('Saved.', { exact: true }).waitFor(patience)

    // She takes hers away for good, from her friends, too; the other one is there.
    const readBy = () => JSON.stringify(fritz.peer.query.timeline().items)
    await expect.poll(readBy, patience).toContain('Bea was here')
    await button(ada, 'Delete everything').click()
    await page.getByRole('textbox').last().fill('delete')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete everything' }).click()
    await page.locator('#screen').waitFor(patience)
    await expect.poll(async () => (await notes(ada)).join(), patience).toContain('Ada was here')
    expect((await notes(ada)).join()).not.toContain('Bea was here')
    await expect.poll(readBy, patience).not.toContain('Bea was here')
    const { synods } = fritz.peer.store
    const root = synods?.accountOf(beas) ?? ('' as Root)
    await expect.poll(() => synods?.account(root)?.current?.state.name, patience).toBe('')
    expect(fritz.peer.people.name(beas)).toMatchObject({ name: '', avatar: null })
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })

  test('[Y10] [T14] the main role goes to another device, which takes the former one out', async () => {
    const laptop = await app.browsers.arrive(app.world)
    await laptop.start('Cleo')
    await write(laptop, 'Said on the laptop')
    await laptop.go('/devices')
    await button(laptop, 'Remove everything here').click(patience)
    await laptop.page.getByText('First write your secret words down').waitFor(patience)
    const here = laptop.page.getByRole('region', { name: 'This browser' })
    await here.getByRole('link', { name: 'To my words' }).click()
    await button(laptop, 'Show my words').waitFor(patience)
    await confirmWords(laptop, await showWords(laptop))
    const phone = await link(laptop)
    await button(laptop, 'Remove everything here').click(patience)
    await laptop.page.getByText('So make another one the main device first').waitFor(patience)
    expect(await laptop.axe()).toEqual([])
    await button(laptop, 'Remove everything here anyway').click()
    await laptop.page.getByRole('dialog').getByText('which is your main device').waitFor(patience)
    await laptop.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await button(laptop, 'To my devices').click()
    const others = laptop.page.getByRole('article').filter({ hasNotText: 'This device' })
    await others.getByText('connected now', { exact: true }).waitFor(patience)
    await write(phone, 'Said on the phone')
    await others.getByText(/wrote last: ./).waitFor(patience)
    await others.getByRole('button', { name: /What to do with/ }).click()
    await laptop.page.getByRole('menuitem', { name: 'Make it the main device' }).click()
    await laptop.page.getByRole('dialog').getByRole('button', { name: 'Make it the main device' }).click()
    const isMain = (person: AppPerson, isSelf: boolean) =>
      person.page
        .getByRole('article')
        .filter(isSelf ? { hasText: 'This device' } : { hasNotText: 'This device' })
        .getByText('Main device')
    await isMain(laptop, false).waitFor(patience)
    await phone.go('/devices')
    await isMain(phone, true).waitFor(patience)
    const former = phone.page.getByRole('article').filter({ hasNotText: 'This device' })
    await former.getByRole('button', { name: /What to do with/ }).click()
    await phone.page.getByRole('menuitem', { name: 'Remove…' }).click()
    expect(await phone.axe()).toEqual([])
    await button(phone, 'Remove it').click()
    await expect.poll(() => phone.page.locator('section article').count(), patience).toBe(1)
    await phone.go('/')
    await expect.poll(async () => (await notes(phone)).join(), patience).toContain('Said on the laptop')

    await laptop.page.getByText('This device was taken out of your account').waitFor(patience)
    await laptop.go('/')
    expect(await laptop.axe()).toEqual([])
    await write(laptop, 'Said by nobody')
    await laptop.page.getByText('That cannot be done here.').waitFor(patience)
    expect((await notes(phone)).join()).not.toContain('Said by nobody')
    expect([...laptop.trouble, ...phone.trouble]).toEqual([])
    await laptop.context.close()
    await phone.context.close()
  })

  test('[Z20] [Z26] [Z29] three friends keep parts of the words; the device is lost, two give theirs back, and the account is there', {
    timeout: 120_000,
  }, async () => {
    const friends = await Promise.all(['Dora', 'Emil'].map((name) => openFriend(app.world, { name })))
    const [dora, emil] = friends.map((friend) => app.use(friend)) as [Friend, Friend]
    const path = await dora.invite(2)
    const gus = await app.browsers.arrive(app.world, { path })
    await gus.start('Gus')
    const fay = await app.browsers.arrive(app.world, { path })
    const { page } = fay
    await fay.start('Fay')
    const [fays, guss] = [await dora.meet('Fay'), await dora.meet('Gus')]
    for (const friend of [dora, emil]) {
      const identity = await friend.meet('Fay')
      await friend.peer.relate('follow', identity, true)
    }
    for (const [person, identity] of [
      [gus, fays],
      [fay, emil.identity],
      [fay, guss],
    ] as const) {
      await person.go(`/p/${identity}`)
      await person.page.getByRole('button', { name: 'Follow', exact: true }).click(patience)
      await person.page.getByText('Following', { exact: true }).waitFor(patience)
    }
    await fay.go('/')
    await write(fay, 'Written before the fire')
    await fay.go('/account')
    await button(fay, 'Choose friends').click()
    await expect.poll(() => page.getByRole('checkbox').count(), patience).toBe(3)
    for (const box of await page.getByRole('checkbox').all()) await box.check()
    expect(await fay.axe()).toEqual([])
    await button(fay, 'Give them their parts').click()
    await page.getByText('2 of 3 parts bring your account back.').waitFor(patience)
    await expect
      .poll(async () => {
        await button(fay, 'Ask whether they still have them').click()
        return page.getByText('has it', { exact: true }).count()
      }, patience)
      .toBe(3)
    expect(fay.trouble).toEqual([])
    await fay.context.close()
    const given = gus.page.getByText('Fay gave you a part of their secret words')
    await given.waitFor(patience)
    expect(await gus.axe()).toEqual([])
    await button(gus, 'Close').click()
    await given.waitFor({ ...patience, state: 'detached' })

    const again = await app.browsers.arrive(app.world)
    await comeBack(again)
    await button(again, 'My friends keep parts for me').click()
    await again.page.getByLabel('Your name').fill('Fay')
    const linkTo = (identity: Identity) => `${app.world.origin}p/${identity}`
    await again.page.getByLabel('Who keeps a part?').fill([emil.identity, guss].map(linkTo).join('\n'))
    await button(again, 'Ask them').click()
    const six = again.page.getByText(/^[a-z]+( [a-z]+){5}$/)
    await expect.poll(() => six.count(), patience).toBe(2)
    expect(await again.axe()).toEqual([])
    const words = await six.allTextContents()
    const asked = await until(() => emil.peer.recovery.show().requests[0] ?? null)
    expect(asked.name).toBe('Fay')
    expect(words).toContain(asked.words)
    const [held] = emil.peer.recovery.show().held
    await emil.peer.recovery.approve(asked.id, { account: held?.account.root as Root })
    await again.page.getByText('1 of 2 parts are here.').waitFor(patience)
    expect(await button(again, 'Put the parts together').count()).toBe(0)
    // Gus is told wherever he is.
    await gus.page.getByText('“Fay” needs your help to come back').waitFor(patience)
    await gus.page.getByRole('link', { name: 'Go to My account' }).click()
    const asks = gus.page.getByRole('status').filter({ hasText: '“Fay” asks for a part' })
    const shown = await asks.locator('[translate="no"]').textContent(patience)
    expect(words).toContain(shown)
    expect(shown).not.toBe(asked.words)
    // On a phone nothing of it is cut off: least of all the last word.
    await gus.page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(() => cutOff(gus.page), patience).toEqual([])
    await asks.getByRole('radio', { name: 'Fay' }).check()
    expect(await gus.axe()).toEqual([])
    await button(gus, 'I heard the same words: give it').click()
    await asks.waitFor({ ...patience, state: 'detached' })
    await again.page.getByText('2 of 2 parts are here.').waitFor(patience)

    await button(again, 'Put the parts together').click()
    await again.page.getByText('This is the account of Fay.').waitFor(patience)
    expect(await again.axe()).toEqual([])
    await button(again, 'Take my account here').click()
    await again.page.getByRole('button', { name: 'Go in', exact: true }).click(patience)
    await expect.poll(async () => (await notes(again)).join(), patience).toContain('Written before the fire')
    await write(again, 'Here I am again')
    await gus.go('/')
    await expect.poll(async () => (await notes(gus)).join(), patience).toContain('Here I am again')
    expect([...again.trouble, ...gus.trouble]).toEqual([])
    await again.context.close()
    await gus.context.close()
  })
})

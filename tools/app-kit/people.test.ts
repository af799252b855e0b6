/** People who find each other, look before they follow, and make sure of each other: two browsers and a hub. */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import type { AppPerson } from './person.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

let ada: AppPerson
let bob: AppPerson
/** Addresses of their pages. */
let [adasPage, bobsPage] = ['', '']

const app = withApp(async ({ world, browsers }) => {
  const link = await world.invite(2)
  const path = `/${link.slice(link.indexOf('#'))}`
  ada = await browsers.arrive(world, { path })
  await ada.start('Ada')
  bob = await browsers.arrive(world, { path, width: 1280, height: 900 })
  await bob.start('Bob')
  adasPage = new URL(await linkOf(ada)).pathname
  bobsPage = new URL(await linkOf(bob)).pathname
})

/** As they would send it. */
async function linkOf(person: AppPerson): Promise<string> {
  await person.go('/people')
  await person.page.getByRole('button', { name: 'My code' }).first().click()
  const link = await person.page.getByLabel('Your link').inputValue()
  await dialog(person).getByRole('button', { name: 'Close' }).click()
  return link
}

const names = (person: AppPerson) => person.page.locator('#screen li a')
const dialog = (person: AppPerson) => person.page.getByRole('dialog')

describe.skipIf(noBrowser !== null)('people', () => {
  test('[Y46] [Y40] a link leads to somebody, who is followed knowing what it costs, and called what one likes', {
    timeout: 60_000,
  }, async () => {
    const { page } = ada
    await ada.go('/people')
    await page.getByRole('button', { name: 'Add somebody' }).first().click()
    await page.getByLabel('Link, address or invite').fill('effigy-link-1-AAAA')
    await page.getByRole('button', { name: 'Use' }).click()
    await expect
      .poll(() => page.getByRole('alert').first().textContent(), patience)
      .toContain('Never use one')
    await page.getByLabel('Link, address or invite').fill(`${app.world.origin}${bobsPage.slice(1)}`)
    await page.getByRole('button', { name: 'Use' }).click()
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent(), patience).toContain('Bob')
    await expect
      .poll(() => page.getByRole('status').allTextContents(), patience)
      .toContainEqual(expect.stringContaining('keeps about'))
    expect(await ada.axe()).toEqual([])
    await page.getByRole('button', { name: 'Follow', exact: true }).click()
    await page.getByText('Following', { exact: true }).waitFor(patience)
    await page.getByRole('button', { name: 'More about Bob' }).click()
    expect(await ada.axe()).toEqual([])
    await page.getByRole('menuitem', { name: 'Call them…' }).click()
    await page.getByLabel('Your name for them').fill('Bob the miller')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toContain('Bob the miller')
    await ada.go('/people')
    await expect
      .poll(() => names(ada).allTextContents(), patience)
      .toEqual([expect.stringContaining('calls themselves Bob')])
    await page.reload()
    await expect
      .poll(() => names(ada).allTextContents(), patience)
      .toEqual([expect.stringContaining('Bob the miller')])
    expect(await ada.axe()).toEqual([])
  })

  test('[Y42] [Y43] a code on one screen is read by the other; both see one number', {
    timeout: 60_000,
  }, async () => {
    await bob.go(adasPage)
    await expect
      .poll(() => bob.page.getByRole('heading', { level: 1 }).textContent(), patience)
      .toContain('Ada')
    for (const [person, path] of [
      [ada, bobsPage],
      [bob, adasPage],
    ] as const) {
      await person.go(`${path}/verify`)
      await person.page.getByRole('img', { name: 'QR code' }).waitFor(patience)
    }
    expect(await bob.axe()).toEqual([])
    const picture = await bob.page.getByRole('img', { name: 'QR code' }).screenshot()
    await bob.page.getByText('Number', { exact: true }).click()
    const number = await bob.page.getByRole('list', { name: 'The number' }).textContent()
    expect(number).toMatch(/^[0-9]{60}$/)
    await ada.page.getByText('Number', { exact: true }).click()
    expect(await ada.page.getByRole('list', { name: 'The number' }).textContent()).toBe(number)
    const pictures = await bob.page.getByRole('list', { name: 'pictures' }).locator('li').allTextContents()
    expect(pictures).toHaveLength(12)
    expect(await ada.page.getByRole('list', { name: 'pictures' }).locator('li').allTextContents()).toEqual(
      pictures,
    )
    await ada.page.getByText('Scan', { exact: true }).click()
    expect(await ada.axe()).toEqual([])
    const file = ada.page.locator('input[type="file"]')
    const own = { name: 'code.png', mimeType: 'image/png', buffer: picture }
    await file.setInputFiles(own)
    await ada.page.getByText('You have made sure of Bob the miller').waitFor(patience)
    await ada.go(bobsPage)
    await ada.page.getByTitle('You made sure it is them').first().waitFor(patience)
  })

  test('[S42] blocking hides everything, says what it does, and is taken back', {
    timeout: 60_000,
  }, async () => {
    const { page } = ada
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await ada.go(bobsPage)
    await page.getByRole('button', { name: 'More about Bob the miller' }).click()
    await page.getByRole('menuitem', { name: 'Block…' }).click()
    await expect
      .poll(() => page.getByRole('dialog').textContent())
      .toContain('not even in the threads of others')
    await page.getByRole('button', { name: 'Block', exact: true }).click()
    await page.getByText('You have blocked Bob the miller').waitFor(patience)
    expect(await ada.axe()).toEqual([])
    await ada.go('/people')
    await page.getByText('Hidden (1)').click()
    await expect.poll(() => names(ada).count(), patience).toBe(1)
    await names(ada).first().click()
    await page.getByRole('button', { name: 'Unblock' }).click()
    await page.getByText('Following', { exact: true }).waitFor(patience)
    expect(ada.trouble).toEqual([])
    expect(bob.trouble).toEqual([])
  })

  test('[P13] what one says of oneself is changed, and marked for who knew it otherwise', {
    timeout: 60_000,
  }, async () => {
    const { page } = bob
    await bob.go('/people')
    await page.getByText('Your page').first().click()
    await page.getByRole('button', { name: 'Edit my page' }).click()
    await page.getByLabel('Your name').fill('Robert')
    await page.getByLabel('A few words about you').fill('I mill *everything*.')
    expect(await bob.axe()).toEqual([])
    await page.getByRole('button', { name: 'Save' }).click()
    await dialog(bob).waitFor({ state: 'detached' })
    await expect
      .poll(() => page.getByRole('heading', { level: 1 }).textContent(), patience)
      .toContain('Robert')
    await ada.go(bobsPage)
    await ada.page.getByText('They used to call themselves Bob, and are Robert now.').waitFor(patience)
    await ada.page.getByText('I mill everything.').waitFor(patience)
    await ada.page.getByRole('button', { name: 'Good, I have seen it' }).click()
    await expect.poll(() => ada.page.getByText('They used to call').count()).toBe(0)
  })

  test('[V92] whoever runs the hub is told of somebody', { timeout: 60_000 }, async () => {
    const { page } = bob
    await bob.go(adasPage)
    await page.getByRole('button', { name: 'More about Ada' }).click()
    await page.getByRole('menuitem', { name: 'Report…' }).click()
    await page.getByLabel('Pretends to be somebody else').check()
    expect(await bob.axe()).toEqual([])
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('Thank you.').waitFor(patience)
  })

  test('what somebody wrote is freed once one follows them no more, and comes back with them', {
    timeout: 60_000,
  }, async () => {
    const text = 'The wheel turns again.'
    await bob.go('/')
    await bob.page.getByRole('textbox', { name: 'Say something to your friends' }).fill(text)
    await bob.page.getByRole('button', { name: 'Post' }).click()
    const { page } = ada
    const note = page.getByRole('article').filter({ hasText: text })
    await ada.go('/')
    await note.waitFor(patience)
    const bobs = page.getByRole('listitem').filter({ hasText: 'Bob the miller' })
    const free = bobs.getByRole('button', { name: 'Free' })
    const kept = async (): Promise<string> => {
      await ada.go('/storage')
      await page.getByText('By person').waitFor(patience)
      return (await bobs.count()) === 0 ? '' : String(await bobs.textContent())
    }
    // All that is Bob's is at Ada's: his composer says for itself that its draft is over.
    await bob.go('/storage')
    const own = bob.page.getByRole('listitem').filter({ hasText: 'You' })
    const notesIn = (said: string | null): string => /\d+ notes/.exec(said ?? '')?.[0] ?? ''
    await own.waitFor(patience)
    // Asked anew each time: where the machine is busy the draft ends after the first look.
    const isAll = async (): Promise<boolean> => notesIn(await kept()) === notesIn(await own.textContent())
    await expect.poll(isAll, patience).toBe(true)
    expect(await kept()).toMatch(/[1-9]\d* notes: .* of words/)
    // Whom one follows comes back by themselves.
    expect(await free.count()).toBe(0)

    await bobs.getByRole('link', { name: 'Bob the miller' }).click()
    await page.getByRole('button', { name: 'Stop following' }).click(patience)
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor(patience)
    expect(await kept()).toMatch(/[1-9]\d* notes: .* of words/)
    expect(await ada.axe()).toEqual([])
    await free.click()
    await page.getByText('Remove what Bob the miller wrote from this device?').waitFor(patience)
    await page.getByRole('dialog').getByRole('button', { name: 'Free' }).click()
    await bobs.waitFor({ ...patience, state: 'detached' })
    expect(await kept()).toBe('')
    await ada.go('/')
    await page.getByRole('textbox', { name: 'Say something to your friends' }).waitFor(patience)
    expect(await note.count()).toBe(0)

    await ada.go(bobsPage)
    await page.getByRole('button', { name: 'Follow', exact: true }).click(patience)
    await page.getByText('Following', { exact: true }).waitFor(patience)
    await ada.go('/')
    await note.waitFor(patience)
    await expect.poll(isAll, patience).toBe(true)
    expect([...ada.trouble, ...bob.trouble]).toEqual([])
  })
})

/** A lock for a browser in use, by passphrase and by passkey: with real browsers at a real hub. */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import type { AppPerson } from './person.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }
const passphrase = 'correct horse battery'

// A hub that lets in nobody whom it does not know.
const app = withApp(async () => {}, { privacy: 'restricted' })

/** Who is there, as the hub knows it. */
const present = (): readonly string[] => app.world.peer.status().sessions.map(({ identity }) => identity)

const button = ({ page }: AppPerson, name: string) => page.getByRole('button', { name })
const notes = ({ page }: AppPerson) => page.getByRole('article').allTextContents()

async function write(person: AppPerson, text: string): Promise<void> {
  await person.page.getByRole('textbox', { name: 'Say something to your friends' }).fill(text)
  await button(person, 'Post').click()
  await expect.poll(async () => (await notes(person)).join(), patience).toContain(text)
}

/** An authenticator in software, with the extension that gives secrets. */
async function plugIn({ context, page }: AppPerson): Promise<void> {
  const session = await context.newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf: true,
    },
  })
}

describe.skipIf(noBrowser !== null)('a lock for a browser in use', () => {
  test('[K16] [T14] [W6] by passphrase: what was written stays, nothing opens without it, and the hub knows who comes', async () => {
    const { hash } = new URL(await app.world.invite())
    const ada = await app.browsers.arrive(app.world, { path: `/${hash}` })
    const { page } = ada
    await ada.start('Ada')
    await expect.poll(() => present().length, patience).toBe(1)
    const [before] = present()
    await write(ada, 'Written before the lock')
    await ada.go('/devices')
    await button(ada, 'Lock with a passphrase').click()
    await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await page.getByLabel('The same once more').fill('something else')
    await page.getByText('These two are not the same.').waitFor()
    expect(await button(ada, 'Lock this browser').isDisabled()).toBe(true)
    await page.getByLabel('The same once more').fill(passphrase)
    await button(ada, 'Lock this browser').click()
    await button(ada, 'Lock it now').waitFor(patience)
    await expect.poll(() => page.locator('section article').count(), patience).toBe(1)
    await expect.poll(() => present().length === 1 && present()[0] !== before, patience).toBe(true)
    const [now] = present()
    expect(await ada.axe()).toEqual([])
    await ada.go('/')
    await write(ada, 'Written after the lock')
    await page.getByRole('article').filter({ hasText: 'Written before the lock' }).waitFor()

    const half = 'Half a thought'
    const box = page.getByRole('textbox', { name: 'Say something to your friends' })
    await box.fill(half)
    const keptHere = (): Promise<unknown> => page.evaluate(`JSON.stringify(localStorage).includes('${half}')`)
    await expect.poll(keptHere, patience).toBe(true)
    await ada.go('/devices')
    await button(ada, 'Lock it now').click()
    await page.getByRole('heading', { name: 'Locked' }).waitFor()
    expect(await keptHere()).toBe(false)
    expect(await ada.axe()).toEqual([])
    await page.reload()
    await page.getByLabel('Passphrase').fill('wrong horse battery')
    await button(ada, 'Unlock').click()
    await page.getByText('That is not it.').waitFor(patience)
    await page.getByLabel('Passphrase').fill(passphrase)
    await button(ada, 'Unlock').click()
    await page.locator('#screen').waitFor(patience)
    await expect.poll(present, patience).toEqual([now])
    await ada.go('/')
    await expect
      .poll(async () => (await notes(ada)).join(), patience)
      .toMatch(/after the lock.*before the lock/s)
    // What was begun is there again: the lock had it.
    await expect.poll(() => box.inputValue(), patience).toBe(half)

    // What the device before it wrote is one's own: shown first where one is shown, and not any more.
    const choose = async (what: string): Promise<void> => {
      const note = page.getByRole('article').filter({ hasText: 'Written before the lock' }).first()
      await note.getByRole('button', { name: 'More', exact: true }).click()
      await page.getByRole('menuitem', { name: what }).click()
    }
    const first = page.getByRole('region', { name: 'Shown first' })
    await choose('Show first on my profile')
    await ada.go('/people')
    await page.getByText('Your page').first().click()
    await first.getByText('Written before the lock').waitFor(patience)
    await choose('No longer show first')
    await expect.poll(() => first.count(), patience).toBe(0)
    await ada.go('/')

    // Who cannot open it leaves nothing that was begun to who comes next.
    await page.getByRole('textbox', { name: 'Say something to your friends' }).fill('Begun only')
    const begun = `Object.values(localStorage).some((value) => value.includes('Begun only'))`
    await expect.poll(() => page.evaluate(begun), patience).toBe(true)
    // Nor what could be taken back yet, and what it was.
    await choose('Delete')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await button(ada, 'Undo').waitFor(patience)
    await ada.go('/devices')
    await button(ada, 'Lock it now').press('Enter', patience)
    await page.getByRole('heading', { name: 'Locked' }).waitFor(patience)
    await expect.poll(() => button(ada, 'Undo').count(), { timeout: 3_000 }).toBe(0)
    await button(ada, 'I cannot open it any more').click()
    await page.getByRole('dialog').getByRole('textbox').fill('remove')
    await button(ada, 'Remove and begin anew').click()
    await page.locator('input[autocomplete="nickname"]').waitFor(patience)
    expect(await page.evaluate(begun)).toBe(false)
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })

  test('[K14] by passkey, with a passphrase added; the one that is left is not taken away', async () => {
    // Passkeys belong to names.
    const origin = app.world.origin.replace('127.0.0.1', 'localhost')
    const bob = await app.browsers.arrive({ origin }, { path: 'devices', width: 1280, height: 900 })
    const { page } = bob
    await plugIn(bob)
    await bob.start('Bob')
    await bob.go('/devices')
    await button(bob, 'Lock with a passkey').click()
    await button(bob, 'Lock it now').waitFor(patience)
    await page.reload()
    await button(bob, 'Use my passkey').click()
    await page.locator('#screen').waitFor(patience)
    await button(bob, 'Add a passphrase').click()
    await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await page.getByLabel('The same once more').fill(passphrase)
    await button(bob, 'Save').click()
    await button(bob, 'Remove: Passkey').click(patience)
    // [K13] What copies have, they have: no other lock undoes it.
    await page.getByText('changing it is not enough').waitFor(patience)
    await page.getByLabel('Passphrase of now').fill(passphrase)
    await page.getByRole('button', { name: 'Remove', exact: true }).last().click()
    await expect.poll(() => button(bob, 'Remove:').count(), patience).toBe(0)
    await page.getByLabel('Lock by itself').selectOption({ label: 'After 5 minutes without a touch' })
    expect(await bob.axe()).toEqual([])
    // Nobody touched it for long: another tab would have said so.
    await page.evaluate(`localStorage.setItem('effigy-touched', String(Date.now() - 301_000))`)
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)
    await page.getByRole('heading', { name: 'Locked' }).waitFor(patience)
    expect(await button(bob, 'Use my passkey').count()).toBe(0)
    // Whoever else has an account here is not shut out with him.
    expect(await button(bob, 'Back to').count()).toBe(0)
    const both = `[{"name":"effigy","label":"Bob"},{"name":"effigy-2","label":"Cleo"}]`
    await page.evaluate(`localStorage.setItem('effigy-accounts', '${both}')`)
    await page.reload()
    await button(bob, 'Back to Cleo').click(patience)
    await page.locator('input[autocomplete="nickname"]').waitFor(patience)
    await button(bob, 'Back to Bob').click()
    await page.getByRole('heading', { name: 'Locked' }).waitFor(patience)
    expect(bob.trouble).toEqual([])
    await bob.context.close()
  })
})

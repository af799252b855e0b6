/** An invite of a friend, opened in a browser that never was here: both see each other (W2, W8, W9; bars of issue 8). */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { clicksIn, countClicks } from './clicks.ts'
import { type Friend, openFriend } from './friend.ts'
import { settled } from './settled.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 30_000 }

let bea: Friend
const app = withApp(async ({ world, use }) => {
  bea = use(await openFriend(world, { name: 'Bea' }))
  await bea.say('The kettle is on.')
})

const textsOf = (friend: Friend): string => JSON.stringify(friend.peer.query.timeline().items)

describe.skipIf(noBrowser !== null)('an invite', () => {
  test('in four clicks at most both read each other', { timeout: 90_000 }, async () => {
    const ada = await app.browsers.arrive(app.world, {
      path: `/${await bea.invite()}`,
      prepare: countClicks,
    })
    const { page } = ada
    await page.getByRole('heading', { name: 'Bea invites you' }).waitFor()
    // The link is a secret: it does not stay in the address.
    expect(new URL(page.url()).hash).toBe('')
    await page.locator('input[autocomplete="nickname"]').click()
    await ada.start('Ada')
    await page.getByText('The kettle is on.').waitFor(patience)
    const text = page.getByRole('textbox', { name: 'Say something to your friends' })
    await text.waitFor()
    // A pointer that comes too early, and tries again, would be counted twice.
    await settled(page)
    await text.click()
    await text.fill('On my way!')
    await settled(page)
    await page.getByRole('button', { name: 'Post' }).click()
    // Nobody asked Bea: who comes with an invite for one is followed.
    await expect.poll(() => textsOf(bea), patience).toContain('On my way!')
    const clicks = await clicksIn(page)
    expect(clicks).toBeGreaterThan(1)
    expect(clicks).toBeLessThanOrEqual(4)
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })

  test('somebody who is here already is asked first', { timeout: 90_000 }, async () => {
    const cid = await app.browsers.arrive(app.world)
    await cid.start('Cid')
    const steps = cid.page.getByRole('region', { name: 'Your first hour' })
    await steps.getByRole('button', { name: 'Use an invite you got' }).click()
    const field = steps.getByRole('textbox', { name: 'The invite, as you got it' })
    await field.fill('Bea said I could come')
    await field.press('Enter')
    await steps.getByText('This is no invite.').waitFor()
    await field.fill(`Come! ${new URL(`/${await bea.invite()}`, app.world.origin)}`)
    await field.press('Enter')
    await cid.page.getByText('Bea invites you').waitFor()
    expect(textsOf(bea)).not.toContain('Cid')
    expect(await cid.axe()).toEqual([])
    await cid.page.getByRole('button', { name: 'Not now' }).click()
    await cid.page.getByText('Bea invites you').waitFor({ state: 'detached' })
    // The hub itself is nobody whom one follows.
    await steps.getByRole('button', { name: 'Use an invite you got' }).click()
    await field.fill(await app.world.invite())
    await field.press('Enter')
    await cid.page.getByText('You are invited to').waitFor()
    await cid.page.getByRole('button', { name: 'Accept' }).click()
    await cid.page.getByText(/^You are in, at /).waitFor(patience)
    expect(cid.trouble).toEqual([])
    await cid.context.close()
  })
})

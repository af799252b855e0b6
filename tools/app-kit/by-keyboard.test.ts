/** All that one does every day, by the keyboard alone: no step needs a pointer, and none leaves the focus nowhere (UX 42). */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { closeMessages } from './close-messages.ts'
import { openFriend, until } from './friend.ts'
import { keyboardOf } from './keyboard.ts'
import { settled } from './settled.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const app = withApp()

describe.skipIf(noBrowser !== null)('by the keyboard alone', () => {
  test('from the first run to a message: written, answered, changed, deleted, followed', {
    timeout: 120_000,
  }, async () => {
    await using bea = await openFriend(app.world, { name: 'Bea' })
    for (let at = 1; at <= 40; at++) await bea.say(`Day ${at}`)
    await bea.say('Who brings cake?')
    const invite = `${app.world.origin}${await bea.invite()}`
    const ada = await app.browsers.arrive(app.world, { width: 1280, height: 900 })
    const { page } = ada
    const keys = keyboardOf(ada)

    // The first run.
    await page.getByLabel('Your name').waitFor(patience)
    await keys.tabTo('textbox', 'Your name')
    await keys.type('Ada')
    await keys.press('Enter')
    await page.locator('#screen').waitFor(patience)
    await keys.standsIn('#screen')

    // An invite that one was given.
    await page.getByRole('button', { name: 'Use an invite you got' }).waitFor(patience)
    await keys.tabTo('button', 'Use an invite you got')
    await keys.press('Enter')
    await keys.standsOn('textbox', 'The invite, as you got it')
    await keys.type(invite)
    await keys.press('Enter')
    await page.getByText('Bea invites').waitFor(patience)
    await keys.standsIn('#screen')
    await keys.tabTo('button', 'Accept', 'back')
    await keys.press('Enter')
    await page.getByText('You are in, and follow Bea.').waitFor(patience)
    await keys.standsIn('#screen')
    await keys.tabTo('link', 'Skip to what matters', 'back')
    await keys.press('Enter')
    await keys.standsIn('#screen')

    // Something new, answered and changed.
    for (const text of ['Tea is here', 'Cake is here']) {
      await keys.standsIn('#screen')
      await keys.press('n')
      await keys.standsOn('textbox', 'Say something to your friends')
      await keys.type(text)
      await keys.tabTo('button', 'Post')
      await keys.press('Enter')
      await page.getByRole('article').filter({ hasText: text }).waitFor(patience)
      await keys.standsIn('#screen')
    }
    await keys.press('j', 'j', 'j')
    await keys.standsIn('article')
    await page.locator('article:focus').filter({ hasText: 'Who brings cake?' }).waitFor(patience)
    await keys.press('r')
    await page.getByRole('heading', { name: 'Conversation' }).waitFor(patience)
    await keys.standsIn('#screen')
    // The way there is whole once what was said is there.
    await page.getByRole('textbox', { name: 'Your answer' }).waitFor(patience)
    await keys.tabTo('textbox', 'Your answer')
    await keys.type('I do')
    await keys.tabTo('button', 'Answer')
    await keys.press('Enter')
    await until(
      () => JSON.stringify(bea.peer.query.timeline({ comments: true }).items).includes('I do') || null,
    )
    await keys.standsIn('article')
    expect(await keys.goRound()).toBeGreaterThan(20)

    // The way back, then something else in its place; a change of mind; gone, and what is next has the focus.
    await keys.tabTo('button', 'Back', 'back')
    await keys.press('Enter')
    const own = page.getByRole('article').filter({ hasText: 'Cake is here' })
    await own.waitFor(patience)
    await keys.standsIn('#screen')
    await keys.press('j')
    await page.locator('article:focus').filter({ hasText: 'Cake is here' }).waitFor(patience)
    await keys.tabTo('button', 'More')
    await keys.openMenu('More', 'Edit')
    await keys.press('Enter')
    await keys.standsOn('textbox', 'Your note')
    await keys.type('No, ')
    await keys.tabTo('button', 'Save')
    await keys.press('Enter')
    await page.getByText('Saved. Some may have read').waitFor(patience)
    await keys.standsIn('article')
    await page
      .locator('article:focus, article:focus-within')
      .filter({ hasText: 'Cake is here' })
      .waitFor(patience)
    for (const next of ['Tea is here', 'Who brings cake?']) {
      await keys.tabTo('button', 'More')
      await keys.openMenu('More', 'Edit')
      await keys.press('ArrowDown', 'Enter')
      await keys.standsIn('[role=dialog]')
      await keys.press('Escape')
      await keys.standsOn('button', 'More')
      await keys.press('Enter')
      await keys.standsOn('menuitem', 'Edit')
      await keys.press('ArrowDown', 'Enter')
      await keys.standsIn('[role=dialog]')
      await keys.tabTo('button', 'Delete')
      await keys.press('Enter')
      await page.locator('article:focus').filter({ hasText: next }).waitFor(patience)
    }

    // What was done last is taken back first, one with each press of a key, and none by who writes.
    const other = page.getByRole('article').filter({ hasText: 'Tea is here' })
    const back = async () => [await own.count(), await other.count()]
    await keys.press('n')
    await keys.standsOn('textbox', 'Say something to your friends')
    await keys.press('u')
    expect(await page.locator(':focus').inputValue()).toBe('u')
    await keys.press('Backspace')
    await keys.tabTo('button', 'Add pictures')
    await keys.press('g', 'h')
    await page.getByText('Who brings cake?').waitFor(patience)
    expect(await back()).toEqual([0, 0])
    await keys.press('j')
    await keys.standsIn('article')
    await page.keyboard.down('u')
    await expect.poll(back, patience).toEqual([0, 1])
    for (let held = 1; held <= 3; held++) await page.keyboard.down('u')
    await page.keyboard.up('u')
    expect(await back()).toEqual([0, 1])
    await keys.press('u')
    await expect.poll(back, patience).toEqual([1, 1])
    await keys.standsIn('article')

    // A person, and a message to them.
    await keys.press('g', 'p')
    await page.getByRole('heading', { name: 'People' }).waitFor(patience)
    await keys.standsIn('#screen')
    await keys.tabTo('button', 'My code')
    await keys.press('Enter')
    await keys.standsIn('[role=dialog]')
    await keys.press('Escape')
    await keys.standsOn('button', 'My code')
    await keys.tabTo('link', /Bea/)
    await keys.press('Enter')
    await page.getByRole('heading', { name: 'Bea' }).waitFor(patience)
    await keys.standsIn('#screen')
    await keys.tabTo('button', /Stop following/)
    await keys.press('Enter')
    await keys.standsOn('button', 'Follow')
    await keys.press('Enter')
    await keys.standsOn('button', /Stop following/)
    await keys.tabTo('button', 'More about Bea', 'back')
    await keys.press('Enter')
    await keys.standsOn('menuitem', 'Call them…')
    await keys.press('Enter')
    await keys.standsOn('textbox', 'Your name for them')
    await keys.press('Escape')
    await keys.standsOn('button', 'More about Bea')
    await keys.tabTo('link', 'Message')
    await keys.press('Enter')
    await keys.standsIn('#screen')
    await page.getByRole('textbox', { name: 'Your message' }).waitFor(patience)
    await keys.tabTo('textbox', 'Your message')
    await keys.type('Two cakes?')
    await keys.press('Enter')
    await page.locator('ol').getByText('Two cakes?').waitFor(patience)
    await keys.standsOn('textbox', 'Your message')
    expect(await keys.goRound()).toBeGreaterThan(10)

    // A message at the edge can be closed, too: for as long as it stands, Tab would come to that first.
    await closeMessages(page)
    // Anywhere, by name; what was opened there is closed, and leaves one where it was opened.
    for (const [name, act, close] of [
      ['Devices', 'Add a device', 'Cancel'],
      ['Connections', null, null],
      ['Activity', 'What you do not want to hear of', 'Close'],
    ] as const) {
      await keys.press('Control+k')
      await keys.standsOn('textbox', 'Go anywhere')
      await keys.type(name)
      await keys.press('Enter')
      await page.locator(`nav [aria-current="page"]:has-text("${name}")`).first().waitFor(patience)
      await page.locator('#screen h1').waitFor(patience)
      await keys.standsIn('#screen')
      if (act === null) continue
      await page.getByRole('button', { name: act }).waitFor(patience)
      await keys.tabTo('button', act)
      await keys.press('Enter')
      await page.getByRole('button', { name: close, exact: true }).first().waitFor(patience)
      await keys.tabTo('button', close)
      await keys.press('Enter')
      await keys.standsOn('button', act)
    }
    await keys.press('?')
    await keys.standsIn('[role=dialog]')
    await keys.press('Escape')
    await keys.standsOn('button', 'What you do not want to hear of')
    await keys.press('g', 'h')
    await page.getByText('Who brings cake?').waitFor(patience)
    await keys.standsIn('#screen')

    // What has the focus stays behind when one scrolls on: it does not call one back.
    await keys.press('j', 'j')
    await keys.standsIn('article')
    const day = async (): Promise<number> => {
      const text = await page.evaluate(`[...document.querySelectorAll('#screen article')]
        .map((each) => ({ each, top: each.getBoundingClientRect().top }))
        .filter(({ top }) => top > 0).sort((a, b) => a.top - b.top)[0]?.each.textContent ?? ''`)
      return Number(/Day (\d+)/.exec(String(text))?.[1] ?? 99)
    }
    let reached = 99
    for (let pages = 1; pages <= 3; pages++) {
      // A page on its way ends where the next key, or a list that measures its rows, finds it.
      await settled(page)
      await keys.press('PageDown')
      await expect.poll(day, patience).toBeLessThan(reached)
      await settled(page)
      reached = await day()
    }
    await page.getByText('Who brings cake?').waitFor({ ...patience, state: 'detached' })
    await keys.standsIn('article')
    expect(await day()).toBeLessThanOrEqual(reached)
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })
})

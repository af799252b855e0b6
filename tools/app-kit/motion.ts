/**
 * What moves while something appears: by what browsers say of it as it begins, so nothing is too short to be seen.
 *
 *     watchMotion(page) ─▶ press('?') ─▶ moved: ['DIV transform 200']
 *
 * @module
 */
import type { Page } from 'playwright'
import { expect } from 'vitest'
import { closeMessages } from './close-messages.ts'
import type { Friend } from './friend.ts'
import type { AppPerson } from './person.ts'
import { settled } from './settled.ts'

const patience = { timeout: 20_000 }

/** Each as `what how ms`. What takes less than a frame of any screen is no movement. */
async function watchMotion(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    globalThis.moved = []
    if (globalThis.watchesMotion) return
    globalThis.watchesMotion = true
    const note = (element, how, { duration, delay = 0 }) => {
      if (duration + delay > 2) globalThis.moved.push(element.tagName + ' ' + how + ' ' + (duration + delay))
    }
    const look = ({ target }) => {
      for (const { effect, animationName, transitionProperty } of target.getAnimations({ subtree: true }))
        note(effect.target, animationName ?? transitionProperty, effect.getComputedTiming())
    }
    for (const type of ['transitionrun', 'animationstart']) addEventListener(type, look, true)
    const { animate } = Element.prototype
    Element.prototype.animate = function (frames, options) {
      const animation = animate.call(this, frames, options)
      note(this, 'animate', animation.effect.getComputedTiming())
      return animation
    }
  })()`)
}

/** Somebody narrow at Home, who follows the friend and has a full screen of notes. */
export async function expectStillness({ page }: AppPerson, friend: Friend): Promise<void> {
  await page.evaluate('scrollTo(0, 0)')
  const note = page.getByRole('article').first()
  await note.waitFor(patience)
  const dialog = page.getByRole('dialog')
  const message = page.locator('.mantine-Notification-root')
  const item = page.getByRole('menuitem', { name: 'Copy link' })
  const moved = () => page.evaluate('globalThis.moved.join()')
  const openMenu = async (): Promise<void> => {
    await note.getByRole('button', { name: 'More' }).click()
    await item.waitFor(patience)
  }
  const tell = async (): Promise<void> => {
    await item.click()
    await message.first().waitFor(patience)
  }

  // For others a message comes in with a movement, as a menu goes.
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await openMenu()
  await watchMotion(page)
  await tell()
  await expect.poll(moved, patience).toContain('transform')
  await closeMessages(page)

  await page.emulateMedia({ reducedMotion: 'reduce' })
  const appears = async (what: string, show: () => Promise<void>): Promise<void> => {
    await watchMotion(page)
    await show()
    await settled(page, 3)
    expect(await moved(), what).toBe('')
  }
  const close = async (): Promise<void> => {
    await page.keyboard.press('Escape')
    await dialog.waitFor({ ...patience, state: 'detached' })
  }
  await appears('dialog', async () => {
    await note.focus()
    await page.keyboard.press('?')
    await dialog.locator('kbd').first().waitFor(patience)
  })
  await appears('no dialog', close)
  await appears('drawer', async () => {
    await page.locator('footer button').click()
    await dialog.locator('a').first().waitFor(patience)
  })
  await appears('no drawer', close)
  await appears('menu', openMenu)
  await appears('message', tell)
  await appears('no message', () => closeMessages(page))
  await page.evaluate('scrollTo(0, 2_000)')
  await appears('what is new', async () => {
    await friend.say('Something nobody waited for')
    await page.getByRole('button', { name: '1 new' }).waitFor(patience)
  })
}

/** Writing: pictures leave without the place they were taken at, drafts stay, nothing goes out that a person was not told of. */
import { readFileSync } from 'node:fs'
import type { Identity, RawCid } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { openFriend } from './friend.ts'
import { chooseFilm } from './make-film.ts'
import type { AppPerson } from './person.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const later = { timeout: 120_000 }

interface Vector {
  readonly name: string
  readonly file?: string
}
const vectors = (file: string): readonly Vector[] =>
  JSON.parse(readFileSync(new URL(`../../spec/vectors/${file}`, import.meta.url), 'utf8'))
const media = (name: string) =>
  Buffer.from(vectors('media.json').find((vector) => vector.name === name)?.file ?? '', 'base64')

const app = withApp()

async function begin(): Promise<AppPerson> {
  const person = await app.browsers.arrive(app.world)
  await person.start('Ada')
  await person.go('/new')
  await person.page.getByRole('textbox', { name: 'Say something to your friends' }).waitFor()
  return person
}

describe.skipIf(noBrowser !== null)('writing', () => {
  test('[I34] [T12] a film leaves without the place it was taken at, and its owner is told', async () => {
    const { page, context, trouble, axe } = await begin()
    await page.getByRole('textbox').first().fill('From the **garden** #roses')
    const film = { name: 'garden.mp4', mimeType: 'video/mp4' }
    const buffer = media('mp4: where it was taken, as a phone says it')
    await page
      .locator('input[type=file]')
      .nth(1)
      .setInputFiles({ ...film, buffer })
    await page.getByText('Where it was taken is removed').waitFor(patience)
    await page.getByRole('textbox', { name: 'Say what it is' }).fill('Bees in the roses')
    await page.getByRole('button', { name: 'Preview' }).click()
    expect(await page.getByRole('region', { name: 'Preview' }).locator('strong').textContent()).toBe('garden')
    expect(await axe()).toEqual([])
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await expect.poll(() => page.getByRole('article').first().textContent(), patience).toContain('garden')
    expect(trouble).toEqual([])
    await context.close()
  })

  test('a film shows a picture of itself, its length and its size, and plays when it is told to', async () => {
    const { page, context, trouble, axe } = await begin()
    await page.getByRole('textbox').first().fill('The sun this evening')
    await chooseFilm(page, 1, 'sun.webm')
    await page.getByRole('textbox', { name: 'Say what it is' }).waitFor(patience)
    await page.locator('form img[src^="blob:"]').waitFor(patience)
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    const note = page.getByRole('article').filter({ hasText: 'The sun this evening' })
    const load = note.getByRole('button', { name: /^Load .*kB: sun\.webm$/ })
    await load.waitFor(patience)
    // Black is not what was filmed, and nothing of the film was fetched.
    await note.locator('img[src^="blob:"]').waitFor(patience)
    expect(await note.locator('video').count()).toBe(0)
    expect(await axe()).toEqual([])
    await load.press('Enter')
    const film = note.locator('video')
    await film.waitFor(patience)
    expect(await film.evaluate((each: { paused?: boolean }) => each.paused)).toBe(true)
    await page.keyboard.press('Space')
    await expect
      .poll(() => film.evaluate((each: { currentTime?: number }) => each.currentTime), patience)
      .toBeGreaterThan(0)
    expect(trouble).toEqual([])
    await context.close()
  })

  test('[I31] [I32] what cannot be looked into, or cleaned, waits for a word; a draft outlives the page', async () => {
    const { page, context, trouble } = await begin()
    await page.getByRole('textbox').first().fill('A letter')
    const post = page.getByRole('button', { name: 'Post', exact: true })
    const choose = page.locator('input[type=file]').nth(1)
    const pdf = { name: 'letter.pdf', mimeType: 'application/pdf', buffer: media('pdf: encrypted') }
    await choose.setInputFiles(pdf)
    await page.getByRole('button', { name: 'Send it as it is' }).waitFor(patience)
    expect(await post.isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Send it as it is' }).click()
    await page.getByRole('textbox', { name: 'Say what it is' }).waitFor(patience)
    await choose.setInputFiles({
      name: 'a.zip',
      mimeType: 'application/zip',
      buffer: Buffer.from('PK\u0003\u0004\0'),
    })
    await page.getByText('We cannot look into this kind of file').waitFor(patience)
    expect(await post.isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Take file 2 off' }).click()
    expect(await post.isDisabled()).toBe(false)
    // Kept within a second or two of the last change.
    const kept = `Object.values(localStorage).some((value) => value.includes('letter.pdf'))`
    await expect.poll(() => page.evaluate(kept), patience).toBe(true)
    await page.reload()
    const text = page.getByRole('textbox', { name: 'Say something to your friends' })
    await expect.poll(() => text.inputValue(), patience).toBe('A letter')
    await page.getByText('letter.pdf').waitFor(patience)
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await expect.poll(() => page.getByRole('article').first().textContent(), patience).toContain('A letter')
    // In the words of another language, with what was loaded for it.
    await page.goto(new URL('/new?lang=de', app.world.origin).href)
    await page.getByRole('button', { name: 'Veröffentlichen' }).waitFor(patience)
    expect(trouble).toEqual([])
    await context.close()
  })

  test('named, answered, edited, deleted by mistake, and deleted', later, async () => {
    await using bea = await openFriend(app.world, { name: 'Bea' })
    await bea.say('Who brings cake?')
    const { page, context, trouble, ...ada } = await app.browsers.arrive(app.world, {
      path: `/${await bea.invite()}`,
    })
    await ada.start('Ada')
    await page.getByText('Who brings cake?').waitFor(patience)
    const heard = (): string => JSON.stringify(bea.peer.query.timeline({ comments: true }).items)

    // By the first letters of a name, with the keyboard alone.
    const box = page.getByRole('textbox', { name: 'Say something to your friends' })
    await box.fill('I do, ')
    await box.press('End')
    await box.pressSequentially('@Be')
    await page.getByRole('option', { name: 'Bea' }).waitFor(patience)
    await box.press('Enter')
    await box.pressSequentially('and tea')
    expect(await box.inputValue()).toBe('I do, @Bea and tea')
    await box.press('Control+Enter')
    await expect
      .poll(() => JSON.stringify(bea.peer.query.mentions(bea.peer.identity).items), patience)
      .toContain('and tea')

    const own = page.getByRole('article').filter({ hasText: 'and tea' })
    const more = async (item: string, card = own): Promise<void> => {
      const found = page.getByRole('menuitem', { name: item })
      // The list may put the card anew while it is pressed.
      const open = async (): Promise<boolean> => {
        const shown = await found.isVisible()
        if (!shown)
          await card
            .getByRole('button', { name: 'More' })
            .click({ timeout: 2_000 })
            .catch(() => {})
        return shown
      }
      await expect.poll(open, { ...patience, interval: 500 }).toBe(true)
      await found.click()
    }
    await more('Edit')
    const changed = page.getByRole('textbox', { name: 'Your note' })
    const form = page.locator('form').filter({ has: changed })
    await form.getByText('Who can read it: Everyone').waitFor(patience)
    expect(await ada.axe()).toEqual([])
    await changed.fill('I do, @Bea and tea, too')
    // Left before it was saved: it is among what one began, and goes on where it was.
    await ada.go('/new')
    const begun = page.getByText('A change to something you wrote')
    await begun.waitFor(patience)
    await page.getByRole('button', { name: 'Throw away' }).click()
    await begun.waitFor({ ...patience, state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await begun.waitFor(patience)
    await page.getByRole('button', { name: 'Go on writing' }).click()
    await expect.poll(() => changed.inputValue(), patience).toBe('I do, @Bea and tea, too')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(heard, patience).toContain('and tea, too')
    await page.getByText('Saved. Some may have read how it was before.').waitFor(patience)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(heard, patience).not.toContain('and tea, too')
    await page.getByText('It is again as it was.').waitFor(patience)
    expect(heard()).toContain('and tea')
    await ada.go('/')

    // For one person: where it went is said, and the next one is for everybody again.
    const readers = page.getByRole('button', { name: 'Who can read it: Everyone' })
    await readers.click()
    await page.getByRole('menuitem', { name: 'These people' }).click()
    await page.getByRole('combobox', { name: 'People who can read it' }).click()
    await page.getByRole('option', { name: 'Bea' }).click()
    await box.fill('A cake is a surprise')
    await box.press('Control+Enter')
    await page.getByText('Sent to Bea.').waitFor(patience)
    await readers.waitFor(patience)
    await page.getByRole('link', { name: 'See it in Messages' }).click()
    await page.getByRole('link', { name: 'Back to messages' }).waitFor(patience)
    await page.getByText('A cake is a surprise').waitFor(patience)
    await ada.go('/')
    await own.waitFor(patience)

    // Taken back, not as if it had never been: a slip is undone, and a friend keeps the place without the words.
    await box.fill('Bring forks')
    await box.press('Control+Enter')
    const forks = page.getByRole('article').filter({ hasText: 'Bring forks' })
    await expect.poll(heard, patience).toContain('Bring forks')
    const written = bea.peer.query
      .timeline()
      .items.find(({ state }) => JSON.stringify(state).includes('forks'))
    const erase = async (): Promise<void> => {
      await more('Delete', forks)
      await page.getByRole('radio', { name: 'Leave a gap' }).check()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
      await forks.waitFor({ ...patience, state: 'detached' })
    }
    await erase()
    await page.getByRole('button', { name: 'Undo' }).click()
    await forks.waitFor(patience)

    await more('Delete')
    expect(await ada.axe()).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await own.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await own.waitFor(patience)
    await erase()
    await more('Delete')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    // After the moment in which it can be taken back.
    await expect.poll(heard, patience).not.toContain('and tea')
    const kept = () => bea.peer.query.resolve(written?.identity as Identity, written?.content as RawCid)
    await expect.poll(() => kept()?.state.type, patience).toBe('erased')
    await ada.go(`/n/${written?.identity}/${written?.content}`)
    await page.getByText('This was taken back.').waitFor(patience)
    expect(trouble).toEqual([])
    await context.close()
  })

  test('another release waits to be used, takes over also in the page of a first visit, and keeps what is being written', async () => {
    const { page, axe, trouble, context } = await begin()
    await page.evaluate('navigator.serviceWorker.ready')
    await expect.poll(() => page.evaluate('navigator.serviceWorker.controller !== null'), patience).toBe(true)
    app.world.release()
    await page.evaluate('navigator.serviceWorker.ready.then((registration) => registration.update())')
    const use = page.getByRole('button', { name: 'Use it now' })
    await use.waitFor(patience)
    expect(await axe()).toEqual([])
    await page.getByRole('textbox').first().fill('In the middle of a word')
    await use.click()
    await use.waitFor({ ...patience, state: 'detached' })
    const text = page.getByRole('textbox', { name: 'Say something to your friends' })
    await expect.poll(() => text.inputValue().catch(() => ''), patience).toBe('In the middle of a word')
    expect(await page.evaluate('performance.getEntriesByType("navigation")[0].type')).toBe('reload')
    expect(trouble).toEqual([])
    await context.close()
  })
})

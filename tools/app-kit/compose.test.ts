/** Writing: pictures leave without the place they were taken at, drafts stay, nothing goes out that a person was not told of. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { type AppPerson, type Browsers, openBrowsers } from './person.ts'
import { type AppWorld, openAppWorld } from './world.ts'

const patience = { timeout: 20_000 }

interface Vector {
  readonly name: string
  readonly file?: string
}
const vectors = (file: string): readonly Vector[] =>
  JSON.parse(readFileSync(new URL(`../../spec/vectors/${file}`, import.meta.url), 'utf8'))
const media = (name: string) =>
  Buffer.from(vectors('media.json').find((vector) => vector.name === name)?.file ?? '', 'base64')

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

async function begin(): Promise<AppPerson> {
  const person = await browsers.arrive(world)
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
    expect(trouble).toEqual([])
    await context.close()
  })
})

/**
 * Every place that shows what strangers wrote, with the worst that they can write in it: `walk.ts` looks at all screens from all other
 * sides.
 */
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { type Friend, openFriend } from './friend.ts'
import { corpus, markup, type Told, tellAll, writeTo } from './hostile.ts'
import type { AppPerson } from './person.ts'
import { comeIn } from './scenes/administration.ts'
import { chooseInMenu } from './scenes/people.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

let friend: Friend
let ada: AppPerson
let told: Told

const app = withApp(
  async ({ world, browsers, use }) => {
    const { name, label, text } = markup
    friend = use(await openFriend(world, { name, label, about: `${text}\n${corpus.slice(6, 9).join('\n')}` }))
    const shown = await tellAll(friend)
    ada = await browsers.arrive(world, { path: `/${await friend.invite()}`, width: 1280, height: 900 })
    await ada.start('Ada')
    await ada.page.getByRole('article').first().waitFor({ timeout: 30_000 })
    const reader = await friend.meet('Ada')
    await friend.peer.relate('follow', reader, true)
    told = { ...shown, ...(await writeTo(friend, reader)) }
    const report = { about: reader, content: null, reason: 'spam', text } as const
    await friend.peer.moderation.report(world.hub.identity, report, AbortSignal.timeout(30_000))
  },
  { name: markup.name, contact: markup.text.slice(0, 200), terms: markup.text },
)

/** Addresses of all that the navigation names. */
async function addresses(): Promise<readonly string[]> {
  const links = ada.page.locator('nav a[href^="/"]')
  const found = (await Promise.all((await links.all()).map((link) => link.getAttribute('href')))).filter(
    (href) => href !== null,
  )
  // By how often one wants them.
  expect(found.slice(4, 15)).toEqual(
    ['new', 'search', 'albums', 'invite', 'devices', 'account', 'settings', 'network', 'hubs', 'storage']
      .concat('inspector')
      .map((name) => `/${name}`),
  )
  // Home last: who visits where they are sees nothing new.
  return [...new Set(['/nothing-is-here', ...found.reverse()])]
}

/** Of the conversation with who wrote. */
async function talkPath(): Promise<string> {
  await visit('/talks')
  const link = ada.page.locator('#screen a[href^="/talks/in/p"]').first()
  return (await link.getAttribute('href', patience)) ?? ''
}

/** Waits until the screen says what it is. */
async function visit(path: string): Promise<void> {
  await ada.page.evaluate(
    'for (const one of document.querySelectorAll("#screen h1, #screen h2")) one.dataset.before = ""',
  )
  await ada.go(path)
  const fresh = ada.page.locator('#screen :is(h1, h2):not([data-before])')
  await fresh.first().waitFor({ state: 'attached', timeout: 20_000 })
}

/** Nothing of it became more than text, and nobody else was asked for anything. */
async function expectNoHarm({ page, trouble }: AppPerson): Promise<void> {
  expect(await page.evaluate('globalThis.harmed ?? null')).toBeNull()
  // Of somebody else's words no element came to be; the app has no such elements of its own.
  const made =
    'img[src="x"], iframe, object, embed, base, [onerror], [onload], a[href^="javascript:" i], a[href^="data:" i]'
  expect(await page.locator(made).count()).toBe(0)
  expect(trouble).toEqual([])
}

async function expectShown({ page }: AppPerson, text: string): Promise<void> {
  const shown = page.getByText(text).first()
  await expect
    .poll(() => shown.count(), { ...patience, message: `${new URL(page.url()).pathname}: ${text}` })
    .toBe(1)
}

describe.skipIf(noBrowser !== null)('what others write', () => {
  test(`[T9] [T13] runs nothing and asks nobody on any screen (${corpus.length} texts); axe finds nothing`, {
    timeout: 120_000,
  }, async () => {
    const { name, label } = markup
    const script = '<script>window.harmed = 1</script>'
    const places: readonly (readonly [path: string, shows: readonly string[]])[] = [
      [`/p/${friend.peer.identity}`, [name, script]],
      ['/tag/garden', [script]],
      [told.thread, [name, script]],
      ...told.albums.map((path) => [path, [script.slice(0, 7)]] as const),
      [await talkPath(), [script]],
      [told.group, [script, name]],
      [`${told.group}/about`, [name]],
      ['/search?q=harmed', [name]],
      ['/hubs', [name]],
      ...(await addresses()).map((path) => [path, []] as const),
    ]
    const found: string[] = []
    for (const [path, shows] of places) {
      await visit(path)
      for (const text of shows) await expectShown(ada, text)
      for (const line of await ada.axe()) found.push(`${path}: ${line}`)
      await expectNoHarm(ada)
    }
    expect(found).toEqual([])

    // What one calls somebody oneself is shown wherever they are; their devices are behind a line.
    await visit(`/p/${friend.peer.identity}`)
    await chooseInMenu(ada, 'pencil')
    const petname = `<b onclick=harmed=1>${name.slice(0, 30)}`
    await ada.page.getByRole('dialog').locator('input').fill(petname)
    await ada.page.keyboard.press('Enter')
    await ada.page.getByRole('dialog').waitFor({ state: 'detached' })
    await ada.page.locator('summary').first().click()
    await expectShown(ada, label)
    for (const path of ['/people', '/talks', told.thread]) {
      await visit(path)
      await expectShown(ada, petname)
      await expectNoHarm(ada)
    }
  })

  test('[T9] [T13] runs nothing in front of whoever runs the hub', async () => {
    const operator = await app.browsers.arrive(app.world, { width: 1280, height: 900 })
    await comeIn(operator, app.world)
    const tabs = operator.page.getByRole('tab')
    const shows = new Map([
      [1, markup.name],
      [2, markup.name],
      [3, '<script>window.harmed = 1</script>'],
    ])
    for (let at = 0; at < (await tabs.count()); at++) {
      await tabs.nth(at).click()
      await operator.page.getByRole('tabpanel').locator(':is(h2, li, form, p)').first().waitFor(patience)
      const shown = shows.get(at)
      if (shown !== undefined) await expectShown(operator, shown)
      await expectNoHarm(operator)
    }
    await operator.context.close()
  })

  test('[T9] [T13] runs nothing in front of who has no account', async () => {
    const stranger = await app.browsers.arrive(app.world, { path: told.thread })
    await expectShown(stranger, markup.name)
    await stranger.page.getByRole('article').nth(3).waitFor(patience)
    expect(await stranger.axe()).toEqual([])
    await expectNoHarm(stranger)
    await stranger.context.close()
  })
})

/**
 * Every screen that the navigation leads to, and those of a person, a note and a tag, with what strangers write in it: `walk.ts`
 * looks at all screens from all other sides.
 */
import type { Payload } from '@effigy/core'
import { sharedVectors } from '@effigy/testkit/node'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { type Friend, openFriend } from './friend.ts'
import type { AppPerson } from './person.ts'
import { withApp } from './with-app.ts'

/** What people write who mean harm: markup, schemes, directions, and what breaks programs. */
const own = [
  '<script>window.harmed = 1</script>',
  '<img src=x onerror="window.harmed = 1">',
  '<svg onload=window.harmed=1><a xlink:href="javascript:window.harmed=1">x</a></svg>',
  '[press me](javascript:window.harmed=1) [or me](data:text/html,<script>window.harmed=1</script>)',
  '![tracked](https://tracker.example/pixel.png) <https://tracker.example/?a=1>',
  '</bdi></div><iframe srcdoc="<script>parent.harmed=1</script>"></iframe>',
  '\u202eevil\u202c \u2066isolated',
  '{{name}} <b>{{count}}</b> $t(app:name) %{window.harmed=1}',
  `${'> '.repeat(60)}deep`,
  `${'['.repeat(400)}(`,
  'javascript:window.harmed=1 data:text/html,x',
]

const public_ = (name: string, read: (json: unknown) => readonly string[]): readonly string[] => {
  const found: unknown = sharedVectors(name)
  return found === null ? [] : read(typeof found === 'string' ? JSON.parse(found) : found)
}

/** Public corpora where they are present (`../shared/vectors`): naughty strings, and payloads against sanitizers. */
const corpus = [
  ...own,
  ...public_('blns/blns.json', (json) => json as readonly string[]),
  ...public_('dompurify/half.json', (json) =>
    (json as readonly { readonly payload: string }[]).map(({ payload }) => payload),
  ),
].filter((text) => text.trim() !== '')

let friend: Friend
let ada: AppPerson

const oneLine = (text: string, length: number): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a line may not hold
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ').slice(0, length)

withApp(async ({ world, browsers, use }) => {
  friend = use(
    await openFriend(world, {
      name: oneLine(own[1] ?? '', 60),
      about: corpus.slice(0, 5).join('\n').slice(0, 500),
    }),
  )
  await tellAll()
  ada = await browsers.arrive(world, { path: `/${await friend.invite()}`, width: 1280, height: 900 })
  await ada.start('Ada')
  await ada.page.getByRole('article').first().waitFor({ timeout: 30_000 })
})

async function tellAll(): Promise<void> {
  const at = Date.now() - 1_000_000
  // A few notes with many of them each, and one for each of ours.
  const many = Array.from({ length: 6 }, (_, part) =>
    corpus
      .filter((_text, index) => index % 6 === part)
      .join('\n\n')
      .slice(0, 60_000),
  )
  for (const [index, text] of [...many, ...own].entries()) {
    const payload = {
      type: 'public_note',
      at: at + index * 1_000,
      text,
      tags: [oneLine(text, 24).trim() || 'tag'],
      ...(index % 3 === 0 ? { cw: oneLine(text, 80).trim() || 'warning' } : {}),
    }
    // What the schema refuses does not get that far.
    await friend.publish(payload as Payload).catch(() => {})
  }
  await friend.say('#garden is where the tomatoes are')
}

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
  return [...new Set([`/p/${friend.peer.identity}`, '/tag/garden', '/nothing-is-here', ...found.reverse()])]
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

describe.skipIf(noBrowser !== null)('every screen', () => {
  test(`[T9] [T13] what others write (${corpus.length} texts) runs nothing and asks nobody; axe finds nothing`, {
    timeout: 120_000,
  }, async () => {
    const found: string[] = []
    for (const path of await addresses()) {
      await visit(path)
      for (const line of await ada.axe()) found.push(`${path}: ${line}`)
    }
    expect(found).toEqual([])
    expect(await ada.page.evaluate('globalThis.harmed ?? null')).toBeNull()
    expect(ada.trouble).toEqual([])
  })
})

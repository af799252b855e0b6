/**
 * A walk over scenes: each is opened once, by one person for a whole family of them, and looked at from several sides.
 *
 *     scene ─▶ one side: axe, both widths ─▶ what is opposite in all: axe, both widths ─▶ a language with long words: what is cut off
 *           ─▶ pseudo-locale: what is not translated, what is cut off ─▶ as before
 *
 * Both together show each scene narrow and wide, light and dark, from left to right and from right to left; which goes with which
 * changes from scene to scene, so four in a row have all eight. So does the language with long words.
 *
 * @module
 */
import { closeMessages } from './close-messages.ts'
import { cutOff } from './cut-off.ts'
import { onceFor } from './once-for.ts'
import type { AppPerson, Browsers } from './person.ts'
import { aroundScenes, atHome } from './scenes/around.ts'
import { scenes } from './scenes.ts'
import { settled } from './settled.ts'
import type { AppWorld } from './world.ts'

/** Who looks at which scenes, in this order: what changes things for those behind it stands behind them. */
export const families: Readonly<Record<string, readonly string[]>> = {
  nobody: [
    ...[
      'welcome',
      'public-note',
      'public-note-gone',
      'restore',
      'restore-words',
      'restore-unknown',
      'restore-device',
      'restore-file',
      'restore-friends',
    ],
    ...['admin-enter', 'admin-out', 'admin-overview', 'admin-people'],
    ...['admin-person', 'admin-connections', 'admin-reports', 'admin-invites', 'admin-kept', 'admin-backups'],
  ],
  alone: [
    ...[
      'home',
      'look-around',
      'look-around-thread',
      'look-around-person',
      'people-empty',
      'own-page',
      'people-add',
      'people-code',
      'albums-empty',
      'album-new',
      'album',
    ],
    ...[
      'albums',
      'album-picture',
      'bring',
      'devices',
      'devices-promise',
      'devices-code',
      'account',
      'account-words',
    ],
    ...['account-files', 'settings', 'hubs', 'invite', 'network', 'storage', 'inspector'],
    ...['write', 'audience', 'emoji', 'film', 'written', 'written-more'],
    ...['offline', 'palette', 'keys', 'more'],
    ...['lock-none', 'lock-chosen', 'locked'],
  ],
  company: ['timeline', 'thread', 'search', 'quote', 'tag', 'news'],
  neighbours: [
    ...[
      'person',
      'person-menu',
      'person-followed',
      'person-report',
      'verify',
      'verify-number',
      'verify-scan',
    ],
    ...['people', 'person-alike', 'person-blocked'],
  ],
  talks: ['talks', 'talk', 'talk-about', 'talk-group', 'talk-requests', 'talk-new'],
}

/** It takes several browsers at once: `network.test.ts` looks at what it shows. */
export const elsewhere: readonly string[] = ['together']

/** What browsers say of an answer that the scene is about. */
const expectedTrouble: Readonly<Record<string, RegExp>> = {
  offline: /ERR_INTERNET_DISCONNECTED/,
  'admin-out': /status of 401/,
  'public-note-gone': /status of 404/,
}

const isFromAllSides = process.env.EFFIGY_WALK === 'all'

/** ms for a family. */
export const walkMs: number = isFromAllSides ? 1_200_000 : 300_000

interface Side {
  readonly width: number
  readonly scheme: 'light' | 'dark'
  readonly language: 'en' | 'ar'
}

/** A phone's and a desktop's, CSS pixels. */
const widths = [390, 1280]

/** As a scene is opened. */
const usual: Side = { width: 390, scheme: 'light', language: 'en' }

const sides: readonly Side[] = [
  usual,
  { width: 1280, scheme: 'light', language: 'en' },
  { width: 390, scheme: 'dark', language: 'en' },
  { width: 1280, scheme: 'dark', language: 'en' },
]

const opposite = ({ width, scheme }: Side): Side => ({
  width: width === 390 ? 1280 : 390,
  scheme: scheme === 'light' ? 'dark' : 'light',
  language: 'ar',
})

/** What they say is longer than in English, and is looked at where there is least room. */
const longLanguages = ['de', 'es'] as const

/** For the scene at this place of its family. */
function sidesAt(place: number): readonly Side[] {
  const some = isFromAllSides ? sides : [sides[place % sides.length] ?? usual]
  return [...some, ...some.map(opposite)]
}

function longLanguagesAt(place: number): readonly (typeof longLanguages)[number][] {
  return longLanguages.filter((_, index) => isFromAllSides || index === place % longLanguages.length)
}

/** What was found wrong, as `scene, how: what`; empty: nothing. */
export async function walk(family: string, world: AppWorld, browsers: Browsers): Promise<readonly string[]> {
  const found: string[] = []
  const person = sharedPerson(await browsers.arrive(world))
  for (const [place, name] of (families[family] ?? []).entries()) {
    const scene = scenes[name]
    if (scene === undefined) throw new Error(`there is no scene ${name}`)
    const add = (how: string) => (line: string) => found.push(`${name}, ${how}: ${line}`)
    const before = person.trouble.length
    try {
      if (family === 'nobody') await startOver(person, world)
      await scene(person, world, browsers)
      for (const line of await lookAround(person, place)) found.push(`${name}, ${line}`)
      // What stands above a screen would stand above the next one.
      if (name in aroundScenes) await atHome(person)
    } catch (error) {
      add('opened')(String(error))
    }
    const expected = expectedTrouble[name]
    person.trouble
      .slice(before)
      .filter((line) => expected?.test(line) !== true)
      .forEach(add('trouble'))
  }
  await person.context.close()
  return found
}

/** What is shown now, as `how: what`. Who looks is left as `usual`. */
export async function lookAround(person: AppPerson, place = 0): Promise<readonly string[]> {
  const { page } = person
  const found: string[] = []
  let last = usual
  const turn = async (side: Side): Promise<void> => {
    if (side.width !== last.width) await page.setViewportSize({ width: side.width, height: 844 })
    if (side.scheme !== last.scheme)
      await page.emulateMedia({ colorScheme: side.scheme, reducedMotion: 'reduce' })
    if (side.language !== last.language) await speak(person, side.language)
    last = side
  }
  for (const side of sidesAt(place)) {
    await turn(side)
    const add = (line: string) => found.push(`${side.width} ${side.scheme} ${side.language}: ${line}`)
    ;(await person.axe()).forEach(add)
    for (const width of widths) {
      await page.setViewportSize({ width, height: 844 })
      await settled(page, 3)
      const over = Number(
        await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      )
      if (over > 1) add(`at ${width} ${over} pixels too wide`)
      for (const text of await cutOff(page)) add(`at ${width} ${text}`)
    }
    await page.setViewportSize({ width: side.width, height: 844 })
  }
  await page.setViewportSize({ width: usual.width, height: 844 })
  for (const language of [...longLanguagesAt(place), 'en-XA'] as const) {
    await speak(person, language)
    await settled(page, 3)
    for (const text of await cutOff(page)) found.push(`${usual.width} ${language}: ${text}`)
  }
  for (const text of await untranslated(person)) found.push(`pseudo-locale: ${text}`)
  await turn(usual)
  await settled(page, 3)
  await closeMessages(page)
  return found
}

/** For who has no account: an address begins as in a new tab. */
async function startOver({ page }: AppPerson, { origin }: AppWorld): Promise<void> {
  await page.evaluate('sessionStorage.clear()')
  await page.goto(origin)
}

/** One person for many scenes: whoever is somebody already begins at Home, and each step waits for its screen. */
function sharedPerson(person: AppPerson): AppPerson {
  const { page } = person
  async function go(path: string): Promise<void> {
    const { pathname, search } = new URL(page.url())
    if (`${pathname}${search}` === path) return
    const isOther = pathname !== path.split('?', 1)[0]
    if (isOther)
      await page.evaluate('document.querySelector("#screen").firstElementChild.dataset.before = ""')
    await person.go(path)
    await page.locator('#screen > :not([data-before])').first().waitFor({ state: 'attached' })
    await page.locator('#screen :is(h1, h2)').first().waitFor({ state: 'attached' })
  }
  return {
    ...person,
    go,
    async start(name) {
      await onceFor(person, 'start', () => person.start(name))
      await go('/')
    },
  }
}

/** As if it had been chosen in another tab, or stood in the address: what is open stays open. */
async function speak({ page }: AppPerson, language: 'ar' | 'de' | 'en' | 'en-XA' | 'es'): Promise<void> {
  await page.evaluate(`(() => {
    const place = new URL(location)
    if (${language === 'en'}) place.searchParams.delete('lang')
    else place.searchParams.set('lang', '${language}')
    // What the page made of its own history stays: nothing was navigated to.
    History.prototype.replaceState.call(history, history.state, '', place)
    dispatchEvent(new StorageEvent('storage', { key: 'effigy-language' }))
  })()`)
  await page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' })
}

/** Names of languages in themselves, sizes as `Intl` writes them, ids, an example of an address. */
const sameEverywhere = /^(English|Deutsch|Español|[\d.,]+ \w+|did:key:\S+|bafk\S+|placeholder=hub\.example)$/

/** Texts that a person sees or hears, with a letter that the pseudo-locale would have changed. */
async function untranslated({ page }: AppPerson): Promise<readonly string[]> {
  const found = (await page.evaluate(`(() => {
    // Of messages at the edge those stay in the language in which they were said.
    const others = '.mantine-Notification-root, textarea, [data-others], time, code, kbd, bdi, script, style, noscript, [aria-hidden="true"], [translate="no"], [lang]:not(html)'
    const plain = (text) => /[acenosuyACENOSUY]{2}|[acenosuy][b-df-hj-np-tv-z][acenosuy]/.test(text) && !text.includes('·~')
    const found = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      const { data, parentElement } = walk.currentNode
      if (plain(data) && parentElement?.closest(others) === null) found.push(data.trim().slice(0, 80))
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      for (const element of document.querySelectorAll('body [' + name + ']')) {
        const said = element.getAttribute(name) ?? ''
        if (plain(said) && element.closest(others) === null) found.push(name + '=' + said.slice(0, 80))
      }
    }
    return found
  })()`)) as readonly string[]
  return [...new Set(found)].filter((text) => !sameEverywhere.test(text))
}

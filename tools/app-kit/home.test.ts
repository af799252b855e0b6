/** Home and what hangs from it, as somebody uses it: their place, what is new, conversations, search, what happened. */
import { randomBytes } from 'node:crypto'
import type { Comment, Payload } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { askAt } from '../../apps/hub/test/admin-hub.ts'
import { noBrowser } from '../browser-kit/chromium.ts'
import { makePicture } from '../demo/pictures/make.ts'
import { type Friend, openFriend } from './friend.ts'
import { expectStillness } from './motion.ts'
import type { AppPerson } from './person.ts'
import { identityOf } from './scenes/home.ts'
import { settled } from './settled.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 8_000 }

let bea: Friend
let ada: AppPerson

const app = withApp(async ({ world, browsers, use }) => {
  bea = use(await openFriend(world, { name: 'Bea' }))
  await showLoaves(bea)
  for (let at = 1; at <= 80; at++) {
    await bea.say(`Note ${at}.${' It has a few words more.'.repeat(at % 7)}`)
  }
  ada = await browsers.arrive(world, { path: `/${await bea.invite()}` })
  await ada.start('Ada')
  await ada.page.getByText('Note 80.').waitFor(patience)
})

/** One file large enough to be worth its room, behind as many notes as keep theirs. */
async function showLoaves({ peer, publish }: Friend): Promise<void> {
  const { bytes, mime, width, height } = makePicture({ type: 'scene', scene: 'loaf', seed: '7' })
  const add = (file: Uint8Array) => peer.addFile([file] as never, { signal: AbortSignal.timeout(20_000) })
  const [large, small] = [await add(randomBytes(1_200_000)), await add(bytes)]
  const show = (text: string, { root }: Awaited<ReturnType<typeof peer.addFile>>) => {
    const image = { type: 'image', blob: root, mime, width, height, alt: 'A loaf' } as const
    return publish({ type: 'public_note', at: Date.now(), text, attachments: [image] })
  }
  await show('A large loaf', large)
  for (let at = 1; at <= 30; at++) await show(`Loaf ${at}`, small)
}

/** What stands at the top of the screen, and how many pixels below it. */
async function placeOf({ page }: AppPerson): Promise<{ readonly text: string; readonly top: number }> {
  const found = await page.evaluate(`(() => {
    const all = [...document.querySelectorAll('#screen article')]
    const first = all.find((each) => each.getBoundingClientRect().bottom > 0)
    return first && { text: first.textContent.slice(0, 40), top: first.getBoundingClientRect().top }
  })()`)
  return found as { text: string; top: number }
}

async function scrollTo({ page }: AppPerson, text: string): Promise<void> {
  for (let step = 0; step < 300 && (await page.getByText(text, { exact: false }).count()) === 0; step++) {
    await page.mouse.wheel(0, 500)
    await settled(page, 1)
  }
  // Until all that is above has its own height.
  await settled(page)
}

describe.skipIf(noBrowser !== null)('Home', () => {
  test('keeps the place: on the way back, when something new comes, and after a reload', {
    timeout: 60_000,
  }, async () => {
    const { page } = ada
    await page.mouse.move(195, 400)
    await scrollTo(ada, 'Note 40.')
    const before = await placeOf(ada)
    await page.getByRole('link', { name: 'Write something' }).waitFor(patience)
    await page.evaluate(`[...document.querySelectorAll('#screen article')]
      .find((each) => each.getBoundingClientRect().bottom > 0).querySelector('a:has(time)').click()`)
    await page.getByRole('heading', { name: 'Conversation' }).waitFor(patience)
    await page.goBack()
    await expect
      .poll(() => placeOf(ada), patience)
      .toEqual({ text: before.text, top: expect.closeTo(before.top, -0.5) })

    await bea.say('Something new')
    await bea.say('And another thing')
    const pill = page.getByRole('button', { name: '2 new' })
    await pill.waitFor(patience)
    expect(await placeOf(ada)).toEqual({ text: before.text, top: expect.closeTo(before.top, -0.5) })

    await page.reload()
    await expect.poll(async () => (await placeOf(ada))?.text, patience).toBe(before.text)
    await pill.click()
    await page.getByText('And another thing').waitFor(patience)
    expect(await page.evaluate('scrollY')).toBe(0)
    expect(ada.trouble).toEqual([])
  })

  test('an answer and a reaction are told, once; a muted word is not', { timeout: 60_000 }, async () => {
    const { page } = ada
    await ada.go('/')
    await page.getByRole('textbox').first().fill('Who bakes here?')
    await page.getByRole('button', { name: 'Post' }).click()
    await page.getByRole('article').filter({ hasText: 'Who bakes here?' }).waitFor(patience)
    const identity = await identityOf(ada, 'Who bakes here?')
    await bea.peer.relate('follow', identity, true)
    const mine = () => bea.peer.query.timeline({ identities: [identity] }).items[0]
    await expect.poll(mine, patience).toBeTruthy()
    const { content, cid } = mine() as NonNullable<ReturnType<typeof mine>>
    const target = { identity, content, entry: cid, synod: null }
    const answer = (text: string): Payload =>
      ({ type: 'comment', at: Date.now(), text, target, thread: null }) satisfies Comment
    await bea.peer.label(identity, content, '🎉', true)
    await bea.publish(answer('I do, and I sell the election cake.'))
    await bea.publish(answer('Bread, every Sunday.'))
    const news = page.locator('a[href="/news"]').filter({ visible: true }).last()
    await expect.poll(() => news.textContent(), patience).toContain('4')
    await news.click()
    await page.getByText('Bread, every Sunday.').waitFor(patience)
    await page.getByText('Bea reacted 🎉 to').waitFor(patience)
    await page.getByText('Bea follows you').waitFor(patience)
    // Read once it was looked at.
    await expect.poll(() => news.textContent(), patience).not.toContain('4')
    await page.getByRole('button', { name: 'What you do not want to hear of' }).click()
    await page.getByRole('textbox', { name: 'Word or phrase' }).fill('Election')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('button', { name: 'Take “election” away' }).waitFor(patience)
    expect(await ada.axe()).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByText('election cake').count(), patience).toBe(0)
    // In the conversation it stands folded.
    await page.getByText('Bread, every Sunday.').click()
    await page.getByText('Hidden, because it says “election”').waitFor(patience)
    await page.getByRole('button', { name: 'Show' }).first().click()
    await page.getByText('election cake').waitFor(patience)
    expect(await ada.axe()).toEqual([])
    expect(ada.trouble).toEqual([])
  })

  test('what somebody said is quoted, and what was taken back is not', { timeout: 60_000 }, async () => {
    const { page } = ada
    const said = await bea.say('The moon is a lamp')
    await ada.go(`/n/${bea.peer.identity}/${said.content}`)
    const note = page.getByRole('article').filter({ hasText: 'The moon is a lamp' })
    // What one could react with goes by the same button, by Escape, and when one goes on.
    const react = note.getByRole('button', { name: 'React', exact: true })
    const party = note.getByRole('button', { name: 'React with 🎉' })
    await react.click()
    await party.waitFor(patience)
    await react.click()
    await party.waitFor({ state: 'detached' })
    await react.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Escape')
    await party.waitFor({ state: 'detached' })
    expect(await react.evaluate((each) => each === each.ownerDocument.activeElement)).toBe(true)
    await react.press('Enter')
    await page.keyboard.press('Shift+Tab')
    await party.waitFor({ state: 'detached' })

    await note.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Block Bea…' }).waitFor(patience)
    await page.getByRole('menuitem', { name: 'Report…' }).click()
    await page.getByRole('dialog', { name: 'Report what Bea wrote' }).waitFor(patience)
    expect(await ada.axe()).toEqual([])
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('Thank you.').waitFor(patience)
    const { json } = await askAt(app.world.hub.port, '/admin/reports/list')
    expect(json.items).toMatchObject([{ about: bea.peer.identity, content: said.content }])
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await note.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Quote' }).click()
    await page.getByRole('list', { name: 'What you quote' }).getByText('The moon is a lamp').waitFor(patience)
    expect(await ada.axe()).toEqual([])
    await page.getByRole('textbox').first().fill('I always said so.')
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    const mine = page.getByRole('article').filter({ hasText: 'I always said so.' })
    await mine.locator('blockquote').getByText('The moon is a lamp').waitFor(patience)

    // First on one's own profile, however much else stands there, until one says otherwise.
    const author = await identityOf(ada, 'I always said so.')
    await ada.go(`/p/${author}`)
    const list = page.getByRole('region', { name: 'What they wrote' })
    const first = page.getByRole('region', { name: 'Shown first' })
    await list.getByText('I always said so.').waitFor(patience)
    expect(await first.count()).toBe(0)
    const own = list.getByRole('article').filter({ hasText: 'Who bakes here?' })
    await own.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Show first on my profile' }).click()
    await first.getByText('Who bakes here?').waitFor(patience)
    expect(await page.getByRole('article').first().textContent()).toContain('Who bakes here?')
    expect(await ada.axe()).toEqual([])
    await first.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'No longer show first' }).click()
    await first.waitFor({ ...patience, state: 'detached' })
    await list.getByText('Who bakes here?').waitFor(patience)
    await ada.go('/')

    await bea.peer.erase([said.content])
    await mine.locator('blockquote').getByText('This was taken back.').waitFor(patience)
    await ada.go(`/new?quote=${bea.peer.identity}/${said.content}`)
    await page.getByText('It cannot be quoted any more.').waitFor(patience)
    expect(ada.trouble).toEqual([])
  })

  test('[B20] older pictures of somebody are let go of, and fetched again', { timeout: 60_000 }, async () => {
    const { page } = ada
    await ada.go('/storage')
    const beas = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Bea' }) })
    const files = async (): Promise<string> =>
      /, ([^,]*) of files/.exec((await beas.textContent()) ?? '')?.[1] ?? ''
    // Asked for again after a while, where the hub had it later than what tells of it.
    await expect.poll(files, { timeout: 20_000 }).toMatch(/^1\.\d+ MB$/)
    const before = await files()
    await beas.getByRole('button', { name: 'Keep only the newest' }).click()
    const asks = page.getByRole('dialog', { name: 'Keep only the newest pictures and files of Bea?' })
    await asks.getByText('Those of 1 older note leave this device.').waitFor(patience)
    expect(await ada.axe()).toEqual([])
    await asks.getByRole('button', { name: 'Keep only the newest' }).click()
    await page.getByText('is free again.').waitFor(patience)
    await beas.getByText('Older pictures and files come when you look at them.').waitFor(patience)
    expect(await files()).toMatch(/ kB$/)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Older pictures and files are fetched again').waitFor(patience)
    await expect.poll(files, patience).toBe(before)
    await beas.getByText('Older pictures and files come when').waitFor({ ...patience, state: 'detached' })
    expect(ada.trouble).toEqual([])
  })

  test('nothing moves for who asked for that', { timeout: 60_000 }, async () => {
    await ada.go('/')
    await expectStillness(ada, bea)
    expect(ada.trouble).toEqual([])
  })

  test('search finds what was said, marks it, and goes by keys alone', { timeout: 60_000 }, async () => {
    const { page } = ada
    await ada.go('/')
    await page.getByRole('article').first().focus()
    // One behind the other; the second alone would write.
    await page.keyboard.press('g')
    await page.keyboard.press('n')
    await page.getByRole('heading', { name: 'Activity' }).waitFor(patience)
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.getByRole('article').first().focus()
    await page.keyboard.press('/')
    await page.getByRole('searchbox').fill('anothér th')
    await expect.poll(() => page.locator('mark').allTextContents(), patience).toEqual(['another', 'thing'])
    expect(await ada.axe()).toEqual([])
    await page.getByRole('searchbox').blur()
    await page.keyboard.press('j')
    await expect.poll(() => page.evaluate('document.activeElement.tagName'), patience).toBe('ARTICLE')
    await page.keyboard.press('l')
    await page.getByRole('button', { name: 'React with 🎉' }).waitFor(patience)
    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await page.getByRole('heading', { name: 'Conversation' }).waitFor(patience)
    // What one can do is found beside where one can go.
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Go anywhere' }).fill('my code')
    expect(await ada.axe()).toEqual([])
    await page.getByRole('button', { name: 'Show my code' }).click()
    await page.getByRole('dialog', { name: 'Your code' }).waitFor(patience)
    // In the language of whoever looks.
    await page.goto(new URL('/?lang=de', app.world.origin).href)
    await page.getByText('Auch deren Freunde').waitFor(patience)
    expect(ada.trouble).toEqual([])
  })
})

/** Invites, connections, hubs, storage, settings and what is underneath, by what people see (issue 8, screens 8 and 9). */
import type { Payload } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { makePicture } from '../demo/pictures/make.ts'
import { clicksIn, countClicks } from './clicks.ts'
import { copyOf } from './copy-of.ts'
import { type Friend, openFriend } from './friend.ts'
import type { AppPerson } from './person.ts'
import { lookAround } from './walk.ts'
import { withApp } from './with-app.ts'
import { type AppWorld, openAppWorld } from './world.ts'

const patience = { timeout: 20_000 }

const app = withApp()

async function say({ page }: AppPerson, text: string): Promise<void> {
  await page.locator('#screen textarea').first().fill(text)
  await page.getByRole('button', { name: 'Post' }).click()
  await page.getByRole('article').filter({ hasText: text }).first().waitFor(patience)
}

const sees = ({ page }: AppPerson, text: string) => page.getByText(text).first().waitFor(patience)

describe.skipIf(noBrowser !== null)('with others', () => {
  test('[W9] from the link both know of each other in four clicks at most, then both are near', async () => {
    const ada = await app.browsers.arrive(app.world)
    await ada.start('Ada')
    await say(ada, 'The first tomatoes are ripe.')
    await ada.go('/invite')
    await ada.page.getByRole('button', { name: 'Make the invite' }).click()
    const link = await ada.page.getByRole('textbox', { name: 'The invite as a link' }).inputValue()
    await ada.go('/')

    const { pathname, hash } = new URL(link)
    const bob = await app.browsers.arrive(app.world, { path: `${pathname}${hash}`, prepare: countClicks })
    if (pathname.startsWith('/i'))
      await bob.page.locator('a[href*="#effigy-invite"], a[href^="/"]').first().click()
    await bob.page.locator('input[autocomplete="nickname"]').click()
    await bob.start('Bob')
    await sees(bob, 'The first tomatoes are ripe.')
    await ada.go('/people')
    await ada.page.locator('#screen li a').filter({ hasText: 'Bob' }).waitFor(patience)
    const clicks = await clicksIn(bob.page)
    expect(clicks).toBeGreaterThan(1)
    expect(clicks).toBeLessThanOrEqual(4)
    await ada.go('/')
    await say(bob, 'I bring the bread.')
    await sees(ada, 'I bring the bread.')

    await bob.go('/network')
    await sees(bob, 'All done. You can close the lid.')
    await bob.page.getByRole('img', { name: 'has it' }).first().waitFor(patience)

    // From browser to browser, then not any more: nobody is to see where Bob is.
    await ada.go('/network')
    const bobs = ada.page.getByRole('listitem').filter({ hasText: 'Bob' })
    const adas = bob.page.getByRole('listitem').filter({ hasText: 'Ada' })
    await bobs.getByText('Directly').waitFor(patience)
    const traffic = ada.page.locator('tr').filter({ hasText: 'Bob' })
    // Both gave and took something by then.
    await expect.poll(() => traffic.textContent(), patience).toMatch(/Bob[1-9].*B[1-9].*B$/)
    await ada.page.getByText('All done. You can close the lid.').waitFor(patience)
    const hide = bob.page.getByRole('switch', { name: 'Hide the address of this device' })
    await hide.press('Space')
    await bobs.getByText('Directly').waitFor({ ...patience, state: 'detached' })
    await bob.go('/')
    await say(bob, 'Nobody sees where I am.')
    await ada.go('/')
    await sees(ada, 'Nobody sees where I am.')
    await bob.go('/network')
    await hide.press('Space')
    await adas.getByText('Directly').waitFor(patience)
    expect([ada.trouble, bob.trouble]).toEqual([[], []])
    for (const { context } of [ada, bob]) await context.close()
  }, 60_000)

  test('[V32] [V37] a hub promises a copy and is told that it need not; it is left and come back to, after a look at what it asks', async () => {
    const ada = await app.browsers.arrive(app.world)
    const { page } = ada
    await ada.start('Ada')
    const places = async (): Promise<string | null> => {
      await ada.go('/devices')
      return page.getByRole('region', { name: 'Where your data is' }).textContent(patience)
    }
    await expect.poll(places, patience).toMatch(/2 places have everything.*hub · everything/)
    await page.getByRole('button', { name: 'Ask for a promise' }).click(patience)
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    const promised = await page.getByText('Promised to keep it until').textContent(patience)
    expect(await ada.axe()).toEqual([])
    const { peer } = app.world
    const [lease] = peer.leases.held()
    expect(promised).toContain(new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format(lease?.until))
    await sees(ada, 'it showed that it has it')
    await page.getByRole('button', { name: 'Give it up' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Give it up' }).click()
    await sees(ada, 'The copy goes within 30 days')
    expect(peer.leases.held()).toEqual([])
    expect(lease && peer.store.leases?.get(lease.feed)?.isReleased).toBe(true)
    await ada.go('/hubs')
    await sees(ada, 'It has everything that you wrote on this device.')
    await page.getByRole('button', { name: 'Leave this hub' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave this hub' }).click()
    await sees(ada, 'You use no hub yet.')
    await expect.poll(places, patience).toContain('Only this device has everything')
    await ada.go('/hubs')
    await page.getByLabel('Its address, or an invite').fill(app.world.origin)
    await page.getByRole('button', { name: 'Look at it' }).click()
    await sees(ada, 'Everybody may use it.')
    await page.getByRole('button', { name: 'Use this hub' }).click()
    await page.getByText('Connected', { exact: true }).waitFor(patience)
    await expect.poll(places, patience).toContain('2 places have everything')
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  }, 60_000)

  test('who moves to another hub is found there with everything, also by a friend of the old one, which ends', async () => {
    await using old = await openAppWorld({ name: 'The old one' })
    await using there = await openAppWorld({ name: 'The new one' })
    const ada = await app.browsers.arrive(old)
    const { page } = ada
    await ada.start('Ada')
    const picture = makePicture({ type: 'scene', scene: 'harbour', seed: '4' })
    const file = { name: 'harbour.jpg', mimeType: picture.mime, buffer: Buffer.from(picture.bytes) }
    await page.locator('input[type="file"]').first().setInputFiles(file)
    await say(ada, 'Said at the old hub.')
    await ada.go('/invite')
    await page.getByRole('button', { name: 'Make the invite' }).click()
    const { hash } = new URL(await page.getByRole('textbox', { name: 'The invite as a link' }).inputValue())
    const bea = await app.browsers.arrive(old, { path: hash })
    await bea.start('Bea')
    await sees(bea, 'Said at the old hub.')

    await ada.go('/hubs')
    await sees(ada, 'It has everything that you wrote on this device.')
    await page.getByRole('button', { name: 'Move to another hub' }).click()
    await sees(ada, 'First use the new hub')
    await page.getByLabel('Its address, or an invite').fill(there.origin)
    await page.getByRole('button', { name: 'Look at it' }).click()
    await page.getByRole('button', { name: 'Use this hub' }).click(patience)
    const host = ({ origin }: AppWorld) => new URL(origin).host
    await sees(ada, `${host(there)} has all that you wrote`)
    const on = page.getByRole('link', { name: `Go on at ${host(there)}` })
    expect(await on.getAttribute('href')).toBe(`${there.origin}#back`)
    await page.getByRole('button', { name: `Leave ${host(old)}` }).click()
    await page.getByText('Your devices no longer bring anything there.').waitFor(patience)
    expect(await ada.axe()).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Leave this hub' }).click()
    const card = page.getByRole('article').filter({ hasText: host(old) })
    await card.waitFor({ ...patience, state: 'detached' })

    // Before the old one ends, who is only there sees on Ada's page where she is, and nothing goes there until they press.
    const adas = bea.page.locator('#screen article a[href^="/p/"]').first()
    await adas.click()
    const hint = bea.page.getByRole('note').filter({ hasText: `Ada is at ${host(there)}, and you are not.` })
    await hint.waitFor(patience)
    const pageOfAda = new URL(bea.page.url()).pathname
    expect(await bea.axe()).toEqual([])
    await hint.getByRole('button', { name: 'Use this hub too' }).click()
    await sees(bea, 'Everybody may use it.')
    await bea.page.getByRole('button', { name: 'Use this hub', exact: true }).click()
    await bea.page
      .getByRole('article')
      .filter({ hasText: host(there) })
      .getByText('Connected', { exact: true })
      .waitFor(patience)
    await bea.go(pageOfAda)
    await bea.page.getByRole('heading', { name: 'Ada' }).waitFor(patience)
    expect(await hint.count()).toBe(0)
    await old[Symbol.asyncDispose]()
    await ada.go('/')
    await say(ada, 'Said at the new one.')
    await sees(bea, 'Said at the new one.')
    const texts = ({ peer }: Pick<Friend, 'peer'>) => JSON.stringify(peer.query.timeline().items)
    await using cleo = await openFriend(there, { name: 'Cleo' })
    await cleo.peer.relate('follow', await cleo.meet('Ada'), true)
    await expect.poll(() => texts(cleo), patience).toContain('Said at the old hub.')
    await expect
      .poll(() => there.peer.store.blobUsage().bytes, patience)
      .toBeGreaterThan(picture.bytes.length / 2)

    // The way of the new address leads to linking; nothing of it reaches a server.
    const linking = await app.browsers.arrive(there, { path: '#back' })
    await linking.page.getByRole('button', { name: 'I still have another device' }).click()
    await sees(linking, 'On your other device, open Devices.')
    expect(linking.page.url()).toBe(there.origin)
    expect(linking.trouble).toEqual([])
    for (const { context } of [ada, bea, linking]) await context.close()
  }, 90_000)

  test('the inspector shows a chain of somebody with its epoch, and of an entry its bytes and whether they are right', async () => {
    await using bea = await openFriend(app.world, { name: 'Bea' })
    const { cid } = await bea.say('The soup is on.')
    const ada = await app.browsers.arrive(app.world, { path: `/${await bea.invite()}` })
    const { page } = ada
    await ada.start('Ada')
    await sees(ada, 'The soup is on.')
    await bea.peer.edit(cid, { type: 'public_note', at: Date.now(), text: 'The stew is on.' } as Payload)
    await sees(ada, 'The stew is on.')
    await ada.go('/inspector')
    await page.getByRole('heading', { name: 'Epoch 1: the chain of now' }).waitFor(patience)
    await page.getByRole('combobox', { name: 'Feed' }).selectOption(bea.peer.identity)
    await page.getByRole('heading', { name: 'Epoch 2: the chain of now' }).waitFor(patience)
    await sees(ada, 'Epoch 2 took the place of those before it')
    const chain = page
      .getByRole('region', { name: 'Chain' })
      .or(page.locator('section'))
      .locator('ol > li > button')
    const lines = await chain.allTextContents()
    expect(lines.filter((line) => line.includes('public_note'))).toHaveLength(1)
    expect(lines.every((line) => line.endsWith('verified'))).toBe(true)
    const lengths = lines.map((line) => Number.parseInt(line, 10))
    expect(lengths).toEqual(lengths.map((_, at) => lengths.length - at))
    await chain.filter({ hasText: 'public_note' }).click()
    // A note stands in a block of its own, which the entry names.
    const bytes = page.getByRole('region', { name: 'Bytes' })
    await expect.poll(() => bytes.textContent(), patience).toContain(bea.peer.identity)
    const payload = page.getByRole('region', { name: 'Payload in a block of its own' })
    expect(await payload.textContent()).toContain('The stew is on.')
    // Its name, its signature, and what it hangs from.
    expect(await page.getByLabel('right', { exact: true }).count()).toBe(3)
    expect(await ada.axe()).toEqual([])
    // What is handed on of it is nothing that was said.
    const entry = JSON.parse(await copyOf(ada, 'Copy for a bug report'))
    expect(entry).toMatchObject({ identity: bea.peer.identity, type: 'public_note', isVerified: true })
    expect(entry.check).toEqual({ isNamed: true, isSigned: true, isChained: true })
    expect(JSON.stringify(entry)).not.toContain('stew')
    await chain.filter({ hasText: 'public_note' }).click()
    await page.getByRole('switch', { name: 'Listen' }).press('Space')
    const frames = page.getByRole('region', { name: 'Wire' }).locator('details')
    // Nothing tells when it has begun to listen.
    const saidAgain = async (): Promise<number> => {
      await bea.say('Who wants seconds?')
      return frames.filter({ hasText: 'news' }).count()
    }
    await expect.poll(saidAgain, { ...patience, interval: 500 }).toBeGreaterThan(0)
    await page.getByRole('switch', { name: 'Listen' }).press('Space')
    const log = await copyOf(ada, 'Copy for a bug report')
    expect(log).toMatch(/^\S+Z received \S+…\S+ news \d+$/m)
    for (const told of [log, ...(await frames.allTextContents())]) expect(told).not.toContain('seconds')
    expect(await ada.axe()).toEqual([])
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  }, 60_000)

  test('what three people say to each other each sees live, and without a network', async () => {
    const ada = await app.browsers.arrive(app.world)
    await ada.start('Ada')
    await say(ada, 'The first tomatoes are ripe.')
    const others: AppPerson[] = []
    for (const name of ['Bob', 'Cleo']) {
      await ada.go('/')
      await ada.go('/invite')
      await ada.page.getByRole('button', { name: 'Make the invite' }).click()
      const { hash } = new URL(
        await ada.page.getByRole('textbox', { name: 'The invite as a link' }).inputValue(),
      )
      const other = await app.browsers.arrive(app.world, { path: hash })
      await other.start(name)
      await other.page.getByText('The first tomatoes are ripe.').first().waitFor(patience)
      others.push(other)
    }
    const [bob, cleo] = others
    if (bob === undefined || cleo === undefined) throw new Error('two were invited')
    // Who came by an invite of Ada's follows her alone.
    await ada.go('/people')
    const bobs = ada.page.locator('#screen li a').filter({ hasText: 'Bob' })
    await cleo.go((await bobs.getAttribute('href', patience)) ?? '')
    await cleo.page.getByRole('button', { name: 'Follow', exact: true }).click(patience)
    await cleo.page.getByText('Following', { exact: true }).waitFor(patience)
    await cleo.go('/')
    const note = ({ page }: AppPerson) => page.getByRole('article').filter({ hasText: 'tomatoes' }).first()
    await ada.go('/')
    for (const person of [cleo, ada, bob]) {
      await note(person)
        .getByRole('link', { name: /^(Reply|\d+ repl)/ })
        .click()
      await person.page.waitForURL('**/n/**')
    }
    await bob.page.locator('#screen textarea').first().fill('I bring the bread.')
    await bob.page.locator('#screen textarea').first().press('Control+Enter')
    for (const person of [bob, ada, cleo]) await sees(person, 'I bring the bread.')
    // The app itself is kept by then.
    await cleo.page.evaluate('navigator.serviceWorker.ready.then(() => null)')
    await cleo.context.setOffline(true)
    await cleo.page.reload()
    for (const text of ['The first tomatoes are ripe.', 'I bring the bread.']) await sees(cleo, text)
    await cleo.context.setOffline(false)

    await ada.go('/network')
    for (const name of ['Bob', 'Cleo']) await ada.page.locator('li').getByText(name).first().waitFor(patience)
    expect(await lookAround(ada)).toEqual([])
    expect([ada.trouble, bob.trouble]).toEqual([[], []])
    for (const { context } of [ada, bob, cleo]) await context.close()
  }, 90_000)

  test('language, colours and size of text are chosen, and stay', async () => {
    const ada = await app.browsers.arrive(app.world)
    const { page } = ada
    await ada.start('Ada')
    await ada.go('/settings')
    await page.getByText('Dark', { exact: true }).click()
    await page.getByRole('combobox', { name: 'Size of text' }).selectOption('200%')
    await page.getByRole('combobox', { name: 'Language' }).selectOption('ar')
    await page.getByRole('heading', { name: 'الإعدادات' }).waitFor(patience)
    await page.reload()
    await page.getByRole('heading', { name: 'الإعدادات' }).waitFor(patience)
    const look = await page.evaluate(
      '[document.documentElement.dir, document.documentElement.dataset.mantineColorScheme, document.documentElement.style.fontSize]',
    )
    expect(look).toEqual(['rtl', 'dark', '200%'])
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  }, 60_000)
})

/** Two browsers and a hub, all real: what one writes the other reads, and then without the hub between (spec O10, R24). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHub } from '../figures/hub-world.ts'
import { type BrowserApp, serveApp } from './app.ts'
import { noBrowser, openBrowser } from './browser.ts'
import { addressOf, joinInTab, type Person, personInTab } from './people.ts'

let app: BrowserApp
beforeAll(async () => {
  if (noBrowser === null) app = await serveApp()
}, 60_000)
afterAll(async () => app?.[Symbol.asyncDispose]())

const way = async (one: Person, other: Person) => (await one.via(other.identity))?.type ?? null

describe.skipIf(noBrowser !== null)('two browsers and a hub', () => {
  test('[O10] [R24] they meet through the hub, and then talk without it', { timeout: 60_000 }, async () => {
    await using hub = await openHub()
    await using ofAlice = await openBrowser(app)
    await using ofBob = await openBrowser(app)
    const alice = await joinInTab(ofAlice, hub)
    const bob = await joinInTab(ofBob, hub)
    await alice.follow(bob.identity)
    await bob.follow(alice.identity)
    await bob.say('hello from bob')
    expect(await alice.sees('hello from bob')).toBe(true)
    await expect.poll(() => way(alice, bob), { timeout: 30_000 }).toBe('direct')
    await alice.say('hello from alice')
    expect(await bob.sees('hello from alice')).toBe(true)
    // The tab with the peer and its data channels goes: the next one makes its own.
    const tab = await ofAlice.open()
    const next = personInTab(tab, alice.identity)
    await tab.run(async (app, address) => {
      const peer = await app.ready(AbortSignal.timeout(20_000))
      await peer.connect(address)
    }, addressOf(hub))
    await alice.tab.crash()
    await next.say('from the other tab')
    expect(await bob.sees('from the other tab')).toBe(true)
    await expect.poll(() => way(next, bob), { timeout: 30_000 }).toBe('direct')
  })
})

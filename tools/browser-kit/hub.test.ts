/** Two browsers and a hub, all real: what one writes the other reads, and then without the hub between (spec O10, R24). */
import { encodeBase64url, type Identity, type Payload } from '@effigy/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HubWorld, openHub } from '../figures/hub-world.ts'
import { type BrowserApp, serveApp } from './app.ts'
import { noBrowser, openBrowser, type Tab, type TestBrowser } from './browser.ts'

let app: BrowserApp
beforeAll(async () => {
  if (noBrowser === null) app = await serveApp()
}, 60_000)
afterAll(async () => app?.[Symbol.asyncDispose]())

/** A device that is at the hub, with a name. */
async function join(
  browser: TestBrowser,
  hub: HubWorld,
): Promise<{ readonly tab: Tab; readonly identity: Identity }> {
  const tab = await browser.open()
  await tab.run(async (app) => {
    for await (const { type } of app.states(AbortSignal.timeout(20_000))) if (type === 'new') break
    await app.device.create()
  })
  const box = await tab.run(async (app) => {
    await app.ready(AbortSignal.timeout(20_000))
    return [...(await app.device.boxKey())]
  })
  const identity = await tab.run(
    async (app, { address, key }) => {
      const peer = await app.ready(AbortSignal.timeout(20_000))
      const named = { type: 'identification', at: Date.now(), name: '', about: '', avatar: null, hubs: [] }
      await peer.publish({ ...named, box: key } as unknown as Payload)
      const connection = await peer.connect(address)
      await connection.ready(AbortSignal.timeout(20_000))
      return peer.identity
    },
    { address: `${hub.url}#${hub.peer.identity}`, key: encodeBase64url(new Uint8Array(box)) },
  )
  return { tab, identity }
}

const follow = (tab: Tab, identity: Identity) =>
  tab.run(async (app, whom) => {
    const peer = await app.ready(AbortSignal.timeout(20_000))
    await peer.relate('follow', whom, true)
    await peer.watch(whom)
  }, identity)

/** Resolves when a note of that text is in the timeline. */
const sees = (tab: Tab, text: string): Promise<boolean> =>
  tab.run(async (app, said) => {
    const peer = await app.ready(AbortSignal.timeout(20_000))
    for await (const { items } of peer.live('timeline', [], AbortSignal.timeout(20_000))) {
      if (JSON.stringify(items).includes(said)) return true
    }
    return false
  }, text)

const say = (tab: Tab, text: string) =>
  tab.run(async (app, said) => {
    const peer = await app.ready(AbortSignal.timeout(20_000))
    await peer.publish({ type: 'public_note', at: Date.now(), text: said } as Payload)
  }, text)

/** How the session with somebody runs. */
const via = (tab: Tab, identity: Identity) =>
  tab.run(async (app, whom) => {
    const { sessions } = (await app.peer?.status()) ?? { sessions: [] }
    return sessions.find((session) => session.identity === whom)?.via.type ?? null
  }, identity)

describe.skipIf(noBrowser !== null)('two browsers and a hub', () => {
  test('[O10] [R24] they meet through the hub, and then talk without it', { timeout: 60_000 }, async () => {
    await using hub = await openHub()
    await using ofAlice = await openBrowser(app)
    await using ofBob = await openBrowser(app)
    const alice = await join(ofAlice, hub)
    const bob = await join(ofBob, hub)
    await follow(alice.tab, bob.identity)
    await follow(bob.tab, alice.identity)
    await say(bob.tab, 'hello from bob')
    expect(await sees(alice.tab, 'hello from bob')).toBe(true)
    await expect.poll(() => via(alice.tab, bob.identity), { timeout: 30_000 }).toBe('direct')
    await say(alice.tab, 'hello from alice')
    expect(await sees(bob.tab, 'hello from alice')).toBe(true)
    // The tab with the peer and its data channels goes: the next one makes its own.
    const next = await ofAlice.open()
    await next.run(async (app, address) => {
      const peer = await app.ready(AbortSignal.timeout(20_000))
      await peer.connect(address)
    }, `${hub.url}#${hub.peer.identity}`)
    await alice.tab.crash()
    await say(next, 'from the other tab')
    expect(await sees(bob.tab, 'from the other tab')).toBe(true)
    await expect.poll(() => via(next, bob.identity), { timeout: 30_000 }).toBe('direct')
  })
})

/** One peer and many tabs, in a real browser (spec O). */
import type { Payload } from '@effigy/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrowserApp, serveApp } from './app.ts'
import { noBrowser, openBrowser, type Tab } from './browser.ts'

let app: BrowserApp
beforeAll(async () => {
  if (noBrowser === null) app = await serveApp()
}, 60_000)
afterAll(async () => app?.[Symbol.asyncDispose]())

const ready = (tab: Tab) =>
  tab.run(async (app) => {
    for await (const { type } of app.states(AbortSignal.timeout(20_000))) {
      if (type !== 'starting') return type
    }
    return 'silent'
  })

const publish = (tab: Tab, text: string) =>
  tab.run(async (app, said) => {
    const peer = await app.ready(AbortSignal.timeout(20_000))
    return (await peer.publish({ type: 'public_note', at: Date.now(), text: said } as Payload)).cid
  }, text)

const count = (tab: Tab) =>
  tab.run(async (app) => {
    const peer = await app.ready(AbortSignal.timeout(20_000))
    return (await peer.query.feedItems(peer.identity, { limit: 500 })).items.length
  })

describe.skipIf(noBrowser !== null)('one peer, many tabs', () => {
  test('[O10] [O12] a second tab shares the peer of the first, and takes over when that closes', async () => {
    await using browser = await openBrowser(app)
    const first = await browser.open()
    expect(await ready(first)).toBe('new')
    expect(await first.run((app) => app.device.create())).toBe(true)
    expect(await ready(first)).toBe('open')
    await publish(first, 'one')
    const second = await browser.open()
    expect(await ready(second)).toBe('open')
    expect(await count(second)).toBe(1)
    await publish(second, 'two')
    expect(await count(first)).toBe(2)
    await first.close()
    await publish(second, 'three')
    expect(await count(second)).toBe(3)
  })
})

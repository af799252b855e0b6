/**
 * Tabs that are closed, loaded again and killed while they write, round after round, over one store (spec O12). A few
 * rounds here; `EFFIGY_ROUNDS=30` for more.
 */
import type { RawCid } from '@effigy/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrowserApp, serveApp } from './app.ts'
import { noBrowser, openBrowser, type Tab } from './browser.ts'

const rounds = Number(process.env.EFFIGY_ROUNDS ?? 3)

let app: BrowserApp
beforeAll(async () => {
  if (noBrowser === null) app = await serveApp()
}, 60_000)
afterAll(async () => app?.[Symbol.asyncDispose]())

/** Writes without an end; what was acknowledged is told at once, so that it is known when the page is gone. */
async function keepWriting(tab: Tab, acknowledged: Set<string>): Promise<void> {
  await tab.page.exposeFunction('tell', (cid: string) => void acknowledged.add(cid))
  await tab.run(async (app) => {
    const peer = await app.ready(AbortSignal.timeout(20_000))
    const { tell } = globalThis as unknown as { readonly tell: (cid: string) => Promise<void> }
    void (async () => {
      for (let count = 0; ; count++) {
        const note = { type: 'public_note', at: Date.now(), text: `note ${count}` } as never
        const done = await peer.publish(note).catch(() => null)
        if (done !== null) await tell(done.cid)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
  })
}

const open = (tab: Tab): Promise<string> =>
  tab.run(async (app) => {
    const peer = await app.ready(AbortSignal.timeout(20_000))
    return peer.identity
  })

/** Those that the store does not have. */
const missing = (tab: Tab, cids: readonly string[]): Promise<readonly string[]> =>
  tab.run(async (app, asked) => {
    const peer = await app.ready(AbortSignal.timeout(20_000))
    const lost: string[] = []
    for (const cid of asked) if ((await peer.query.item(cid as RawCid)) === null) lost.push(cid)
    return lost
  }, cids)

describe.skipIf(noBrowser !== null)('tabs die while they write', () => {
  test(
    `[O12] ${rounds} rounds of closing, crashing and reloading: nothing acknowledged is lost`,
    async () => {
      await using browser = await openBrowser(app)
      let leader = await browser.open()
      await leader.run(async (app) => {
        for await (const { type } of app.states(AbortSignal.timeout(20_000))) if (type === 'new') break
        await app.device.create()
      })
      const identity = await open(leader)
      const acknowledged = new Set<string>()
      await keepWriting(leader, acknowledged)
      for (let round = 0; round < rounds; round++) {
        const next = await browser.open()
        expect(await open(next)).toBe(identity)
        await keepWriting(next, acknowledged)
        const before = acknowledged.size
        await expect.poll(() => acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(before + 10)
        // The tab that has the peer goes, in one of the ways in which tabs go.
        if (round % 3 === 0) await leader.crash()
        else if (round % 3 === 1) await leader.close()
        else await leader.page.reload()
        expect(await missing(next, [...acknowledged])).toEqual([])
        if (round % 3 === 2) await leader.close()
        leader = next
      }
      const length = await leader.run(async (app) => {
        const peer = await app.ready(AbortSignal.timeout(20_000))
        let entries = 0
        for (let after = null as never; ; ) {
          const { items, next } = await peer.query.feedItems(peer.identity, { limit: 500, after })
          entries += items.length
          if (next === null) return entries
          after = next as never
        }
      })
      // Writes that were cut off may stand there too.
      expect(length).toBeGreaterThanOrEqual(acknowledged.size)
    },
    60_000 + rounds * 10_000,
  )
})

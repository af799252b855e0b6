/** A lock is turned on, and the tab dies in the middle of it (spec K16). */
import type { Payload } from '@effigy/core'
import type { PagePeer } from '@effigy/peer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrowserApp, serveApp } from './app.ts'
import { noBrowser, openBrowser, settled, type Tab } from './browser.ts'

/** Of the passkey; a passphrase would take a second of work each time. */
const filled = 7

let app: BrowserApp
beforeAll(async () => {
  if (noBrowser === null) app = await serveApp()
}, 60_000)
afterAll(async () => app?.[Symbol.asyncDispose]())

/** Texts of the person's timeline, what their part in the account is, and another note. */
const goOn = (tab: Tab, text: string) =>
  tab.run(async (page: PagePeer, said) => {
    const peer = await page.ready(AbortSignal.timeout(20_000))
    await peer.publish({ type: 'public_note', at: Date.now(), text: said } as Payload)
    const { items } = await peer.query.timeline({ limit: 50 })
    const account = await peer.account.show()
    return {
      role: account?.role ?? null,
      members: account?.members.length ?? 0,
      identity: peer.identity as string,
      texts: items.map(({ state }) =>
        state.type === 'shown' && 'text' in state.payload ? `${state.payload.text}` : '?',
      ),
    }
  }, text)

describe.skipIf(noBrowser !== null)('a lock for a browser in use', () => {
  test('[K16] [Y26] killed in the middle: the device of before or the next one opens, and it is the main one', async () => {
    await using browser = await openBrowser(app)
    const forms = new Set<string>()
    for (const [round, when] of ['at once', 'prepared', 'settled'].entries()) {
      const name = `effigy-renew-${round}`
      const tab = await browser.open({ name })
      await settled(tab)
      await tab.run((page) => page.device.create())
      await tab.run(async (page) => {
        const peer = await page.ready(AbortSignal.timeout(20_000))
        await peer.account.create()
        await peer.publish({ type: 'public_note', at: Date.now(), text: 'before' } as Payload)
        Object.assign(globalThis, { before: peer.identity })
      })
      const before: string = await tab.page.evaluate('globalThis.before')
      await tab.run((page, byte) => {
        const lock = { credential: 'aaaa', secret: new Uint8Array(32).fill(byte) }
        const renewing = page.device.renew(lock)
        renewing.catch(() => {})
        Object.assign(globalThis, { renewing })
      }, filled)
      if (when === 'prepared') {
        await tab.page.evaluate(`(async () => {
          const open = indexedDB.open('${name}-vault')
          await new Promise((resolve) => { open.onsuccess = resolve })
          for (;;) {
            const store = open.result.transaction('device').objectStore('device')
            const asked = [store.getKey('next'), store.getKey('former')]
            await new Promise((resolve) => { asked[1].onsuccess = resolve })
            if (asked.some(({ result }) => result !== undefined)) return
          }
        })()`)
      }
      if (when === 'settled') await tab.page.evaluate('globalThis.renewing')
      await tab.crash()

      const again = await browser.open({ name })
      const state = await settled(again)
      forms.add(state.type)
      if (state.type === 'locked') {
        const unlock = (byte: number) =>
          again.run(
            (page, fill) => page.device.unlock({ credential: 'aaaa', secret: new Uint8Array(32).fill(fill) }),
            byte,
          )
        expect(await unlock(filled + 1)).toEqual({ ok: false, error: { code: 'passkey-wrong' } })
        expect((await unlock(filled)).ok).toBe(true)
      }
      const now = await goOn(again, 'after')
      expect(now).toMatchObject({ role: 'main', members: 1, texts: ['after', 'before'] })
      expect(now.identity === before).toBe(state.type === 'open')
      await again.close()
    }
    expect(forms).toEqual(new Set(['open', 'locked']))
  })
})

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

/** Whether a device waits in that browser to take the place of its own. */
const hasNext = (tab: Tab, name: string): Promise<boolean> =>
  tab.page.evaluate(`(async () => {
    const open = indexedDB.open('${name}-vault')
    await new Promise((resolve) => { open.onsuccess = resolve })
    const asked = open.result.transaction('device').objectStore('device').getKey('next')
    await new Promise((resolve) => { asked.onsuccess = resolve })
    open.result.close()
    return asked.result !== undefined
  })()`)

/** What an act on the page failed with. */
const codeOf = (act: () => Promise<unknown>): Promise<string> =>
  act().then(
    () => 'none',
    (reason) => /feed-private|passphrase-short/.exec(`${reason}`)?.[0] ?? `${reason}`,
  )

describe.skipIf(noBrowser !== null)('a lock for a browser in use', () => {
  const killed =
    '[K16] [Y26] killed in the middle: the device of before or the next one opens, and it is the main one'
  test(killed, { timeout: 40_000 }, async () => {
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
      // What the store says at a start drops nothing.
      if (state.type === 'open' && when === 'prepared') expect(await hasNext(again, name)).toBe(true)
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

  test('[O10] [K16] every tab is told that its device gets other keys before it hears that it was taken out', async () => {
    await using browser = await openBrowser(app)
    const name = 'effigy-renew-told'
    const tab = await browser.open({ name })
    await settled(tab)
    await tab.run(async (page) => {
      await page.device.create()
      const peer = await page.ready(AbortSignal.timeout(20_000))
      await peer.account.create()
    })
    const other = await browser.open({ name })
    await other.run(async (page) => {
      const { identity, live } = await page.ready(AbortSignal.timeout(20_000))
      const told: string[] = []
      const never = new AbortController().signal
      const isMarked = () => 'isRenewing' in page.state
      const states = (async () => {
        for await (const state of page.states(never)) {
          told.push(isMarked() ? 'renewing' : state.type)
          if (state.type === 'open' && state.identity !== identity) return told
        }
        return told
      })()
      const main = Promise.withResolvers<void>()
      void (async () => {
        for await (const account of live('account.show', [], never)) {
          if (account?.role === 'main') main.resolve()
          if (account?.role === 'revoked' && page.state.type === 'open' && !isMarked()) told.push('taken out')
        }
      })()
      await main.promise
      Object.assign(globalThis, { states })
    })
    const refused = await codeOf(() => tab.run((page) => page.device.renew('short')))
    expect(refused).toBe('passphrase-short')
    await tab.run((page) => page.device.renew({ credential: 'aaaa', secret: new Uint8Array(32).fill(1) }))
    const told: readonly string[] = await other.page.evaluate('globalThis.states')
    expect(told).toEqual(['open', 'renewing', 'open', 'renewing', 'starting', 'open'])
  })

  test('[K13] what was shown goes at once when it is locked, not when the peer has closed', async () => {
    await using browser = await openBrowser(app)
    const tab = await browser.open({ name: 'effigy-lock-now' })
    await settled(tab)
    const seen = await tab.run(async (page) => {
      await page.device.create({ credential: 'aaaa', secret: new Uint8Array(32).fill(1) })
      await page.ready(AbortSignal.timeout(20_000))
      const types: string[] = []
      const watching = (async () => {
        for await (const { type } of page.states(AbortSignal.timeout(20_000))) {
          types.push(type)
          if (type === 'locked') return
        }
      })()
      await page.device.lock()
      await watching
      return types
    })
    expect(seen).toEqual(['open', 'locked'])
  })

  test('[K16] one that fails leaves nothing of itself, and what another one left where it is', async () => {
    await using browser = await openBrowser(app)
    const name = 'effigy-renew-failed'
    const tab = await browser.open({ name })
    await settled(tab)
    await tab.run((page) => page.device.create())
    const failed = await tab.run(async (page) => {
      const peer = await page.ready(AbortSignal.timeout(20_000))
      await peer.account.create()
      const lock = { credential: 'aaaa', secret: new Uint8Array(32).fill(1) }
      // What seals is loaded by then: the feed is to be sealed before the next keys are there.
      await peer.privateFeed.makePrivate({ to: [], leaveOut: true })
      await peer.privateFeed.makePublic({ keep: 'all' })
      const [, renewed] = await Promise.allSettled([
        peer.privateFeed.makePrivate({ to: [], leaveOut: true }),
        page.device.renew(lock),
      ])
      await peer.privateFeed.makePublic({ keep: 'all' })
      return renewed.status === 'rejected' ? `${renewed.reason.code}` : 'none'
    })
    expect(failed).toBe('feed-private')
    expect(await hasNext(tab, name)).toBe(false)

    // Left by a tab that died before the account was told.
    await tab.page.evaluate(`(async () => {
      const open = indexedDB.open('${name}-vault')
      await new Promise((resolve) => { open.onsuccess = resolve })
      const change = open.result.transaction('device', 'readwrite')
      change.objectStore('device').put({ left: 'by another' }, 'next')
      await new Promise((resolve) => { change.oncomplete = resolve })
      open.result.close()
    })()`)
    const before = await goOn(tab, 'one')
    expect(await codeOf(() => tab.run((page) => page.device.renew('short')))).toBe('passphrase-short')
    expect(await hasNext(tab, name)).toBe(true)
    expect(await goOn(tab, 'two')).toMatchObject({ identity: before.identity, texts: ['two', 'one'] })
    await tab.run((page) => page.device.renew({ credential: 'aaaa', secret: new Uint8Array(32).fill(1) }))
    expect(await hasNext(tab, name)).toBe(false)
    const after = await goOn(tab, 'three')
    expect(after).toMatchObject({ role: 'main', members: 1, texts: ['three', 'two', 'one'] })
    expect(after.identity).not.toBe(before.identity)
  })
})

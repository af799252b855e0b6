/** One peer and many tabs, in a real browser (spec O). */
import type { Payload } from '@effigy/core'
import type { PagePeer, PeerState } from '@effigy/peer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrowserApp, serveApp } from './app.ts'
import { noBrowser, openBrowser, settled, type Tab, type TabOptions, type TestBrowser } from './browser.ts'

let app: BrowserApp
beforeAll(async () => {
  if (noBrowser === null) app = await serveApp()
}, 60_000)
afterAll(async () => app?.[Symbol.asyncDispose]())

/** When the tab is in that state, at last. */
const until = (tab: Tab, type: PeerState['type']): Promise<PeerState> =>
  tab.run(async (app, wanted) => {
    for await (const state of app.states(AbortSignal.timeout(20_000))) if (state.type === wanted) return state
    return app.state
  }, type)

const publish = (tab: Tab, text: string): Promise<string> =>
  tab.run(async (app, said) => {
    const peer = await app.ready(AbortSignal.timeout(20_000))
    return (await peer.publish({ type: 'public_note', at: Date.now(), text: said } as Payload)).cid
  }, text)

const texts = (tab: Tab): Promise<readonly string[]> =>
  tab.run(async (app) => {
    const peer = await app.ready(AbortSignal.timeout(20_000))
    const { items } = await peer.query.feedItems(peer.identity, { limit: 500 })
    return items.map(({ state }) =>
      state.type === 'shown' && 'text' in state.payload ? `${state.payload.text}` : '?',
    )
  })

/** While another tab goes: what was interrupted may have been done or not, so whoever asks again looks first (O12). */
async function publishOnce(tab: Tab, text: string): Promise<void> {
  try {
    await publish(tab, text)
  } catch (error) {
    if (!String(error).includes('interrupted')) throw error
    if (!(await texts(tab)).includes(text)) await publish(tab, text)
  }
}

/** A tab with a device of its own. */
async function openFirst(browser: TestBrowser, options?: TabOptions): Promise<Tab> {
  const tab = await browser.open(options)
  await settled(tab)
  await tab.run((app) => app.device.create())
  await until(tab, 'open')
  return tab
}

describe.skipIf(noBrowser !== null)('one peer, many tabs', () => {
  test('[O10] [O12] a second tab shares the peer of the first, and takes over when that closes', async () => {
    await using browser = await openBrowser(app)
    const first = await browser.open()
    expect(await settled(first)).toEqual({
      type: 'new',
      storage: { persistence: 'durable', reason: null, isGone: false },
    })
    expect(await first.run((app) => app.device.create())).toBe(true)
    expect(await until(first, 'open')).toMatchObject({ continuity: 'continued' })
    await publish(first, 'one')
    const second = await browser.open()
    const third = await browser.open()
    await publish(second, 'two')
    expect(await texts(first)).toEqual(['two', 'one'])
    expect(await third.run((app) => app.device.create())).toBe(false)
    await first.close()
    await publishOnce(second, 'three')
    await publishOnce(third, 'four')
    expect(await texts(second)).toEqual(['four', 'three', 'two', 'one'])
  })

  test('[O12] a tab crashes: another one has the peer at once, its live queries go on, nothing acknowledged is lost', async () => {
    await using browser = await openBrowser(app)
    const first = await openFirst(browser)
    const second = await browser.open()
    await until(second, 'open')
    await second.run(async (app) => {
      const peer = await app.ready(AbortSignal.timeout(20_000))
      const seen: number[] = []
      const acknowledged: string[] = []
      const failures: string[] = []
      Object.assign(globalThis, { seen, acknowledged, failures })
      void (async () => {
        const never = new AbortController().signal
        for await (const { items } of peer.live('timeline', [{ limit: 500 }], never)) seen.push(items.length)
      })()
      // Writing without an end, as fast as it goes.
      for (const writer of [0, 1, 2]) {
        void (async () => {
          for (let count = 0; count < 1_000; count++) {
            const text = `${writer}/${count}`
            try {
              await peer.publish({ type: 'public_note', at: Date.now(), text } as Payload)
              acknowledged.push(text)
            } catch (reason) {
              failures.push((reason as { readonly code: string }).code)
            }
          }
        })()
      }
    })
    // A third one only watches: it is neither the one that goes nor the one that takes over.
    const third = await browser.open()
    await third.run(async (app) => {
      const peer = await app.ready(AbortSignal.timeout(20_000))
      const watched: number[] = []
      Object.assign(globalThis, { watched })
      void (async () => {
        const never = new AbortController().signal
        for await (const { items } of peer.live('timeline', [{ limit: 500 }], never))
          watched.push(items.length)
      })().catch((reason: { readonly code: string }) => Object.assign(globalThis, { broken: reason.code }))
    })
    const watched = (): Promise<number> =>
      third.page.evaluate('globalThis.broken ?? globalThis.watched.at(-1) ?? 0')
    const seen = (): Promise<number> => second.page.evaluate('globalThis.acknowledged.length')
    await expect.poll(seen, { timeout: 20_000 }).toBeGreaterThan(20)
    const before = await seen()
    await first.crash()
    await expect.poll(seen, { timeout: 20_000 }).toBeGreaterThan(before + 10)
    const failures: readonly string[] = await second.page.evaluate('globalThis.failures')
    expect(new Set([...failures, 'interrupted'])).toEqual(new Set(['interrupted']))
    const acknowledged: readonly string[] = await second.page.evaluate('[...globalThis.acknowledged]')
    const kept = new Set(await texts(second))
    // The newest 500 are looked at.
    expect(acknowledged.slice(0, 400).filter((text) => !kept.has(text))).toEqual([])
    await expect.poll(watched, { timeout: 20_000 }).toBeGreaterThan(before + 10)
    const live: readonly number[] = await second.page.evaluate('globalThis.seen')
    expect(live.at(-1)).toBeGreaterThan(before)
    expect(live.every((count, at) => at === 0 || count > (live[at - 1] ?? 0))).toBe(true)
  })

  test('[O8] [O11] files cross between tabs as they do within one', async () => {
    await using browser = await openBrowser(app)
    await openFirst(browser)
    const second = await browser.open()
    const sizes = await second.run(async (app) => {
      const peer = await app.ready(AbortSignal.timeout(20_000))
      const signal = AbortSignal.timeout(20_000)
      const bytes = new Uint8Array(3_000_000).map((_, at) => at % 251)
      const fromBlob = await peer.addFile(new Blob([bytes]), { signal })
      const fromStream = await peer.addFile(new Blob([bytes]).stream(), { signal })
      let length = 0
      for await (const piece of peer.readFile(fromBlob.root, { signal })) length += piece.length
      return [fromBlob.root === fromStream.root, length]
    })
    expect(sizes).toEqual([true, 3_000_000])
  })

  test('what a built app loads only when it is needed is there: words of an account, a backup of it', async () => {
    await using browser = await openBrowser(app)
    const tab = await openFirst(browser)
    const [words, head] = await tab.run(async (app) => {
      const peer = await app.ready(AbortSignal.timeout(20_000))
      await peer.account.create()
      const signal = AbortSignal.timeout(20_000)
      let first = ''
      for await (const piece of peer.backup({ to: 'recovery-key', signal }))
        first ||= new TextDecoder().decode(piece)
      return [((await peer.account.phrase()) ?? '').split(' ').length, first.slice(0, 21)]
    })
    expect(words).toBe(12)
    expect(head).toBe('age-encryption.org/v1')
  })

  test('[O13] a tab that follows and crashes holds nothing any more', async () => {
    await using browser = await openBrowser(app)
    const first = await openFirst(browser)
    const second = await browser.open()
    await second.run(async (app) => {
      const peer = await app.ready(AbortSignal.timeout(20_000))
      await peer.connect('ws://127.0.0.1:9/')
    })
    const connections = (): Promise<number> =>
      first.run(async (app) => (await app.peer?.status())?.connections.length ?? -1)
    expect(await connections()).toBe(1)
    await second.crash()
    await expect.poll(connections, { timeout: 10_000 }).toBe(0)
  })

  test('[O14] two versions of an app: the newer one has the peer, the older one says to load the page again', async () => {
    await using browser = await openBrowser(app)
    const old = await openFirst(browser, { version: 1 })
    const older = await browser.open({ version: 1 })
    await publish(older, 'of version 1')
    const fresh = await browser.open({ version: 2 })
    expect(await texts(fresh)).toEqual(['of version 1'])
    const late = await browser.open({ version: 1 })
    for (const tab of [old, older, late]) {
      expect(await until(tab, 'failed')).toMatchObject({ code: 'version-newer' })
      await expect(publish(tab, 'no more')).rejects.toThrow('version-newer')
    }
    await publish(fresh, 'of version 2')
  })

  test('[O13] a tab that the browser puts to sleep hands over, and follows when it wakes', async () => {
    await using browser = await openBrowser(app)
    const first = await openFirst(browser)
    const second = await browser.open()
    await until(second, 'open')
    const session = await first.page.context().newCDPSession(first.page)
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    await publish(second, 'while it slept')
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    expect(await texts(first)).toEqual(['while it slept'])
    // Away and back: kept by the browser or loaded again, the page works.
    await second.page.goto('about:blank')
    await publish(first, 'while it was away')
    await second.page.goBack()
    expect(await texts(second)).toEqual(['while it was away', 'while it slept'])
  })

  test('[O10] a lock closes the peer in all tabs, and any of them opens it again', async () => {
    await using browser = await openBrowser(app)
    const first = await browser.open()
    await settled(first)
    const create = (app: PagePeer): Promise<boolean> =>
      app.device.create({ credential: 'AAAA', secret: new Uint8Array(32).fill(1) })
    await first.run(create)
    const second = await browser.open()
    await publish(second, 'one')
    await first.run(async (app) => {
      const peer = await app.ready(AbortSignal.timeout(20_000))
      const seen: number[] = []
      Object.assign(globalThis, { seen })
      void (async () => {
        const never = new AbortController().signal
        for await (const { items } of peer.live('timeline', [], never)) seen.push(items.length)
      })()
      await peer.status()
    })
    await expect.poll(() => first.page.evaluate('globalThis.seen')).toEqual([1])
    await second.run((app) => app.device.lock())
    for (const tab of [first, second])
      expect(await until(tab, 'locked')).toEqual({ type: 'locked', wrong: 0 })
    const unlock = (byte: number): Promise<boolean> =>
      second.run(async (app, filled) => {
        const secret = new Uint8Array(32).fill(filled)
        return (await app.device.unlock({ credential: 'AAAA', secret })).ok
      }, byte)
    expect(await unlock(2)).toBe(false)
    expect(await until(first, 'locked')).toEqual({ type: 'locked', wrong: 1 })
    expect(await unlock(1)).toBe(true)
    expect(await texts(first)).toEqual(['one'])
    await publish(first, 'two')
    // What was asked live before it was locked is answered by the peer that is there now.
    await expect.poll(() => first.page.evaluate('globalThis.seen')).toEqual([1, 2])
  })

  test('[O10] what is wiped is gone, and the browser is a new device', async () => {
    await using browser = await openBrowser(app)
    const first = await openFirst(browser)
    const second = await browser.open()
    await publish(second, 'one')
    const before = await until(first, 'open')
    await second.run((app) => app.device.wipe())
    for (const tab of [first, second]) expect((await until(tab, 'new')).type).toBe('new')
    await second.run((app) => app.device.create())
    expect(await until(first, 'open')).not.toMatchObject({
      identity: (before as { identity: string }).identity,
    })
    expect(await texts(first)).toEqual([])
  })

  test('[O10] keys that are damaged can be wiped, and the browser is a new device', async () => {
    await using browser = await openBrowser(app)
    const first = await openFirst(browser)
    await publish(first, 'one')
    await first.run(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('effigy-vault')
          opening.onerror = () => reject(opening.error)
          opening.onsuccess = () => {
            const writing = opening.result.transaction('device', 'readwrite')
            writing.objectStore('device').put({ v: 1 }, 'vault')
            writing.oncomplete = () => resolve()
          }
        }),
    )
    await first.page.reload()
    expect(await until(first, 'failed')).toMatchObject({ code: 'vault-damaged' })
    await first.run((app) => app.device.wipe())
    expect((await until(first, 'new')).type).toBe('new')
    await first.run((app) => app.device.create())
    expect(await texts(first)).toEqual([])
  })
})

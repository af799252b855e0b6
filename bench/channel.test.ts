/** A Node and a tab of Chromium: two stacks, one link. */
import { negotiate } from '@effigy/links'
import { openNodeRtc } from '@effigy/links/node'
import { type Link, silentLog, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { serveApp } from '../tools/browser-kit/app.ts'
import { noBrowser } from '../tools/browser-kit/browser.ts'
import { openTab } from './channel-tabs.ts'

const rtc = await openNodeRtc()
const why =
  noBrowser !== null
    ? ` (left out: ${noBrowser})`
    : rtc === null
      ? ' (left out: no binary of node-datachannel)'
      : ''

test.skipIf(why !== '')(
  `[A3] Node and Chromium, either dialling: 2 MB there and back, one binding${why}`,
  async () => {
    if (rtc === null) return
    await using app = await serveApp(new URL('channel-page/', import.meta.url).pathname)
    for (const dialler of ['Node', 'Chromium']) {
      await using tab = await openTab(app, 0)
      const opened = Promise.withResolvers<Link>()
      const stop = new AbortController()
      const negotiation = negotiate({
        rtc,
        clock: systemClock,
        randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
        log: silentLog,
        polite: true,
        policy: () => 'all',
        iceServers: async () => [],
        send: (signal) => void tab.run('take', signal),
        onLink: (link) => opened.resolve(link),
        // One try may come to nothing on a loaded machine; who cares tries again, as a peer does.
        onState: ({ type }) => {
          if (type === 'failed' && !stop.signal.aborted) begin()
        },
        signal: stop.signal,
      })
      const begin = (): void => {
        if (dialler === 'Node') negotiation.connect()
        else void tab.run('connectOurs')
      }
      await tab.page.exposeFunction('carrySignal', (signal: unknown) => void negotiation.receive(signal))
      await tab.page.evaluate('globalThis.app.carry((signal) => globalThis.carrySignal(signal))')
      begin()
      const link = await opened.promise
      const count = 8
      const echo = tab.run<number[]>('echo', { count })
      for (let index = 0; index < count; index++) link.send(new Uint8Array(256 * 1024).fill(index))
      const frames: number[][] = []
      for await (const frame of link.receive()) {
        frames.push([frame.length, frame.at(-1) ?? -1])
        if (frames.length === count) break
      }
      expect(frames).toEqual(Array.from({ length: count }, (_, index) => [256 * 1024, index]))
      expect(await echo).toEqual([...link.binding])
      const stats = await negotiation.stats()
      expect(stats?.bytesSent).toBeGreaterThan(count * 256 * 1024)
      stop.abort()
    }
  },
)

/** What a browser of another make needs to be one of ours: store, vault, session, data channel (issue 7). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Identity } from '@effigy/core'
import { openNodeRtc } from '@effigy/links/node'
import { createHome, type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { serveApp } from '../browser-kit/app.ts'
import { addressOf, joinInNode } from '../browser-kit/people.ts'
import { openHub } from '../figures/hub-world.ts'
import { noFirefox, openFirefox } from './firefox.ts'

const rtc = await openNodeRtc()
const missing = [
  noFirefox === null ? '' : ` (left out: ${noFirefox})`,
  rtc === null ? ' (left out: node-datachannel has no binary for this machine)' : '',
].join('')

const text = 'written in this browser'

const said = (peer: NodePeer, identity: Identity): string =>
  JSON.stringify(peer.query.feedItems(identity).items)

type Fact = { readonly type: string } & Readonly<Record<string, unknown>>

test.skipIf(rtc === null || noFirefox !== null)(
  `Firefox: store, vault, session, data channel, and all is there after a load${missing}`,
  { timeout: 90_000 },
  async () => {
    await using undo = new AsyncDisposableStack()
    const folder = mkdtempSync(join(tmpdir(), 'effigy-smoke-'))
    undo.defer(() => rmSync(folder, { recursive: true, force: true }))
    await createHome(folder, { words: 24 })
    const options = { home: folder, clock: systemClock, log: silentLog, verifyThreads: 0 }
    const peer = undo.use(await openNodePeer(rtc === null ? options : { ...options, rtc }))
    const hub = undo.use(await openHub({ maxBlobBytes: 0 }))
    const node = await joinInNode(peer, hub)

    const facts = new Map<string, Fact>()
    const over = Promise.withResolvers<void>()
    let received = 0
    const app = undo.use(
      await serveApp(import.meta.dirname, async (told) => {
        const fact = told as Fact
        facts.set(fact.type, fact)
        if (fact.type === 'session') {
          const identity = fact.identity as Identity
          // With its key here first: an offer that cannot be answered is waited for in vain, for 20 s.
          peer.watch(identity)
          await expect.poll(() => said(peer, identity), { timeout: 30_000 }).toContain(text)
          await node.follow(identity)
          await node.say('written in Node')
        }
        if (fact.type === 'channel') {
          const identity = facts.get('session')?.identity as Identity
          expect(await node.fetch(fact.root as string)).toBe(2_000_000)
          received = (await node.stats(identity))?.bytesReceived ?? 0
          expect(await node.sees(text)).toBe(true)
        }
        if (fact.type === 'again' || fact.type === 'failed') over.resolve()
      }),
    )
    const query = new URLSearchParams({ hub: addressOf(hub), other: node.identity })
    const firefox = undo.use(openFirefox(`${app.url}?${query}`))
    const late = AbortSignal.timeout(80_000)
    late.addEventListener('abort', () => over.reject(new Error(`${[...facts.keys()]}: ${firefox.output()}`)))
    await over.promise

    expect(facts.get('failed')).toBe(undefined)
    expect(facts.get('store')).toMatchObject({ persistence: 'durable', reason: null })
    expect(facts.get('vault')).toMatchObject({ protection: 'non-extractable' })
    expect(received).toBeGreaterThan(2_000_000)
    expect(facts.get('again')).toMatchObject({ isSame: true, isKept: true })
  },
)

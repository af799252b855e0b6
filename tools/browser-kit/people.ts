/**
 * People at a hub, in tabs and in Node, for tests that let them meet.
 *
 *     joinInTab, joinInNode ─▶ Person ─▶ follow, say, sees, via, …
 *
 * What runs in a tab sees its arguments alone; each call ends by itself after `patienceMs`.
 *
 * @module
 */
import { encodeBase64url, type Identity, type Payload } from '@effigy/core'
import type { RtcStats } from '@effigy/links'
import type { SessionStatus } from '@effigy/peer'
import type { NodePeer } from '@effigy/peer/node'
import type { HubWorld } from '../figures/hub-world.ts'
import type { Tab, TestBrowser } from './browser.ts'

export interface Person {
  readonly identity: Identity
  follow(whom: Identity): Promise<void>
  say(text: string): Promise<void>
  /** Resolves with true when a note of that text is in the timeline. */
  sees(text: string): Promise<boolean>
  /** What the newest items of the timeline say, that of own ones and of others, with each as often as it is there. */
  texts(): Promise<readonly string[]>
  /** How the session with somebody runs; null: there is none. */
  via(other: Identity): Promise<SessionStatus['via'] | null>
  /** A file of so many random bytes, told to everybody. */
  share(bytes: number): Promise<string>
  /** Waits until all of it is here; gives its bytes as they are read. */
  fetch(root: string): Promise<number>
  stats(other: Identity): Promise<RtcStats | null>
  hideAddress(hides: boolean): Promise<void>
  /** Also through a hub, where nothing else goes. */
  seek(other: Identity): Promise<void>
}

export interface PersonInTab extends Person {
  readonly tab: Tab
}

const patienceMs = 60_000

/** Newest items looked at. */
const maxItems = 200

export const addressOf = (hub: HubWorld): string => `${hub.url}#${hub.peer.identity}`

/** A new device in a browser of its own, which is at the hub and can be written to. */
export async function joinInTab(browser: TestBrowser, hub: HubWorld): Promise<PersonInTab> {
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
    { address: addressOf(hub), key: encodeBase64url(new Uint8Array(box)) },
  )
  return { tab, ...personInTab(tab, identity) }
}

/** The same person, seen from a tab. */
export function personInTab(tab: Tab, identity: Identity): Person {
  return {
    identity,
    follow: (whom) =>
      tab.run(async (app, whom) => {
        const peer = await app.ready(AbortSignal.timeout(20_000))
        await peer.relate('follow', whom, true)
        await peer.watch(whom)
      }, whom),
    say: (text) =>
      tab.run(async (app, text) => {
        const peer = await app.ready(AbortSignal.timeout(20_000))
        await peer.publish({ type: 'public_note', at: Date.now(), text } as Payload)
      }, text),
    sees: (text) =>
      tab.run(
        async (app, { text, patienceMs }) => {
          const peer = await app.ready(AbortSignal.timeout(patienceMs))
          for await (const { items } of peer.live('timeline', [], AbortSignal.timeout(patienceMs))) {
            if (JSON.stringify(items).includes(text)) return true
          }
          return false
        },
        { text, patienceMs },
      ),
    texts: () =>
      tab.run(async (app, limit) => {
        const { items = [] } = (await app.peer?.query.timeline({ limit })) ?? {}
        return items.map((item) => JSON.stringify(item))
      }, maxItems),
    via: (other) =>
      tab.run(async (app, other) => {
        const { sessions } = (await app.peer?.status()) ?? { sessions: [] }
        return sessions.find((session) => session.identity === other)?.via ?? null
      }, other),
    share: (bytes) =>
      tab.run(async (app, bytes) => {
        const peer = await app.ready(AbortSignal.timeout(20_000))
        const pieces = Array.from({ length: Math.ceil(bytes / 65_536) }, (_, at) =>
          crypto.getRandomValues(new Uint8Array(Math.min(65_536, bytes - at * 65_536))),
        )
        const signal = new AbortController().signal
        const { root } = await peer.addFile(new Blob(pieces), { signal })
        await peer.publish({
          type: 'collection',
          at: Date.now(),
          root,
          name: 'a',
          count: 1,
          bytes,
        } as Payload)
        return root
      }, bytes),
    fetch: (root) =>
      tab.run(
        async (app, { root, patienceMs }) => {
          const peer = await app.ready(AbortSignal.timeout(20_000))
          const signal = AbortSignal.timeout(patienceMs)
          await peer.fetchBlob(root as never, { signal })
          let length = 0
          for await (const piece of peer.readFile(root as never, { signal })) length += piece.length
          return length
        },
        { root, patienceMs },
      ),
    stats: (other) => tab.run(async (app, other) => (await app.peer?.direct.stats(other)) ?? null, other),
    hideAddress: (hides) =>
      tab.run(async (app, hides) => {
        await app.peer?.direct.setHidesAddress(hides)
      }, hides),
    seek: (other) =>
      tab.run(async (app, other) => {
        await app.peer?.direct.seek(other)
      }, other),
  }
}

/** A peer in Node, which is at the hub and can be written to. */
export async function joinInNode(peer: NodePeer, hub: HubWorld): Promise<Person> {
  const never = new AbortController().signal
  await peer.connect(addressOf(hub)).ready(never)
  const named = { type: 'identification', at: Date.now(), name: '', about: '', avatar: null, hubs: [] }
  await peer.publish({ ...named, box: encodeBase64url(peer.boxKey) } as unknown as Payload)
  return {
    identity: peer.identity,
    async follow(whom) {
      await peer.relate('follow', whom, true)
      peer.watch(whom)
    },
    async say(text) {
      await peer.publish({ type: 'public_note', at: Date.now(), text } as Payload)
    },
    async sees(text) {
      const ask = () => peer.query.timeline()
      for await (const { items } of peer.live(ask, AbortSignal.timeout(patienceMs))) {
        if (JSON.stringify(items).includes(text)) return true
      }
      return false
    },
    texts: async () => peer.query.timeline({ limit: maxItems }).items.map((item) => JSON.stringify(item)),
    via: async (other) => peer.status().sessions.find(({ identity }) => identity === other)?.via ?? null,
    async share(bytes) {
      async function* source() {
        for (let left = bytes; left > 0; left -= 65_536) {
          yield crypto.getRandomValues(new Uint8Array(Math.min(65_536, left)))
        }
      }
      const { root } = await peer.addFile(source(), { signal: never })
      await peer.publish({ type: 'collection', at: Date.now(), root, name: 'a', count: 1, bytes } as Payload)
      return root
    },
    async fetch(root) {
      const signal = AbortSignal.timeout(patienceMs)
      await peer.fetchBlob(root as never, { signal })
      let length = 0
      for await (const piece of peer.readFile(root as never, { signal })) length += piece.length
      return length
    },
    stats: (other) => peer.direct.stats(other),
    hideAddress: async (hides) => peer.direct.setHidesAddress(hides),
    seek: async (other) => peer.direct.seek(other),
  }
}

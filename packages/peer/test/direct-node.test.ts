/** Two homes on this machine, a hub between, and real data channels. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url, type Payload } from '@effigy/core'
import { acceptWebSockets, openNodeRtc } from '@effigy/links/node'
import type { WatchPolicy } from '@effigy/store'
import { silentLog, systemClock } from '@effigy/sync'
import { createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createHome, type NodePeer, openNodePeer } from '../src/node.ts'
import { never, note, texts } from './world.ts'

const rtc = await openNodeRtc()
const why = rtc === null ? ' (left out: node-datachannel has no binary for this machine)' : ''

const feedsAlone: WatchPolicy = { depth: { type: 'all' }, blobs: { type: 'none' } }

async function open(home: string, options: object = {}): Promise<NodePeer> {
  await createHome(home, { words: 24 })
  return openNodePeer({ home, clock: systemClock, log: silentLog, verifyThreads: 0, ...options })
}

/** The peer behind a WebSocket of this machine. */
async function listen(peer: NodePeer): Promise<AsyncDisposable & { readonly address: string }> {
  const server = createServer()
  const stop = new AbortController()
  acceptWebSockets(server, {
    ...{ path: '/effigy/1', maxConnections: 8, maxPerAddress: 8, maxWaiting: 8, clock: systemClock },
    onLink: (link) => void peer.accept(link),
    signal: stop.signal,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `ws://127.0.0.1:${port}/effigy/1#${peer.identity}`,
    async [Symbol.asyncDispose]() {
      stop.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const via = (peer: NodePeer, other: NodePeer) =>
  peer.status().sessions.find(({ identity }) => identity === other.identity)?.via.type

const until = (condition: () => boolean) =>
  expect.poll(condition, { timeout: 20_000, interval: 50 }).toBe(true)

test.skipIf(rtc === null)(
  `[R20] [R24] friends meet through a hub and talk without it${why}`,
  { timeout: 40_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'effigy-direct-'))
    await using undo = new AsyncDisposableStack()
    undo.defer(() => rmSync(folder, { recursive: true, force: true }))
    const hub: NodePeer = undo.use(
      await open(join(folder, 'hub'), {
        kind: 'hub',
        signalling: { carries: () => true },
        tracks(remote: NodePeer['identity'], identities: readonly NodePeer['identity'][]) {
          for (const one of [remote, ...identities]) hub.watch(one, feedsAlone)
        },
      }),
    )
    const { address } = undo.use(await listen(hub))
    const [alice, bob] = [
      undo.use(await open(join(folder, 'alice'), { rtc })),
      undo.use(await open(join(folder, 'bob'), { rtc })),
    ]
    for (const peer of [alice, bob]) {
      await peer.connect(address).ready(never)
      const box = encodeBase64url(peer.boxKey)
      await peer.publish({
        ...{ type: 'identification', at: 1, name: '', about: '', avatar: null, hubs: [], box },
      } as unknown as Payload)
    }
    await alice.relate('follow', bob.identity, true)
    await bob.relate('follow', alice.identity, true)
    await until(() => via(alice, bob) === 'direct' && via(bob, alice) === 'direct')

    // What the hub does not keep comes from bob alone, and not through it.
    const bytes = createRandom('file').bytes(3_000_000)
    async function* source() {
      yield bytes
    }
    const { root } = await bob.addFile(source(), { signal: never })
    const collection = { type: 'collection', at: 1, root, name: 'a', count: 1, bytes: bytes.length }
    await bob.publish(collection as Payload)
    await alice.fetchBlob(root, { signal: never })
    const stats = await alice.direct.stats(bob.identity)
    expect(stats?.bytesReceived).toBeGreaterThan(bytes.length)
    expect(hub.store.blobState(root).type).not.toBe('complete')

    // Nor does it end with the hub.
    await hub.disconnect('stopping')
    await alice.publish(note('without a hub'))
    await until(() => texts(bob.store, alice.identity).includes('without a hub'))
  },
)

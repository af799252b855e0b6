/** Two homes and a hub on this machine: a file through the hub, over coturn, and from device to device (R22-R25). */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url, ok, type Payload } from '@effigy/core'
import { acceptWebSockets, openNodeRtc } from '@effigy/links/node'
import { createHome, type NodePeer, openNodePeer } from '@effigy/peer/node'
import type { WatchPolicy } from '@effigy/store'
import { silentLog, systemClock } from '@effigy/sync'
import { createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { hasCoturn, startCoturn, testSecret, withCoturn } from '../../test/coturn.ts'
import { turnName } from './credentials.ts'

const rtc = await openNodeRtc()
const why = `${withCoturn}${rtc === null ? ' (left out: node-datachannel has no binary for this machine)' : ''}`

/** Not on the loopback: from there Node's end reaches the other one's relay without an own. */
const host = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
const orNoAddress = host === undefined ? ' (left out: this machine has no IPv4 address)' : ''

const never: AbortSignal = new AbortController().signal
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
  peer.status().sessions.find(({ identity }) => identity === other.identity)?.via

const until = (condition: () => boolean) =>
  expect.poll(condition, { timeout: 30_000, interval: 50 }).toBe(true)

const random = createRandom('files')

/** A file that the hub does not keep. */
async function share(from: NodePeer, to: NodePeer, size: number): Promise<number> {
  const bytes = random.bytes(size)
  async function* source() {
    yield bytes
  }
  const { root } = await from.addFile(source(), { signal: never })
  await from.publish({ type: 'collection', at: 1, root, name: 'a', count: 1, bytes: size } as Payload)
  await to.fetchBlob(root, { signal: never })
  const { bytesReceived = 0 } = (await to.direct.stats(from.identity)) ?? {}
  return bytesReceived
}

test.skipIf(!hasCoturn || rtc === null || host === undefined)(
  `[R22] [R24] [R25] through a hub where nothing else goes, over a relay for packets, then straight${why}${orNoAddress}`,
  { timeout: 90_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'effigy-direct-'))
    await using undo = new AsyncDisposableStack()
    undo.defer(() => rmSync(folder, { recursive: true, force: true }))
    const coturn = undo.use(await startCoturn({ host: host ?? '' }))
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
    alice.direct.setHidesAddress(true)
    for (const peer of [alice, bob]) {
      await peer.connect(address).ready(never)
      const box = encodeBase64url(peer.boxKey)
      await peer.publish({
        ...{ type: 'identification', at: 1, name: '', about: '', avatar: null, hubs: [], box },
      } as unknown as Payload)
    }
    await alice.relate('follow', bob.identity, true)
    await bob.relate('follow', alice.identity, true)
    alice.direct.seek(bob.identity)
    await until(() => via(alice, bob)?.type === 'relay' && via(alice, bob)?.why === 'no-turn')
    expect(await share(bob, alice, 1_000_000)).toBe(0)

    hub.serve({
      name: 'turn',
      isFor: () => true,
      methods: {
        async servers() {
          const { user, password } = turnName(testSecret, Date.now() + 600_000, 'x')
          return ok({ value: { urls: coturn.settings.turnUrls, user, password, seconds: 600 } })
        },
      },
    })
    await expect.poll(() => alice.turn.iceServers(never), { timeout: 10_000 }).not.toEqual([])
    alice.direct.retry()
    await until(() => via(alice, bob)?.type === 'turn' && via(bob, alice)?.type === 'turn')
    expect(via(alice, bob)?.why).toBe('hidden')
    expect(await share(bob, alice, 1_000_000)).toBeGreaterThan(1_000_000)

    alice.direct.setHidesAddress(false)
    await alice.disconnect('done', bob.identity)
    alice.direct.retry()
    await until(() => via(alice, bob)?.type === 'direct' && via(bob, alice)?.type === 'direct')
    expect(await share(bob, alice, 4_000_000)).toBeGreaterThan(4_000_000)
    expect(hub.store.wantedBlobs(10)).toEqual([])
  },
)

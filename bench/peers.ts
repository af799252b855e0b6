/**
 * Peers for benchmarks: a source that serves over a loopback WebSocket, and a receiver of one's own.
 *
 * @module
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createNodeCrypto } from '@effigy/crypto/node'
import { acceptWebSockets, dialWebSocket } from '@effigy/links/node'
import { createPeer, type Peer, type PeerDeps } from '@effigy/peer'
import type { Store } from '@effigy/store'
import { openNodeStore } from '@effigy/store/node'
import { type Link, silentLog, systemClock } from '@effigy/sync'

export interface BenchPeer extends AsyncDisposable {
  readonly peer: Peer
  readonly store: Store
  /** Bytes of all frames received, and of those sent, on the connections it dialled. */
  readonly receivedBytes: number
  readonly sentBytes: number
}

/** A peer with a new key over the store in `folder`. */
export async function openBenchPeer(folder: string, options: Partial<PeerDeps> = {}): Promise<BenchPeer> {
  const crypto = createNodeCrypto()
  const store = openNodeStore(folder, { sha256: crypto.sha256, now: systemClock.now })
  let receivedBytes = 0
  let sentBytes = 0
  const dial = async (address: string, signal: AbortSignal): Promise<Link> => {
    const link = await dialWebSocket(address, { clock: systemClock, signal })
    async function* receive(): AsyncGenerator<Uint8Array> {
      for await (const frame of link.receive()) {
        receivedBytes += frame.length
        yield frame
      }
    }
    const send = (frame: Uint8Array): void => {
      sentBytes += frame.length
      link.send(frame)
    }
    // The link's own getters and methods must keep their `this`.
    return new Proxy(link, {
      get(target, key) {
        if (key === 'receive') return receive
        if (key === 'send') return send
        const value: unknown = Reflect.get(target, key, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  const peer = await createPeer({
    store,
    crypto,
    signer: await crypto.signer(crypto.randomBytes(32)),
    boxKey: await crypto.agreementKey(crypto.randomBytes(32)),
    clock: systemClock,
    random: crypto.randomBytes,
    log: silentLog,
    dial,
    ...options,
  })
  return {
    peer,
    store,
    get receivedBytes() {
      return receivedBytes
    },
    get sentBytes() {
      return sentBytes
    },
    async [Symbol.asyncDispose]() {
      await peer[Symbol.asyncDispose]()
      store[Symbol.dispose]()
    },
  }
}

/** Of its own: an address without one is completed with that of a hub. */
const path = '/bench'

/** Serves a peer on a free loopback port; gives its address. */
export async function listen(peer: Peer): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer()
  const stop = new AbortController()
  acceptWebSockets(server, {
    path,
    maxConnections: 100,
    maxPerAddress: 100,
    clock: systemClock,
    onLink: (link) => void peer.accept(link),
    signal: stop.signal,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `ws://127.0.0.1:${port}${path}`,
    async close() {
      stop.abort()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

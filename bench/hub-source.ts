/**
 * A process of its own: a hub that signals, and a bare WebSocket that echoes, or hands on: what comes from `/from/1` goes to
 * `/to/1`, and is answered. Tells its CPU seconds when asked.
 *
 * @module
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { cpuSeconds } from './figure.ts'
import { listen, openBenchPeer } from './peers.ts'

/** What a hub allows one session is far below what a benchmark asks of a few. */
const unbounded = { framesPerSecond: 1e9, frameBurst: 1e9 }

const [folder = ''] = process.argv.slice(2)
const hub = await openBenchPeer(folder, {
  kind: 'hub',
  limits: unbounded,
  signalling: { carries: () => true, limits: { messagesPerSecond: 1e9, messageBurst: 1e9 } },
})
const { address } = await listen(hub.peer)
const bare = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
/** About as long as the header by which a hub answers. */
const answer = new Uint8Array(64)
const receivers = new Map<string, WebSocket>()
bare.on('connection', (socket, { url = '/' }) => {
  const [, way, name = ''] = url.split('/')
  if (way === 'to') receivers.set(name, socket)
  socket.on('message', (data, isBinary) => {
    if (way === 'from') {
      receivers.get(name)?.send(data, { binary: isBinary })
      socket.send(answer)
    } else {
      socket.send(data, { binary: isBinary })
    }
  })
})
await once(bare, 'listening')
process.on('message', () => process.send?.(cpuSeconds()))
process.on('disconnect', () => process.exit(0))
process.send?.({ address, bare: `ws://127.0.0.1:${(bare.address() as AddressInfo).port}` })

/**
 * A process of its own: a hub that signals, and a bare WebSocket that echoes. Tells its CPU seconds when asked.
 *
 * @module
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
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
bare.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
})
await once(bare, 'listening')
process.on('message', () => process.send?.(cpuSeconds()))
process.on('disconnect', () => process.exit(0))
process.send?.({ address, bare: `ws://127.0.0.1:${(bare.address() as AddressInfo).port}` })

/**
 * A process of its own: a WebSocket server that does nothing but say back what it hears, for what of a session's price is the
 * transport's (hub-sessions.bench.ts).
 *
 *     'ready' port      'usage' ─▶ seconds of processor time      a lost parent: gone
 *
 * @module
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { httpServerLimits } from '@effigy/links/node'
import { WebSocketServer } from 'ws'
import { cpuSeconds } from './figure.ts'

const server = createServer(httpServerLimits)
const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false })
sockets.on('connection', (socket) => {
  socket.on('message', (data) => socket.send(data))
  socket.on('error', () => {})
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('message', () => process.send?.(cpuSeconds()))
process.on('disconnect', () => process.exit(0))

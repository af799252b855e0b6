/**
 * A process of its own: a WebSocket server that does nothing but say back what it hears, for what of a session's price is the
 * transport's (hub-sessions.bench.ts).
 *
 *     'ready' port      'usage' ─▶ seconds of processor time      'memory' ─▶ bytes      a lost parent: gone
 *
 * `net` as its argument: a TCP server that does no more, for what of a session's memory is the system's and Node's (bare-idle.ts).
 *
 * @module
 */
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { httpServerLimits } from '@effigy/links/node'
import { WebSocketServer } from 'ws'
import { cpuSeconds } from './figure.ts'

const server = process.argv[2] === 'net' ? echoOverTcp() : echoOverWebSockets()

function echoOverTcp(): Server {
  return createTcpServer((socket) => {
    socket.on('data', (data) => socket.write(data))
    socket.on('error', () => {})
  })
}

function echoOverWebSockets(): Server {
  const http = createServer(httpServerLimits)
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false, clientTracking: false })
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(data))
    socket.on('error', () => {})
  })
  return http
}

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('message', (asked) =>
  process.send?.(asked === 'memory' ? process.memoryUsage().rss : cpuSeconds()),
)
process.on('disconnect', () => process.exit(0))

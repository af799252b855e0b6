/**
 * The server side: upgrades on one path of an HTTP server become links (T16).
 *
 *     upgrade ─path? room? room for this address?▶ ws ─▶ link ─▶ onLink
 *
 * A socket that answers no ping is cut, so that half-open connections cost their
 * place for a minute at most. Who is at the other end the session finds out.
 *
 * @module
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock, Link } from '@effigy/sync'
import { WebSocketServer } from 'ws'
import { type WebSocketLink, webSocketLimits, webSocketLink } from './ws-link.ts'

export interface AcceptOptions {
  /** `/effigy`, say; upgrades elsewhere are left to other listeners, or refused where there is none. */
  readonly path: string
  /** Open sockets at once, in all. */
  readonly maxConnections: number
  /** Open sockets at once from one IPv4 address or one IPv6 /64. */
  readonly maxPerAddress: number
  readonly clock: Clock
  /** Owns the link: opens a session on it within the time for handshakes, or closes it. */
  onLink(link: Link): void
  /** Stops accepting and closes what is open. */
  readonly signal: AbortSignal
  /** Behind a proxy: the address that it vouches for. Default: the socket's. */
  addressOf?(request: IncomingMessage): string
}

export interface Acceptor {
  /** Open sockets. */
  readonly connections: number
  /** Refused for want of room since the start. */
  readonly refused: number
}

/** For `http.createServer`: who sends no request, or a slow one, is cut. Ms and bytes. */
export const httpServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 8 * 1024,
} as const

/** Ms between two pings of a socket: below the 60 s after which many proxies cut idle ones. */
const pingMs = 30_000

export function acceptWebSockets(server: Server, options: AcceptOptions): Acceptor {
  const { clock, signal, onLink } = options
  const addressOf = options.addressOf ?? ((request) => request.socket.remoteAddress ?? '')
  const upgrades = new WebSocketServer({ ...webSocketLimits, noServer: true, clientTracking: false })
  const links = new Map<WebSocketLink, () => void>()
  const countsByAddress = new Map<string, number>()
  let refused = 0
  let sweep: Disposable | null = null

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.url?.split('?', 1)[0] !== options.path) {
      if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found')
      return
    }
    const address = addressKey(addressOf(request))
    const count = countsByAddress.get(address) ?? 0
    if (links.size >= options.maxConnections || count >= options.maxPerAddress) {
      refused++
      refuse(socket, '503 Service Unavailable')
      return
    }
    upgrades.handleUpgrade(request, socket, head, (opened) => {
      const link = webSocketLink(opened, socket)
      countsByAddress.set(address, (countsByAddress.get(address) ?? 0) + 1)
      links.set(link, () => opened.terminate())
      opened.once('close', () => {
        links.delete(link)
        const left = (countsByAddress.get(address) ?? 1) - 1
        if (left > 0) countsByAddress.set(address, left)
        else countsByAddress.delete(address)
      })
      onLink(link)
    })
  }

  function sweepLater(): void {
    sweep = clock.after(pingMs, () => {
      for (const [link, terminate] of links) if (!link.checkAlive()) terminate()
      sweepLater()
    })
  }

  function stop(): void {
    server.off('upgrade', upgrade)
    sweep?.[Symbol.dispose]()
    for (const link of links.keys()) link.close('stopping')
  }

  signal.throwIfAborted()
  server.on('upgrade', upgrade)
  sweepLater()
  signal.addEventListener('abort', stop, { once: true })

  return {
    get connections() {
      return links.size
    },
    get refused() {
      return refused
    },
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {})
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}

/** Whoever has one IPv6 address has its /64 too. */
export function addressKey(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7)
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? []
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  while (tail !== undefined && groups.length + rest.length < 8) groups.push('0')
  return [...groups, ...rest]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

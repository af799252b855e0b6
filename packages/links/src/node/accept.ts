/**
 * The server side: upgrades on one path of an HTTP server become links (T16).
 *
 *     connection ─▶ waits (waiting.ts) ─upgrade: path? room? room for this address?▶ ws ─▶ link ─▶ onLink
 *
 * A socket that answers no ping is cut, so that a lost one costs its place for a minute at most. Who is at the
 * other end the session finds out; where there is no room, the oldest that has not come so far makes it, so that
 * nobody is kept out by sockets that only stand there.
 *
 * @module
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Clock, Link } from '@effigy/sync'
import { WebSocketServer } from 'ws'
import { limitWaiting } from './waiting.ts'
import {
  type LinkWatch,
  type Traffic,
  type WebSocketLink,
  webSocketLimits,
  webSocketLink,
} from './ws-link.ts'

export interface AcceptOptions {
  /** `/effigy`, say; upgrades elsewhere are left to other listeners, or refused where there is none. */
  readonly path: string
  /** Open sockets at once, in all. */
  readonly maxConnections: number
  /** Open sockets at once from one IPv4 address or one IPv6 /64. */
  readonly maxPerAddress: number
  /** Connections of the server that are no WebSockets, or not yet; one more cuts the oldest. 1,024 when omitted. */
  readonly maxWaiting?: number
  readonly clock: Clock
  /** Owns the link: opens a session on it within the time for handshakes, or closes it. */
  onLink(link: Link): void
  /** Stops accepting and closes what is open. */
  readonly signal: AbortSignal
  /** Why nobody is taken now, a word of at most 32 of `a`-`z` and `-`, or null; asked for each upgrade, and told with the refusal. */
  refusal?(): string | null
  /** Behind a proxy: the address that it vouches for. Default: the socket's. */
  addressOf?(request: IncomingMessage): string
}

export interface Acceptor {
  /** Open sockets. */
  readonly connections: number
  /** Refused since the start, of all reasons. */
  readonly refused: number
  /** The same by their reason: `full`, `address-full`, and what `refusal` said. */
  readonly refusedBy: ReadonlyMap<string, number>
  /** Cut before their handshake was over, to make room. */
  readonly displaced: number
  /** Of all sockets since the start, those that are gone included. */
  readonly traffic: Readonly<Traffic>
  /** Bytes that wait to leave, of all open sockets; each is asked. */
  unsentBytes(): number
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

/** In as many turns all are pinged, a part in each: ten thousand pings are half a second of a core. */
const pingParts = 30

/** Of an open socket. */
interface Place {
  /** That it came from. */
  readonly address: string
  /** When it is pinged. */
  readonly part: number
}

/** An honest client sends its request in the packet after the first; this many may come in that time. */
const usualWaiting = 1_024

/** `server` may be one of `node:https`. */
export function acceptWebSockets(server: Server | SecureServer, options: AcceptOptions): Acceptor {
  const { clock, signal, onLink } = options
  const addressOf = options.addressOf ?? ((request) => request.socket.remoteAddress ?? '')
  const upgrades = new WebSocketServer({ ...webSocketLimits, noServer: true, clientTracking: false })
  const waiting = limitWaiting(server, options.maxWaiting ?? usualWaiting)
  const places = new Map<WebSocketLink, Place>()
  const countsByAddress = new Map<string, number>()
  /** In their handshake, the oldest first. */
  const halfOpen = new Set<WebSocketLink>()
  const refusedBy = new Map<string, number>()
  const traffic: Traffic = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 }
  let displaced = 0
  let opened = 0
  let part = 0
  let sweep: Disposable | null = null
  const watch: LinkWatch = {
    confined(link, isConfined) {
      if (isConfined && places.has(link)) halfOpen.add(link)
      else halfOpen.delete(link)
    },
    closed: leave,
    traffic,
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.url?.split('?', 1)[0] !== options.path) {
      if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found')
      return
    }
    const address = addressKey(addressOf(request))
    const reason = options.refusal?.() ?? makeRoom(address)
    if (reason !== null) {
      refusedBy.set(reason, (refusedBy.get(reason) ?? 0) + 1)
      refuse(socket, '503 Service Unavailable', reason)
      return
    }
    upgrades.handleUpgrade(request, socket, head, (upgraded) => {
      waiting.release(socket)
      const link = webSocketLink(upgraded, socket, watch)
      countsByAddress.set(address, (countsByAddress.get(address) ?? 0) + 1)
      places.set(link, { address, part: opened++ % pingParts })
      onLink(link)
    })
  }

  /** Null: there is room for one more, which one in its handshake may have made. */
  function makeRoom(address: string): 'full' | 'address-full' | null {
    if ((countsByAddress.get(address) ?? 0) >= options.maxPerAddress) {
      return displace(address) ? null : 'address-full'
    }
    return places.size < options.maxConnections || displace(null) ? null : 'full'
  }

  /** Cuts the oldest that is in its handshake, from `address` if given. */
  function displace(address: string | null): boolean {
    for (const link of halfOpen) {
      const place = places.get(link)
      if (place === undefined || (address !== null && place.address !== address)) continue
      leave(link)
      link.terminate()
      displaced++
      return true
    }
    return false
  }

  function leave(link: WebSocketLink): void {
    const address = places.get(link)?.address
    if (address === undefined) return
    places.delete(link)
    halfOpen.delete(link)
    const left = (countsByAddress.get(address) ?? 1) - 1
    if (left > 0) countsByAddress.set(address, left)
    else countsByAddress.delete(address)
  }

  function sweepLater(): void {
    sweep = clock.after(pingMs / pingParts, () => {
      for (const [link, place] of places) {
        if (place.part === part && !link.checkAlive()) link.terminate()
      }
      part = (part + 1) % pingParts
      sweepLater()
    })
  }

  function stop(): void {
    server.off('upgrade', upgrade)
    sweep?.[Symbol.dispose]()
    waiting[Symbol.dispose]()
    for (const link of places.keys()) link.close('stopping')
  }

  signal.throwIfAborted()
  server.on('upgrade', upgrade)
  sweepLater()
  signal.addEventListener('abort', stop, { once: true })

  return {
    get connections() {
      return places.size
    },
    get refused() {
      return sum(refusedBy.values())
    },
    refusedBy,
    get displaced() {
      return displaced
    },
    traffic,
    unsentBytes: () => sum(Array.from(places.keys(), (link) => link.bufferedBytes)),
  }
}

function sum(counts: Iterable<number>): number {
  let total = 0
  for (const count of counts) total += count
  return total
}

/** Seconds after which it is worth another try; clients of ours have a pause of their own. */
const retryAfterSeconds = 5

/** `reason`: none for what will not change. */
function refuse(socket: Duplex, status: string, reason?: string): void {
  const body = reason === undefined ? '' : `${JSON.stringify({ error: reason })}\n`
  const retry =
    reason === undefined ? '' : `Content-Type: application/json\r\nRetry-After: ${retryAfterSeconds}\r\n`
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\n${retry}Content-Length: ${body.length}\r\n\r\n`
  socket.on('error', () => {})
  socket.end(head + body, () => socket.destroy())
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

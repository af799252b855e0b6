/**
 * Being found by another device for as long as a command runs: a WebSocket on this machine's own addresses.
 *
 *     [ADDRESS:]PORT ─listen▶ ws://192.168.1.7:4711/effigy/1 … ─links▶ peer.accept
 *
 * @module
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { isIP } from 'node:net'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { acceptWebSockets, httpServerLimits } from '@effigy/links/node'
import type { Clock, Link } from '@effigy/sync'
import { failure } from './failure.ts'

export interface ListenPlace {
  /** Null: every address of this machine. */
  readonly host: string | null
  /** 0: any that is free. */
  readonly port: number
}

export interface Listening extends AsyncDisposable {
  /** `ws:` addresses at which this machine can be found, best first, four at most. */
  readonly urls: readonly string[]
  readonly port: number
}

const path = '/effigy/1'

/** A code has room for so many. */
const maxUrls = 4

/** Own devices and those who try; nobody needs more of a command that runs for minutes. */
const maxConnections = 32

/** `[address:]port`; null when it is none. */
export function parseListenPlace(typed: string): ListenPlace | null {
  const [, host = '', digits = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(typed) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65_535) return null
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  if (bare === '') return { host: null, port }
  return isIP(bare) === 0 && bare !== 'localhost' ? null : { host: bare, port }
}

/** Until disposed. Throws `cannot-listen`. `onLink` owns its link. */
export async function listen(
  { host, port }: ListenPlace,
  { clock, onLink }: { readonly clock: Clock; readonly onLink: (link: Link) => void },
): Promise<Listening> {
  const stop = new AbortController()
  const server = createServer(httpServerLimits, (_request, response) => {
    response.writeHead(404, { connection: 'close' }).end()
  })
  server.maxConnections = 2 * maxConnections
  acceptWebSockets(server, {
    path,
    maxConnections,
    maxPerAddress: maxConnections,
    maxWaiting: maxConnections,
    clock,
    onLink,
    signal: stop.signal,
  })
  try {
    server.listen(port, host ?? undefined)
    await once(server, 'listening')
  } catch (cause) {
    stop.abort()
    if (cause instanceof Error && 'syscall' in cause) throw failure('cannot-listen', `${host ?? ''}:${port}`)
    throw cause
  }
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  const hosts = host === null || host === '0.0.0.0' || host === '::' ? ownAddresses() : [host]
  return {
    port: bound,
    urls: hosts
      .slice(0, maxUrls)
      .map((one) => `ws://${one.includes(':') ? `[${one}]` : one}:${bound}${path}`),
    async [Symbol.asyncDispose]() {
      stop.abort()
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Those of networks first, IPv4 before IPv6; this machine alone where it is in none. */
function ownAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const rank = ({ internal, family }: NetworkInterfaceInfo): number =>
    (internal ? 2 : 0) + (family === 'IPv4' ? 0 : 1)
  const usable = all.filter(({ address }) => !address.toLowerCase().startsWith('fe80:'))
  const sorted = usable.sort((a, b) => rank(a) - rank(b))
  const outside = sorted.filter(({ internal }) => !internal)
  return (outside.length > 0 ? outside : sorted).map(({ address }) => address)
}

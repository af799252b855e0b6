/**
 * The HTTP server: small requests, soon, or none (T16).
 *
 *     socket ─room? headers in time?▶ answer(…) ─▶ send       upgrades go to @effigy/links
 *
 * @module
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { EffigyError } from '@effigy/core'
import { httpServerLimits } from '@effigy/links/node'
import type { Clock, Log } from '@effigy/sync'
import type { Places } from '../operating/headroom.ts'
import type { Certificate } from '../operating/tls/certificate.ts'
import { type Answer, json, send } from './answer.ts'
import { type Asked, readRequest } from './asked.ts'
import { createBodyReader } from './body.ts'
import { createUnsent } from './unsent.ts'

/** Connections that are no WebSockets, or not yet: probes and the page are answered when those are full. */
export const usualWaiting = 1_024

/** Requests over one connection, so that none is kept for ever. */
const maxRequestsPerSocket = 100

/** Ms without a byte in either direction: who does not read its answer is cut. Upgraded sockets have their own rule. */
const idleMs = 30_000

/** Ms that closing sockets get before they are cut. */
const closingMs = 1_000

const minVersion = 'TLSv1.2'

/** Ms from an open socket to TLS. */
const handshakeMs = 10_000

export interface HttpServer {
  readonly server: Server | SecureServer
  /** Connections from now on have it; those that stand go on. Nothing where it is not secure. */
  use(certificate: Pick<Certificate, 'cert' | 'key'>): void
  /** Takes no new connection; those without a request go. */
  refuse(): void
  /** Waits for what is left, then cuts it. */
  close(): Promise<void>
}

export interface ListenerDeps {
  readonly answer: (asked: Asked) => Answer | Promise<Answer>
  readonly trustProxy: boolean
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
}

/**
 * What a server does with each request. While one is being answered, its socket has no other: who sends many at once without
 * waiting is cut, so that no more are open than there are sockets (T16). What is answered at once may come so.
 */
export function createListener({ answer: answerTo, trustProxy, clock, log }: ListenerDeps): RequestListener {
  const readBody = createBodyReader({ clock })
  const answering = new WeakSet<Socket>()
  const unsent = createUnsent(clock)

  /** A mistake of ours costs one answer, not everybody's connection. */
  function failed(error: unknown): Answer {
    log.warn('http.failed', { error: error instanceof EffigyError ? error.code : String(error) })
    return json(500, { error: 'internal' })
  }

  return (request, response) => {
    const { socket } = request
    // What was read of a socket before it was cut still comes.
    if (answering.has(socket) || socket.destroyed) return void socket.destroy()
    let isRead = false
    const asked = readRequest(request, trustProxy, async (...body) => {
      const read = await readBody(...body)
      isRead = read.ok || read.error.code === 'not-json'
      return read
    })
    const finish = (answer: Answer): void => {
      answering.delete(socket)
      // Who has gone meanwhile hears nothing.
      if (response.destroyed) return
      const { bytes, done } = send(request, response, answer, isRead)
      unsent.hold(response, socket, asked.address, bytes)
      if (done === null) return
      answering.add(socket)
      void done.then(() => answering.delete(socket))
    }
    let answer: Answer | Promise<Answer>
    try {
      answer = answerTo(asked)
    } catch (error) {
      answer = failed(error)
    }
    if (!(answer instanceof Promise)) return finish(answer)
    answering.add(socket)
    void answer.catch(failed).then(finish)
  }
}

export interface HttpServerDeps extends ListenerDeps {
  readonly places: Places
  /** Speaks TLS alone; before the first certificate nobody gets in. */
  readonly isSecure: boolean
  readonly clock: Clock
}

export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const { clock } = deps
  const sockets = new Set<Socket>()
  const listener = createListener(deps)
  const secure = deps.isSecure
    ? createSecureServer({ ...httpServerLimits, handshakeTimeout: handshakeMs, minVersion }, listener)
    : null
  const server = secure ?? createServer(httpServerLimits, listener)
  server.maxRequestsPerSocket = maxRequestsPerSocket
  // Those that were cut for a newer one have not gone yet.
  server.maxConnections = deps.places.connections + 2 * deps.places.waiting
  server.timeout = idleMs
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', gone)
  })

  /** One function for all sockets: those that were upgraded keep it for hours. */
  function gone(this: Socket): void {
    sockets.delete(this)
  }

  return {
    server,
    use: ({ cert, key }) => secure?.setSecureContext({ cert, key, minVersion }),
    refuse() {
      server.close()
      server.closeIdleConnections()
    },
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>()
      if (sockets.size === 0) return
      for (const socket of sockets) socket.once('close', () => sockets.size === 0 && resolve())
      server.closeAllConnections()
      using _timer = clock.after(closingMs, () => {
        for (const socket of sockets) socket.destroy()
      })
      await promise
    },
  }
}

/** Resolves with the port. Rejects with the system's error: in use, not allowed, no such address. */
export async function listen(
  { server }: HttpServer,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ host, port }, resolve)
  await promise
  server.off('error', reject)
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

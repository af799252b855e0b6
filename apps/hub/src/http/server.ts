/**
 * The HTTP server: small requests, soon, or none (T16).
 *
 *     socket ─room? headers in time?▶ answer(…) ─▶ send       upgrades go to @effigy/links
 *
 * @module
 */
import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { httpServerLimits } from '@effigy/links/node'
import type { Clock, Log } from '@effigy/sync'
import { type Answer, json, send } from './answer.ts'
import type { Asked } from './routes.ts'

/** Connections that are no WebSockets, or not yet: probes and the page are answered when those are full. */
export const maxWaiting = 1_024

/** Connections that were cut for a newer one, and have not gone yet. */
const leaving = 1_024

/** Requests over one connection, so that none is kept for ever. */
const maxRequestsPerSocket = 100

/** Ms without a byte in either direction: who does not read its answer is cut. Upgraded sockets have their own rule. */
const idleMs = 30_000

/** Ms that closing sockets get before they are cut. */
const closingMs = 1_000

export interface HttpServer {
  readonly server: Server
  /** Takes no new connection; those without a request go. */
  refuse(): void
  /** Waits for what is left, then cuts it. */
  close(): Promise<void>
}

export function createHttpServer(deps: {
  readonly answer: (asked: Asked) => Answer
  readonly maxConnections: number
  readonly clock: Clock
  readonly log: Log
}): HttpServer {
  const { clock, log } = deps
  const sockets = new Set<Socket>()
  const server = createServer(httpServerLimits, (request, response) => {
    const { method = '', url: target = '', headers } = request
    let answer: Answer
    try {
      answer = deps.answer({ method, target, headers })
    } catch (error) {
      // A mistake of ours costs one answer, not everybody's connection.
      log.warn('http.failed', { error: String(error) })
      answer = json(500, { error: 'internal' })
    }
    send(request, response, answer)
  })
  server.maxRequestsPerSocket = maxRequestsPerSocket
  server.maxConnections = deps.maxConnections + maxWaiting + leaving
  server.timeout = idleMs
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  return {
    server,
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

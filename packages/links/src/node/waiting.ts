/**
 * Connections of an HTTP server that have not become WebSockets: so many, and the oldest goes for one more (T16).
 *
 *     connection ─▶ waits ─┬─ upgraded: released
 *                          └─ one more than the bound: the oldest is cut
 *
 * Refusing the newest instead would let those who say nothing keep everybody out.
 *
 * @module
 */
import type { Server } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'

export interface Waiting extends Disposable {
  /** It has become something else, and is no longer counted. */
  release(socket: Duplex): void
}

export function limitWaiting(server: Server | SecureServer, max: number): Waiting {
  const sockets = new Set<Duplex>()
  /** With TLS: who is about to secure which socket. What becomes something else is the secured one. */
  const securing = new Map<string, Socket>()
  const plainOf = new WeakMap<Duplex, Socket>()

  function take(socket: Socket): void {
    const [oldest] = sockets
    if (sockets.size >= max && oldest !== undefined) {
      sockets.delete(oldest)
      oldest.destroy()
    }
    sockets.add(socket)
    if (isSecure) secureLater(socket)
    socket.on('close', gone)
  }

  /** One function for all sockets: it stays with them for as long as they are open. */
  function gone(this: Socket): void {
    sockets.delete(this)
  }

  function secureLater(socket: Socket): void {
    const remote = remoteOf(socket)
    securing.set(remote, socket)
    socket.once('close', () => {
      if (securing.get(remote) === socket) securing.delete(remote)
    })
  }

  function secured(socket: TLSSocket): void {
    const remote = remoteOf(socket)
    const plain = securing.get(remote)
    securing.delete(remote)
    if (plain !== undefined) plainOf.set(socket, plain)
  }

  const isSecure = 'setSecureContext' in server
  server.on('connection', take)
  if (isSecure) server.on('secureConnection', secured)
  return {
    release: (socket) => void sockets.delete(plainOf.get(socket) ?? socket),
    [Symbol.dispose]() {
      server.off('connection', take)
      if (isSecure) server.off('secureConnection', secured)
    },
  }
}

/** Of the open sockets of one server no two have the same. */
function remoteOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}

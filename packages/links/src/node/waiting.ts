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
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface Waiting extends Disposable {
  /** It has become something else, and is no longer counted. */
  release(socket: Duplex): void
}

export function limitWaiting(server: Server, max: number): Waiting {
  const sockets = new Set<Duplex>()

  function take(socket: Socket): void {
    const [oldest] = sockets
    if (sockets.size >= max && oldest !== undefined) {
      sockets.delete(oldest)
      oldest.destroy()
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }

  server.on('connection', take)
  return {
    release: (socket) => void sockets.delete(socket),
    [Symbol.dispose]: () => void server.off('connection', take),
  }
}

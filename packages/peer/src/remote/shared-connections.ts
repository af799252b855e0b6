/**
 * Connections that several pages asked for, each kept once (spec O9): every tab of an app asks for its hubs.
 *
 *     connect(a) of tab 1, connect(a) of tab 2 ─▶ one connection ─the last of them lets go▶ closed
 *
 * @module
 */
import type { Connection, Peer } from '../peer.ts'

interface Shared {
  readonly connection: Connection
  holders: number
}

/** As `connect` of the peer. */
export function shareConnections(connect: Peer['connect']): Peer['connect'] {
  const shared = new Map<string, Shared>()

  return (address, options = {}) => {
    const key = JSON.stringify([address, options.expect ?? null, options.chosen ?? true])
    const one = shared.get(key) ?? { connection: connect(address, options), holders: 0 }
    shared.set(key, one)
    one.holders++
    const { connection } = one
    let isHeld = true
    return {
      address: connection.address,
      get state() {
        return connection.state
      },
      ready: (signal) => connection.ready(signal),
      retry: () => connection.retry(),
      async [Symbol.asyncDispose]() {
        if (!isHeld) return
        isHeld = false
        if (--one.holders > 0) return
        shared.delete(key)
        await connection[Symbol.asyncDispose]()
      },
    }
  }
}

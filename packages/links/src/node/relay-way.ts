/**
 * The one way out of a connection that may use relays alone (T20).
 *
 *     libjuice, bound to 127.0.0.1 ─▶ our port there ─▶ our socket ─▶ the TURN server, and nobody else
 *
 * libdatachannel's own policy only keeps other candidates to itself: it still sends its checks to whatever address the
 * other side calls a relay, from the machine's own one. Bound to the loopback it reaches nobody; what it sends to the
 * server goes through here.
 *
 * @module
 */
import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIPv6 } from 'node:net'

export interface RelayWay extends Disposable {
  /** On 127.0.0.1. */
  readonly port: number
}

/** Null: the server has no address. */
export async function openRelayWay(host: string, port: number): Promise<RelayWay | null> {
  const address = await lookup(host).then(
    (found) => found.address,
    () => null,
  )
  if (address === null) return null
  const inside = createSocket('udp4')
  const outside = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  const way: Disposable = {
    [Symbol.dispose]() {
      inside.close()
      outside.close()
    },
  }
  try {
    await Promise.all([bind(inside, '127.0.0.1'), connect(outside, address, port)])
  } catch {
    way[Symbol.dispose]()
    return null
  }
  // What cannot be sent now is lost, as on any way of packets.
  for (const socket of [inside, outside]) socket.on('error', () => {})
  /** The first who speaks: others on this machine have no business here. */
  let client: number | null = null
  inside.on('message', (packet, { port: from }) => {
    client ??= from
    if (from === client) outside.send(packet, () => {})
  })
  outside.on('message', (packet) => {
    if (client !== null) inside.send(packet, client, '127.0.0.1', () => {})
  })
  return { ...way, port: inside.address().port }
}

function bind(socket: Socket, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, address, () => {
      socket.off('error', reject)
      resolve()
    })
  })
}

function connect(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.connect(port, address, () => {
      socket.off('error', reject)
      resolve()
    })
  })
}

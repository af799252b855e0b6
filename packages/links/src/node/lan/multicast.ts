/**
 * The UDP socket of mDNS: port 5353, group 224.0.0.251 (RFC 6762). A port, so that tests have a network of their own.
 *
 * @module
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { EffigyError, type Log } from '@effigy/sync'

const group = '224.0.0.251'
const mdnsPort = 5353

export interface Multicast {
  /** `from`: the address that the packet came from. Packets before the first call are lost. */
  receive(take: (packet: Uint8Array, from: string) => void): void
  /** To everybody in the group, oneself included. What cannot leave is lost. */
  send(packet: Uint8Array): void
  /** On the interface with this address of its own; throws what the system says. */
  join(address: string): void
  close(): void
}

/** Throws `EffigyError` 'lan-unavailable' where another program has the port for itself, or nobody may have it. */
export async function openMulticast(log: Log): Promise<Multicast> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  try {
    socket.bind(mdnsPort)
    await once(socket, 'listening')
    socket.setMulticastTTL(255)
    socket.setMulticastLoopback(true)
  } catch (cause) {
    socket.close()
    throw new EffigyError('lan-unavailable', 'the port of mDNS (5353) cannot be used here', { cause })
  }
  let isOpen = true
  let leaving = 0
  const lost = (error: Error): void =>
    log.info('lan.lost', { code: (error as NodeJS.ErrnoException).code ?? 'unknown' })
  socket.on('error', lost)
  return {
    receive(take) {
      socket.on('message', (packet, { address }) => take(packet, address))
    },
    send(packet) {
      if (!isOpen) return
      leaving++
      socket.send(packet, mdnsPort, group, (error) => {
        leaving--
        if (error !== null) lost(error)
        if (!isOpen && leaving === 0) socket.close()
      })
    },
    join: (address) => socket.addMembership(group, address),
    close() {
      if (!isOpen) return
      isOpen = false
      // A good-bye may be on its way.
      if (leaving === 0) socket.close()
    },
  }
}

/**
 * What the library of mDNS gets for a socket: it hears who is near, at a bearable pace, and nothing that makes it throw
 * gets through to the process (spec U5).
 *
 *     network ─near? not too large? not too many?▶ library ─not too many?▶ network
 *
 * @module
 */
import { EventEmitter } from 'node:events'
import { type Clock, createPaces, type Log } from '@effigy/sync'
import type { Multicast } from './multicast.ts'

/** Bytes of one packet (RFC 6762, 17): what fits into the largest frame. */
const maxPacketBytes = 9_000

/** Questions and records of one packet: the library compares each with each. */
const maxRecords = 64

/** Addresses whose pace is remembered. */
export const sendersKept = 256

/** Of one address a second, and at once; a query and its answers are a handful. */
const packetsOfOne = { perSecond: 5, burst: 30 } as const
/** Of everybody. */
const packetsOfAll = { perSecond: 50, burst: 300 } as const
/** Answers to queries, so that who asks a thousand times does not make us shout. */
const packetsOut = { perSecond: 5, burst: 20 } as const

export interface GuardOptions {
  readonly multicast: Multicast
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Log
  /** Whether an address is of a network that this machine is in. */
  isNear(address: string): boolean
}

/** As much of `dgram.Socket` as `multicast-dns` uses; bound already. Emit `listening` when somebody listens. */
export function guardedSocket({ multicast, clock, log, isNear }: GuardOptions): EventEmitter {
  const socket = new EventEmitter()
  const paceOfOne = createPaces({ ...packetsOfOne, kept: sendersKept, clock })
  const paceOfAll = createPaces({ ...packetsOfAll, kept: 1, clock })
  const paceOut = createPaces({ ...packetsOut, kept: 1, clock })

  multicast.receive((packet, from) => {
    if (packet.length > maxPacketBytes || recordsOf(packet) > maxRecords || !isNear(from)) return
    if (paceOfOne(from) > 0 || paceOfAll('') > 0) return
    try {
      socket.emit('message', packet, { address: from, family: 'IPv4', port: 5353, size: packet.length })
    } catch (error) {
      // The library takes packets for what they should be; whoever sends others hears nothing of it.
      log.info('lan.damaged', { error: error instanceof Error ? error.name : 'unknown' })
    }
  })

  return Object.assign(socket, {
    bind(_port: number, _address: unknown, bound: () => void) {
      bound()
    },
    address: () => ({ address: '0.0.0.0', family: 'IPv4', port: 5353 }),
    send(packet: Uint8Array, _at: number, _bytes: number, _port: number, _to: string, sent?: () => void) {
      if (paceOut('') === 0) multicast.send(packet)
      sent?.()
    },
    addMembership: (_group: string, address: string) => multicast.join(address),
    dropMembership() {},
    setMulticastTTL() {},
    setMulticastLoopback() {},
    close(closed?: () => void) {
      multicast.close()
      closed?.()
    },
  })
}

/** As its header counts them, which is what a reader goes by; more than any bound for what is too short for one. */
function recordsOf(packet: Uint8Array): number {
  if (packet.length < 12) return Number.POSITIVE_INFINITY
  const header = new DataView(packet.buffer, packet.byteOffset, 12)
  return header.getUint16(4) + header.getUint16(6) + header.getUint16(8) + header.getUint16(10)
}

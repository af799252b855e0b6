/**
 * A network of mDNS without any: every packet goes to everybody who joined, in a later turn of the loop.
 *
 * @module
 */
import type { Multicast } from '../src/node/lan/multicast.ts'

export interface FakeMulticastNetwork {
  /** A machine with this address. */
  join(address: string): Multicast
  /** A packet of whoever says to be there. */
  inject(packet: Uint8Array, from: string): void
  /** All that was ever sent. */
  readonly packets: Uint8Array[]
}

export function createFakeMulticast(): FakeMulticastNetwork {
  const takers = new Set<(packet: Uint8Array, from: string) => void>()
  const packets: Uint8Array[] = []

  function inject(packet: Uint8Array, from: string): void {
    const copy = Buffer.from(packet)
    setImmediate(() => {
      for (const take of takers) take(copy, from)
    })
  }

  return {
    packets,
    inject,
    join(address) {
      const mine = new Set<(packet: Uint8Array, from: string) => void>()
      return {
        receive(take) {
          mine.add(take)
          takers.add(take)
        },
        send(packet) {
          packets.push(packet)
          inject(packet, address)
        },
        join() {},
        close() {
          for (const take of mine) takers.delete(take)
        },
      }
    },
  }
}

/**
 * Peers in the same network find each other, with nobody's help (spec U).
 *
 *     sign ─announce─▶ mDNS ─▶ the others            others ─▶ mDNS ─browse▶ heard(neighbour)
 *
 * Who a neighbour is, and whether it is dialled, others decide (`@effigy/peer`).
 *
 * @module
 */
import { networkInterfaces } from 'node:os'
import { type Clock, createPaces, type Log } from '@effigy/sync'
import { Bonjour } from 'bonjour-service'
import {
  announcementRecords,
  type DnsRecord,
  type Neighbour,
  readAnnouncement,
  type Sign,
  serviceType,
} from './announcement.ts'
import { guardedSocket, sendersKept } from './guarded-socket.ts'
import type { Multicast } from './multicast.ts'
import { createNearness, type OwnAddress, ownAddresses } from './nearness.ts'

export interface LanOptions {
  /** Disposed with the rest. */
  readonly multicast: Multicast
  readonly clock: Clock
  readonly log: Log
  readonly random: (count: number) => Uint8Array
  /** Asked for each announcement, so that none is like the one before; null: only to hear. */
  readonly sign: (() => Sign) | null
  /** A neighbour says that it is there, oneself included; the same one again and again. Null: only to announce. */
  readonly heard: ((neighbour: Neighbour) => void) | null
  /** The interfaces of this machine; those that the system tells when omitted. */
  readonly addresses?: () => readonly OwnAddress[]
}

/** Ms between two questions, and two looks at the own addresses. */
const roundMs = 60_000
/** Ms after which an announcement is made anew (U2). */
const renewMs = 3_600_000
/** Services of one round that the library may remember; more are not heard before the next. */
const maxServices = 256
/** Announcements a minute that are handed on (U5). */
const handedOfOne = { perSecond: 10 / 60, burst: 10 } as const
const handedOfAll = { perSecond: 1, burst: 60 } as const

/** The part of the library below its own announcing, which would tell host name and addresses of every interface. */
interface Responder {
  readonly server: {
    register(records: readonly DnsRecord[]): void
    unregister(records: readonly DnsRecord[]): void
    readonly mdns: {
      respond(records: readonly DnsRecord[]): void
      on(event: 'error' | 'warning', listener: (error: unknown) => void): void
    }
  }
}

/** Announces and listens until disposed, which says good-bye. */
export function openLan(options: LanOptions): AsyncDisposable {
  const { multicast, clock, log, random, sign, heard } = options
  const addresses = options.addresses ?? (() => ownAddresses(networkInterfaces()))
  const isNear = createNearness(addresses, clock)
  const socket = guardedSocket({ multicast, clock, log, isNear })
  const bonjour = new Bonjour({ socket } as object, () => {})
  const { server } = bonjour as unknown as Responder
  const ofOne = createPaces({ ...handedOfOne, kept: sendersKept, clock })
  const ofAll = createPaces({ ...handedOfAll, kept: 1, clock })
  let announced: readonly DnsRecord[] = []
  let announcedMs = 0
  let announcedFrom = ''
  let browser: ReturnType<typeof bonjour.find> | null = null

  // Without somebody who listens an error would end the process.
  for (const event of ['error', 'warning'] as const) {
    server.mdns.on(event, () => log.info('lan.warning', {}))
  }
  socket.emit('listening')

  function announce(): void {
    if (sign === null) return
    const from = addresses()
      .map(({ address }) => address)
      .sort()
      .join()
    if (from === announcedFrom && clock.monotonic() - announcedMs < renewMs) return
    takeBack()
    if (from === '') return
    announcedFrom = from
    announcedMs = clock.monotonic()
    announced = announcementRecords(Buffer.from(random(8)).toString('hex'), sign())
    server.register(announced)
    server.mdns.respond(announced)
  }

  function takeBack(): void {
    announcedFrom = ''
    if (announced.length === 0) return
    server.unregister(announced)
    server.mdns.respond(announced.map((record) => ({ ...record, ttl: 0 })))
    announced = []
  }

  /** With a new browser: the library forgets no service by itself, and asks again when it begins. */
  function browse(): void {
    browser?.stop()
    if (heard === null) return
    const round = bonjour.find({ type: serviceType }, (service) => {
      if (round.services.length >= maxServices) round.stop()
      const neighbour = readAnnouncement(service)
      const from = service.referer?.address ?? ''
      if (neighbour === null || ofOne(from) > 0 || ofAll('') > 0) return
      heard(neighbour)
    })
    browser = round
  }

  let timer = clock.after(0, turn)
  function turn(): void {
    timer = clock.after(roundMs, turn)
    announce()
    browse()
  }

  return {
    async [Symbol.asyncDispose]() {
      timer[Symbol.dispose]()
      browser?.stop()
      takeBack()
      await new Promise<void>((closed) => bonjour.destroy(() => closed()))
    },
  }
}

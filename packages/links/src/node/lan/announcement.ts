/**
 * What a peer says of itself in its network, and how it is read (spec U1).
 *
 *     { port, tag } ─announcementRecords▶ PTR, SRV, TXT ─mDNS▶ service ─readAnnouncement▶ Neighbour
 *
 * No address is in it: a peer is where its packet came from, so nobody can send others anywhere else.
 *
 * @module
 */
import { isIPv4 } from 'node:net'

/** `_effigy._tcp` */
export const serviceType = 'effigy'

const serviceName = `_${serviceType}._tcp.local`
const path = '/effigy/1'

/** Seconds that others may remember it. */
const lifeSeconds = 120

export interface Sign {
  /** Of the WebSocket, 1,024 to 65,535. */
  readonly port: number
  /** By which those who know this peer recognise it: base64url of 24 bytes. */
  readonly tag: string
}

export interface Neighbour {
  readonly tag: string
  /** `ws://192.168.1.7:7337/effigy/1` */
  readonly url: string
}

/** As `multicast-dns` takes them. */
export interface DnsRecord {
  readonly name: string
  readonly type: 'PTR' | 'SRV' | 'TXT'
  readonly ttl: number
  readonly data: string | { readonly port: number; readonly target: string } | readonly Buffer[]
}

/** `name`: 16 hexadecimal digits by chance. */
export function announcementRecords(name: string, { port, tag }: Sign): readonly DnsRecord[] {
  const whole = `${name}.${serviceName}`
  const ttl = lifeSeconds
  return [
    { name: serviceName, type: 'PTR', ttl, data: whole },
    { name: whole, type: 'SRV', ttl, data: { port, target: `${name}.local` } },
    { name: whole, type: 'TXT', ttl, data: [Buffer.from('v=1'), Buffer.from(`t=${tag}`)] },
  ]
}

/** What the library made of a packet; nothing of it is certain. */
export interface HeardService {
  readonly name?: unknown
  readonly port?: unknown
  readonly txt?: unknown
  readonly referer?: { readonly address?: unknown } | undefined
}

/** Null: none of ours, of another version, or not as it should be. */
export function readAnnouncement(heard: HeardService): Neighbour | null {
  const { name, port, txt, referer } = heard
  if (typeof name !== 'string' || !/^[0-9a-f]{16}$/.test(name)) return null
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1024 || port > 65_535) return null
  const { v, t } = (txt ?? {}) as { readonly v?: unknown; readonly t?: unknown }
  if (v !== '1' || typeof t !== 'string' || !/^[\w-]{32}$/.test(t)) return null
  const address = referer?.address
  if (typeof address !== 'string' || !isIPv4(address)) return null
  return { tag: t, url: `ws://${address}:${port}${path}` }
}

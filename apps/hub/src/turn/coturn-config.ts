/**
 * The configuration of coturn that belongs to the hub's settings (T19).
 *
 *     settings, secret, addresses of this machine ─▶ lines of turnserver.conf
 *
 * Nothing special may be reached through the relay, nor this machine; it gives nothing away of itself.
 *
 * @module
 */
import { err, ok, type Result } from '@effigy/core'
import { type IceUrl, parseIceUrl } from '@effigy/sync'
import { coturnRanges } from './coturn-ranges.ts'
import { contains, formatIp, formatRange, type IpAddress, type IpRange, parseIp } from './ip-range.ts'
import type { TurnSettings } from './options.ts'
import { specialRanges } from './special-ranges.ts'

export interface CoturnSources {
  readonly settings: TurnSettings
  readonly secret: string
  /** Of all interfaces of the machine that coturn runs on. */
  readonly ownAddresses: readonly string[]
}

/** One sentence with what to do. */
export interface CoturnProblem {
  readonly message: string
}

/** How it begins. */
export const coturnMark = '# coturn for an Effigy hub'

/** Seconds: what nobody refreshes ends as soon as the credentials that opened it do. */
const allocationSeconds = 600

/** Those that must be there, and say no more than that. */
export const coturnSwitches: Readonly<Record<string, string>> = {
  'use-auth-secret': 'names and passwords are made by the hub and good for ten minutes',
  fingerprint: 'WebRTC tells its messages from others by it',
  'no-multicast-peers': 'nothing to multicast addresses, as below',
  'no-tcp-relay': 'UDP alone is relayed: no TCP service can be reached',
  'no-cli': 'no console',
  'no-software-attribute': 'does not tell its version',
  'no-dynamic-ip-list': 'no addresses besides those below',
  'no-dynamic-realms': 'no realms from a database',
  'no-rfc5780': 'answers from no other address than it was asked at',
}

/** The addresses of `turnUrls` that are relays. */
export function relayUrls(urls: readonly string[]): readonly IceUrl[] {
  return urls
    .map(parseIceUrl)
    .filter((url) => url !== null)
    .filter(({ scheme }) => scheme === 'turn' || scheme === 'turns')
}

/** This machine's own public addresses, that of the relay left out. */
export function ownRanges({ settings, ownAddresses }: Omit<CoturnSources, 'secret'>): readonly IpRange[] {
  const relay = relayAddresses(settings)
  const isRelay = (own: IpAddress): boolean =>
    relay.some(({ family, value }) => own.family === family && own.value === value)
  return ownAddresses
    .map(parseIp)
    .filter((address) => address !== null)
    .filter((address) => !isRelay(address) && !isSpecial(address))
    .map(({ family, value }) => ({ family, first: value, last: value }))
}

/** Null address: none. */
export function relayAddresses({ turnAddress }: TurnSettings): readonly IpAddress[] {
  if (turnAddress === null) return []
  const { outside, inside } = turnAddress
  const names = outside === inside ? [outside] : [outside, inside]
  return names.map(parseIp).filter((address) => address !== null)
}

/** What is named twice in other words is named once here. */
function isSpecial(address: IpAddress): boolean {
  return specialRanges.some(({ range }) => contains(range, address))
}

export function coturnConfig(sources: CoturnSources): Result<string, CoturnProblem> {
  const { settings, secret } = sources
  const ports = listeningPorts(settings)
  if (!ports.ok) return ports
  const { turnAddress, turnPorts, turnRealm, turnQuota, turnQuotaPerUser } = settings
  const relay = relayAddresses(settings)
  const allowed = relay.filter(isSpecial).map(formatIp)
  const lines = [
    `${coturnMark}, written by "hub turn config". It holds a secret: mode 0600, owned by its user.`,
    '',
    ...ports.value,
    ...addressLines(turnAddress),
    `min-port=${turnPorts.first}`,
    `max-port=${turnPorts.last}`,
    `realm=${turnRealm}`,
    `static-auth-secret=${secret}`,
    `total-quota=${turnQuota}`,
    `user-quota=${turnQuotaPerUser}`,
    'stale-nonce=600',
    `max-allocate-lifetime=${allocationSeconds}`,
    ...Object.entries(coturnSwitches).flatMap(([name, why]) => [`# ${why}`, name]),
    '# its log would name addresses of people: take these two away to look for a fault',
    'no-stdout-log',
    'log-file=/dev/null',
    '',
    '# Nothing special is relayed to: the registries of IANA, and what is embedded in IPv6.',
    '# No range begins with ::, which would be all of IPv4 to coturn.',
    ...specialRanges.flatMap(({ range, name, source }) => [
      `# ${name} (${source})`,
      ...coturnRanges(range).map((written) => `denied-peer-ip=${formatRange(written)}`),
    ]),
    '# This machine itself.',
    ...ownRanges(sources).map((range) => `denied-peer-ip=${formatRange(range)}`),
    ...(allowed.length === 0 ? [] : ['# The relay itself: two who both use it meet there.']),
    ...allowed.map((address) => `allowed-peer-ip=${address}`),
    ...(relay.some(isLoopback) ? ['# For trials on one machine alone.', 'allow-loopback-peers'] : []),
  ]
  return ok(`${lines.join('\n')}\n`)
}

function isLoopback(address: IpAddress): boolean {
  return specialRanges.some(({ range, name }) => name === 'loopback' && contains(range, address))
}

function addressLines(address: TurnSettings['turnAddress']): readonly string[] {
  if (address === null) return []
  const { outside, inside } = address
  return [`relay-ip=${inside}`, ...(outside === inside ? [] : [`external-ip=${outside}/${inside}`])]
}

function listeningPorts(settings: TurnSettings): Result<readonly string[], CoturnProblem> {
  const { turnUrls, turnPorts, turnCertFile, turnKeyFile } = settings
  const urls = relayUrls(turnUrls)
  if (urls.length === 0) {
    return problem('Name the relay first, like --turn-urls "turn:relay.example:3478?transport=udp".')
  }
  const plain = urls.filter(({ scheme }) => scheme === 'turn')
  const secure = urls.filter(({ scheme }) => scheme === 'turns')
  for (const some of [plain, secure]) {
    if (new Set(some.map(({ port }) => port)).size > 1) {
      return problem('One coturn listens at one port for turn: and one for turns:; turnUrls names more.')
    }
  }
  const { first, last } = turnPorts
  const inside = urls.find(({ port }) => first <= port && port <= last)
  if (inside !== undefined) {
    return problem(
      `Port ${inside.port} of turnUrls lies within turnPorts: let them begin above, or end below.`,
    )
  }
  if (secure.length > 0 && (turnCertFile === null || turnKeyFile === null)) {
    return problem('A turns: address needs --turn-cert-file and --turn-key-file.')
  }
  // STUN is asked over UDP.
  const isStun = turnUrls.some((url) => url.startsWith('stun:'))
  const isOver = (transport: IceUrl['transport']): boolean =>
    (isStun && transport === 'udp') || plain.some((url) => url.transport === transport)
  return ok([
    ...(plain[0] === undefined ? ['no-udp', 'no-tcp'] : [`listening-port=${plain[0].port}`]),
    ...(plain.length > 0 && !isOver('udp') ? ['no-udp'] : []),
    ...(plain.length > 0 && !isOver('tcp') ? ['no-tcp'] : []),
    ...(secure[0] === undefined
      ? ['no-tls', 'no-dtls']
      : [
          `tls-listening-port=${secure[0].port}`,
          `cert=${turnCertFile}`,
          `pkey=${turnKeyFile}`,
          'no-tlsv1',
          'no-tlsv1_1',
          ...(secure.some(({ transport }) => transport === 'udp') ? [] : ['no-dtls']),
        ]),
  ])
}

const problem = (message: string): Result<never, CoturnProblem> => err({ message })

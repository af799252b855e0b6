/**
 * Candidates of ICE: what of one may travel, and be handed to the platform (spec M13).
 *
 *     candidate:842163049 1 UDP 16777215 10.0.0.7 50000 typ srflx raddr 192.168.1.4 rport 50000 generation 0 …
 *        ─▶ candidate:842163049 1 udp 16777215 10.0.0.7 50000 typ srflx raddr 0.0.0.0 rport 0
 *
 * UDP alone; an address is IPv4, IPv6 or a name that a browser made up for mDNS: no other name is ever looked up because
 * somebody sent it. What stands behind a candidate (`raddr`) is nobody's business (T20). Whoever names an address of this
 * machine alone, or of its link, would have it knock at its own services: such ones are neither sent nor taken.
 *
 * @module
 */
import type { RtcCandidateKind, RtcPolicy } from './rtc-port.ts'

/** Characters of one line. */
export const maxCandidateLength = 256

/** Of one description, either way: a machine with more ways in uses the first. */
export const maxCandidates = 32

export interface ParsedCandidate {
  readonly kind: RtcCandidateKind
  /** Loopback or link-local: it means another machine wherever it is read. */
  readonly isLocal: boolean
  /** As it may travel. */
  readonly line: string
}

const pattern =
  /^candidate:([A-Za-z0-9+/]{1,32}) 1 udp (\d{1,10}) ([0-9A-Za-z.:-]{2,45}) (\d{1,5}) typ (host|srflx|prflx|relay)(?: |$)/i

/** Null: not one that we use. */
export function parseCandidate(line: string): ParsedCandidate | null {
  if (line.length > maxCandidateLength) return null
  const match = pattern.exec(line)
  if (match === null) return null
  const [, foundation, priority, address = '', port, kindText = ''] = match
  const kind = kindText.toLowerCase() as RtcCandidateKind
  const isSound =
    Number(priority) >= 1 &&
    Number(priority) < 2 ** 32 &&
    Number(port) >= 1 &&
    Number(port) < 65_536 &&
    (isAddress(address) || (kind === 'host' && mdnsName.test(address)))
  if (!isSound) return null
  const base = kind === 'host' ? '' : ' raddr 0.0.0.0 rport 0'
  return {
    kind,
    isLocal: isLocal(address),
    line: `candidate:${foundation} 1 udp ${Number(priority)} ${address.toLowerCase()} ${Number(port)} typ ${kind}${base}`,
  }
}

/** Whether it may leave, and be taken in (T20). */
export function isAllowed(
  { kind, isLocal }: ParsedCandidate,
  { policy, takesLocal = false }: { readonly policy: RtcPolicy; readonly takesLocal?: boolean | undefined },
): boolean {
  return (policy === 'all' || kind === 'relay') && (takesLocal || !isLocal)
}

const mdnsName = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.local$/i

/** Of one machine: neither a group's, nor everybody's, nor nobody's. */
function isAddress(text: string): boolean {
  const octets = readIpv4(text)
  if (octets !== null) return (octets[0] ?? 0) > 0 && (octets[0] ?? 255) < 224
  const groups = readIpv6(text)
  if (groups === null || groups.every((group) => group === 0)) return false
  return (groups[0] ?? 0) >> 8 !== 0xff
}

function isLocal(address: string): boolean {
  const octets = readIpv4(address)
  if (octets !== null) return isLocalIpv4(octets)
  const groups = readIpv6(address) ?? []
  if (groups.length === 0) return false
  const [first = 0] = groups
  if ((first & 0xffc0) === 0xfe80) return true
  // ::1, and IPv4 in the clothes of IPv6.
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && [0, 0xffff].includes(groups[5] ?? 1)
  return isMapped && ((high === 0 && low === 1) || isLocalIpv4([high >> 8, high & 255, low >> 8, low & 255]))
}

const isLocalIpv4 = ([first, second]: readonly number[]): boolean =>
  first === 127 || (first === 169 && second === 254)

function readIpv4(text: string): readonly number[] | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return null
  const octets = parts.map(Number)
  return octets.every((octet) => octet < 256) ? octets : null
}

/** Without dotted ends and zones, which no stack writes. */
function readIpv6(text: string): readonly number[] | null {
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return null
  const groupsOf = (part: string): readonly string[] => (part === '' ? [] : part.split(':'))
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const known = before.length + after.length
  if (tail === undefined ? known !== 8 : known > 7) return null
  const groups = [...before, ...Array.from({ length: 8 - known }, () => '0'), ...after]
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : null
}

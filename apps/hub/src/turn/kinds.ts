/**
 * Kinds of settings that only the relay has.
 *
 * @module
 */
import { parseIceUrl } from '@effigy/sync'
import type { Kind } from '../config/kinds.ts'
import { type IpAddress, parseIp } from './ip-range.ts'

/** WebRTC grows slow above a few. */
const maxUrls = 8

export const iceUrls: Kind<readonly string[]> = {
  allowed:
    'a list of at most 8 addresses like "turn:relay.example:3478?transport=udp" or "stun:relay.example" (between commas in flags and variables)',
  fromText: (text) => (text.trim() === '' ? [] : text.split(',').map((url) => url.trim())),
  accept: (value) => {
    if (!Array.isArray(value) || value.length > maxUrls) return null
    const isRight = value.every((url) => typeof url === 'string' && parseIceUrl(url) !== null)
    return isRight ? { value: [...new Set(value as readonly string[])] } : null
  },
  show: (value) => (value.length === 0 ? 'none' : value.join(', ')),
}

export const realm: Kind<string> = {
  allowed: 'a name of 1 to 127 characters out of a-z, 0-9, dots and dashes',
  fromText: (text) => text,
  accept: (value) =>
    typeof value === 'string' && /^[a-z0-9][a-z0-9.-]{0,126}$/.test(value) ? { value } : null,
  show: (value) => value,
}

export interface PortRange {
  readonly first: number
  readonly last: number
}

export const portRange: Kind<PortRange> = {
  allowed: 'a range of ports from 1024 to 65535, like "49152-65535"',
  fromText: (text) => text,
  accept: (value) => {
    const [, from, to] = typeof value === 'string' ? (/^(\d{4,5})-(\d{4,5})$/.exec(value) ?? []) : []
    const range =
      from !== undefined && to !== undefined ? { first: Number(from), last: Number(to) } : asRange(value)
    if (range === null) return null
    return range.first >= 1024 && range.first <= range.last && range.last <= 65_535 ? { value: range } : null
  },
  show: ({ first, last }) => `${first}-${last}`,
}

function asRange(value: unknown): PortRange | null {
  if (typeof value !== 'object' || value === null) return null
  const { first, last } = value as Readonly<Record<string, unknown>>
  return Number.isSafeInteger(first) && Number.isSafeInteger(last)
    ? { first: first as number, last: last as number }
    : null
}

/** Addresses that the relay sends from. */
export interface RelayAddress {
  readonly outside: string
  /** Its own behind a NAT; otherwise the same. */
  readonly inside: string
}

/** One machine's: coturn may send there, and takes the unspecified address for all that there are. */
function isHost({ family, value }: IpAddress): boolean {
  if (family === 4) return value >= 1n << 24n && value < 224n << 24n
  const isGlobal = value >> 125n === 1n
  const isUniqueLocal = value >> 121n === 0xfcn >> 1n
  return isGlobal || isUniqueLocal || value === 1n
}

export const relayAddress: Kind<RelayAddress | null> = {
  allowed:
    'null, an address like "203.0.113.5", or behind a NAT the outer and the inner one: "203.0.113.5/10.0.0.5"',
  fromText: (text) => text,
  accept: (value) => {
    if (value === null) return { value }
    const [outside, inside = outside, ...more] =
      typeof value === 'string' && value.length <= 91 ? value.split('/') : []
    if (outside === undefined || inside === undefined || more.length > 0) return null
    const [outer, inner] = [parseIp(outside), parseIp(inside)]
    if (outer === null || inner === null || outer.family !== inner.family) return null
    return isHost(outer) && isHost(inner) ? { value: { outside, inside } } : null
  },
  show: (value) =>
    value === null
      ? 'none'
      : value.outside === value.inside
        ? value.outside
        : `${value.outside}/${value.inside}`,
}

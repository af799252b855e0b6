/**
 * Addresses that a relay must never send to (T19): whatever is not somebody's public unicast address.
 *
 * Sources: the special-purpose address registries of IANA for IPv4 and IPv6 (RFC 6890, RFC 8190; as of October 2025),
 * its registries of multicast addresses and of the IPv6 address space, and the RFC that stands at each range.
 * What the registries call globally reachable (AS112, AMT, anycast of protocols) is refused too: nobody is called there.
 *
 * @module
 */
import { type IpRange, parsePrefix } from './ip-range.ts'

export interface SpecialRange {
  readonly prefix: string
  readonly name: string
  readonly source: string
  readonly range: IpRange
}

const table: readonly (readonly [prefix: string, name: string, source: string])[] = [
  // IPv4.
  ['0.0.0.0/8', 'this network', 'RFC 791'],
  ['10.0.0.0/8', 'private use', 'RFC 1918'],
  ['100.64.0.0/10', 'shared address space (CGNAT)', 'RFC 6598'],
  ['127.0.0.0/8', 'loopback', 'RFC 1122'],
  ['169.254.0.0/16', 'link-local, and the metadata of clouds', 'RFC 3927'],
  ['172.16.0.0/12', 'private use', 'RFC 1918'],
  ['192.0.0.0/24', 'IETF protocol assignments', 'RFC 6890'],
  ['192.0.2.0/24', 'documentation', 'RFC 5737'],
  ['192.31.196.0/24', 'AS112', 'RFC 7535'],
  ['192.52.193.0/24', 'AMT', 'RFC 7450'],
  ['192.88.99.0/24', '6to4 relays', 'RFC 7526'],
  ['192.168.0.0/16', 'private use', 'RFC 1918'],
  ['192.175.48.0/24', 'AS112', 'RFC 7534'],
  ['198.18.0.0/15', 'benchmarking', 'RFC 2544'],
  ['198.51.100.0/24', 'documentation', 'RFC 5737'],
  ['203.0.113.0/24', 'documentation', 'RFC 5737'],
  ['224.0.0.0/4', 'multicast', 'RFC 5771'],
  ['240.0.0.0/4', 'reserved, and the broadcast address', 'RFC 1112'],

  // IPv6 outside 2000::/3, of which nothing is given out for public unicast.
  ['::/128', 'unspecified', 'RFC 4291'],
  ['::1/128', 'loopback', 'RFC 4291'],
  ['::/96', 'IPv4-compatible', 'RFC 4291'],
  ['::ffff:0:0/96', 'IPv4-mapped', 'RFC 4291'],
  ['::ffff:0:0:0/96', 'IPv4-translated', 'RFC 2765'],
  ['64:ff9b::/96', 'NAT64', 'RFC 6052'],
  ['64:ff9b:1::/48', 'NAT64, local use', 'RFC 8215'],
  ['100::/64', 'discard only', 'RFC 6666'],
  ['100:0:0:1::/64', 'dummy', 'RFC 9780'],
  ['5f00::/16', 'segment routing', 'RFC 9602'],
  ['fc00::/7', 'unique local', 'RFC 4193'],
  ['fe80::/10', 'link-local', 'RFC 4291'],
  ['fec0::/10', 'site-local', 'RFC 3879'],
  ['ff00::/8', 'multicast', 'RFC 4291'],
  ['::/3', 'not public unicast', 'RFC 4291'],
  ['4000::/2', 'not given out', 'RFC 4291'],
  ['8000::/1', 'not given out', 'RFC 4291'],
  // And within it.
  ['2001::/23', 'IETF protocol assignments', 'RFC 2928'],
  ['2001::/32', 'Teredo', 'RFC 4380'],
  ['2001:db8::/32', 'documentation', 'RFC 3849'],
  ['2002::/16', '6to4', 'RFC 3056'],
  ['2620:4f:8000::/48', 'AS112', 'RFC 7534'],
  ['3fff::/20', 'documentation', 'RFC 9637'],
]

export const specialRanges: readonly SpecialRange[] = table.map(([prefix, name, source]) => {
  const range = parsePrefix(prefix)
  if (range === null) throw new RangeError(`${prefix} is no prefix`)
  return { prefix, name, source, range }
})

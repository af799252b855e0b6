/**
 * IP addresses as numbers, and ranges of them.
 *
 *     '10.0.0.0/8' ─▶ { family: 4, first: 10.0.0.0, last: 10.255.255.255 } ─▶ '10.0.0.0-10.255.255.255'
 *
 * @module
 */
import { isIPv4, isIPv6 } from 'node:net'

export interface IpAddress {
  readonly family: 4 | 6
  /** From 0; below 2^32 or 2^128. */
  readonly value: bigint
}

/** Both ends belong to it. */
export interface IpRange {
  readonly family: 4 | 6
  readonly first: bigint
  readonly last: bigint
}

const bitsOf = { 4: 32, 6: 128 } as const

/** Null for what is no address; a zone (`%eth0`) is none. */
export function parseIp(text: string): IpAddress | null {
  if (isIPv4(text)) return { family: 4, value: numberOf(text.split('.').map(Number), 8) }
  if (!isIPv6(text) || text.includes('%')) return null
  const [head = '', tail] = text.split('::', 2)
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const missing = tail === undefined ? 0 : 8 - before.length - after.length
  return { family: 6, value: numberOf([...before, ...new Array<number>(missing).fill(0), ...after], 16) }
}

/** IPv6 is written as coturn prints it: the longest run of zeros short, lower case. */
export function formatIp({ family, value }: IpAddress): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.')
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) =>
    ((value >> shift) & 0xffffn).toString(16),
  )
  // What the platform's own reader makes of it, so that there is one spelling.
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}

/** `10.0.0.0/8`, `::1`. Null for what is neither, and for a prefix with bits behind its length. */
export function parsePrefix(text: string): IpRange | null {
  const [name = '', length, ...more] = text.split('/')
  const address = parseIp(name)
  if (address === null || more.length > 0) return null
  const bits = bitsOf[address.family]
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null
  const fixed = length === undefined ? bits : Number(length)
  if (fixed > bits) return null
  const last = address.value | ((1n << BigInt(bits - fixed)) - 1n)
  const isAligned = fixed === bits || (address.value & ((1n << BigInt(bits - fixed)) - 1n)) === 0n
  return isAligned ? { family: address.family, first: address.value, last } : null
}

/** coturn's spelling: `A`, or `A-B`. Null for what is neither. */
export function parseRange(text: string): IpRange | null {
  const [from = '', to, ...more] = text.split('-')
  const first = parseIp(from.trim())
  const last = to === undefined ? first : parseIp(to.trim())
  if (first === null || last === null || more.length > 0) return null
  if (first.family !== last.family || first.value > last.value) return null
  return { family: first.family, first: first.value, last: last.value }
}

export function formatRange({ family, first, last }: IpRange): string {
  const from = formatIp({ family, value: first })
  return first === last ? from : `${from}-${formatIp({ family, value: last })}`
}

export function contains(range: IpRange, { family, value }: IpAddress): boolean {
  return range.family === family && range.first <= value && value <= range.last
}

/** Whether the ranges together hold every address of `range`. */
export function isCovered(range: IpRange, by: readonly IpRange[]): boolean {
  let next = range.first
  const sorted = by
    .filter(({ family }) => family === range.family)
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
  for (const { first, last } of sorted) {
    if (first > next) return false
    if (last >= range.last) return true
    if (last >= next) next = last + 1n
  }
  return false
}

/** Sixteen-bit groups of a part of an IPv6 address; the last may be written as an IPv4 one. */
function groupsOf(text: string): readonly number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

function numberOf(parts: readonly number[], bits: number): bigint {
  return parts.reduce((value, part) => (value << BigInt(bits)) | BigInt(part), 0n)
}

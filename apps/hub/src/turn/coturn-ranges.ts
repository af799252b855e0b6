/**
 * What coturn makes of a range of addresses (4.6, `ioa_addr_in_range`), which is not what stands there:
 *
 * - IPv6 is compared byte by byte: an address is within `A-B` when *each* of its bytes is. Of a prefix that is the same;
 *   of `::1-1fff:…` it leaves out whatever ends with a zero.
 * - A range that begins with `::` has no beginning, and holds all of IPv4 besides: with it nothing is relayed at all.
 *   Nor has one an end that ends with the unspecified address.
 *
 *     ::/3 ─▶ ::1-1fff:…, ::100-1fff:…, …, 100::-1fff:…     one for each byte that may be other than zero
 *
 * @module
 */
import { contains, type IpAddress, type IpRange } from './ip-range.ts'

const shifts = Array.from({ length: 16 }, (_, index) => BigInt(index * 8))

/**
 * Ranges that mean `range`, which must be a prefix, to a coturn that compares bytes, and to one that compares numbers.
 * `::` itself, which coturn never relays to, is in none.
 */
export function coturnRanges(range: IpRange): readonly IpRange[] {
  const { family, first, last } = range
  if (family === 4 || first !== 0n) return [range]
  return shifts
    .map((shift) => 1n << shift)
    .filter((least) => least <= last)
    .map((least) => ({ family, first: least, last }))
}

/** Whether a coturn of either kind finds the address in one of the ranges. */
export function isDenied(address: IpAddress, ranges: readonly IpRange[]): boolean {
  return (
    ranges.some((range) => contains(range, address)) && ranges.some((range) => holdsBytes(range, address))
  )
}

/** A prefix has a hole where one of these is not denied: its ends, and between them each byte alone zero, and alone not. */
export function* samplesOf({ family, first, last }: IpRange): Iterable<IpAddress> {
  const free = first ^ last
  yield { family, value: first }
  yield { family, value: last }
  for (const shift of shifts) {
    const byte = free & (0xffn << shift)
    if (byte === 0n) continue
    const lowest = byte & -byte
    yield { family, value: first | byte }
    yield { family, value: first | lowest }
    yield { family, value: last & ~byte }
  }
}

/** Nothing at all is relayed with it. */
export function deniesEverything({ family, first, last }: IpRange): boolean {
  return family === 6 ? first === 0n : last === 0n
}

function holdsBytes({ family, first, last }: IpRange, address: IpAddress): boolean {
  if (family !== address.family) return false
  if (family === 4) return first <= address.value && address.value <= last
  return shifts.every((shift) => {
    const byte = (address.value >> shift) & 0xffn
    return ((first >> shift) & 0xffn) <= byte && byte <= ((last >> shift) & 0xffn)
  })
}

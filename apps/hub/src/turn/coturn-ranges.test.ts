import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coturnRanges, deniesEverything, isDenied, samplesOf } from './coturn-ranges.ts'
import { formatIp, type IpRange, parseIp, parseRange } from './ip-range.ts'
import { specialRanges } from './special-ranges.ts'

const written = specialRanges.flatMap(({ range }) => coturnRanges(range))

test('[V84] [T19] whatever lies in a special range is denied, however coturn compares', () => {
  const within = fc
    .constantFrom(...specialRanges)
    .chain(({ prefix, range }) =>
      fc
        .bigInt({ min: range.first, max: range.last })
        .map((value) => ({ prefix, family: range.family, value })),
    )
  fc.assert(
    fc.property(within, ({ prefix, family, value }) => {
      // The unspecified address is refused by coturn itself.
      if (family === 6 && value === 0n) return
      expect(isDenied({ family, value }, written), `${formatIp({ family, value })} of ${prefix}`).toBe(true)
    }),
    { numRuns: 2_000 },
  )
  expect(written.some(deniesEverything)).toBe(false)
})

test('a range that is no prefix has holes, which the samples find', () => {
  const lone = [parseRange('::1-1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')] as IpRange[]
  const nat64 = specialRanges.find(({ prefix }) => prefix === '64:ff9b::/96')?.range as IpRange
  expect([...samplesOf(nat64)].every((address) => isDenied(address, lone))).toBe(false)
  expect([...samplesOf(nat64)].every((address) => isDenied(address, written))).toBe(true)
})

test.for(['8.8.8.8', '2a00::1', '2001:200::', '223.255.255.255'])('%s is not denied', (text) => {
  const address = parseIp(text)
  expect(address && isDenied(address, written)).toBe(false)
})

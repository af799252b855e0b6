import { expect, test } from 'vitest'
import { paddedLength } from './padme.ts'

test('[K5] known lengths', () => {
  const known = [
    [0, 256],
    [1, 256],
    [256, 256],
    [257, 272],
    [1000, 1024],
    [1025, 1088],
    [9000, 9216],
    [65_536, 65_536],
    [65_537, 67_584],
    [1_000_000, 1_015_808],
  ] as const
  expect(known.map(([length]) => [length, paddedLength(length)])).toEqual(known)
})

test('[K5] never less, never over an eighth more, never falling, and stable', () => {
  let before = 0
  for (let length = 0; length < 40_000; length++) {
    const padded = paddedLength(length)
    expect(padded >= length && padded >= before && paddedLength(padded) === padded).toBe(true)
    if (length > 256) expect(padded).toBeLessThanOrEqual(length * 1.125)
    before = padded
  }
})

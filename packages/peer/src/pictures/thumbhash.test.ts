/**
 * Thumbhashes: made, shown again, and taken from strangers.
 *
 * @module
 */
import { encodeBase64url, maxThumbhashBytes } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { thumbhashOf, thumbhashPixels } from './thumbhash.ts'

const picture = (width: number, height: number, colour: readonly number[]) => ({
  width,
  height,
  rgba: Uint8ClampedArray.from({ length: width * height * 4 }, (_, at) => colour[at % 4]!),
})

test.for([
  [100, 100],
  [100, 8],
  [8, 100],
  [8, 8],
  [75, 100],
])('[I25] colours and shape come back: %j', ([width, height]) => {
  const hash = thumbhashOf(picture(width!, height!, [200, 40, 90, 255]))
  const shown = thumbhashPixels(hash)!
  expect(shown.width > shown.height).toBe(width! > height!)
  for (const [at, value] of [200, 40, 90, 255].entries()) {
    expect(Math.abs(shown.rgba[at]! - value)).toBeLessThan(20)
  }
})

test('[I25] whatever somebody wrote: a few pixels, or null', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: maxThumbhashBytes + 5 }), (bytes) => {
      const shown = thumbhashPixels(encodeBase64url(bytes))
      if (shown === null) return
      const { width, height, rgba } = shown
      expect(bytes.length).toBeGreaterThanOrEqual(5)
      expect(bytes.length).toBeLessThanOrEqual(maxThumbhashBytes)
      expect(Math.max(width, height)).toBeLessThanOrEqual(32)
      expect(rgba.length).toBe(width * height * 4)
    }),
  )
  for (const text of ['', 'A', '<b>', 'AAAA', 'AAAAAAA=', 'A'.repeat(1_000_000)]) {
    expect(thumbhashPixels(text)).toBeNull()
  }
})

/**
 * The few bytes that show a picture's colours before it is here (spec I25): made from its pixels, and back to pixels.
 *
 *     pixels, 8 to 100 a side ─▶ 5 to 25 bytes, base64url ─▶ pixels ≤ 32 × 32
 *
 * Pixels are all that comes of it: no text of markup, no address, nothing that a page could load.
 *
 * @module
 */
import { encodeBase64url, maxThumbhashBytes, parseBase64url } from '@effigy/core'
import { rgbaToThumbHash, thumbHashToRGBA } from 'thumbhash'

/** Pixels a side at most: more changes nothing and costs. */
export const mostThumbhashSide = 100

/** Pixels a side at least: with fewer, the waves that it is made of cannot be told apart, and colours come out wrong. */
export const leastThumbhashSide = 8

export interface Pixels {
  readonly width: number
  readonly height: number
  /** Red, green, blue, alpha of each pixel, rows from the top; colours not multiplied by alpha. For `new ImageData`. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>
}

/** Bytes of the shortest one: a header without details. */
const leastBytes = 5

/** Of a picture whose sides are within the bounds above. */
export function thumbhashOf({ width, height, rgba }: Pixels): string {
  return encodeBase64url(rgbaToThumbHash(width, height, rgba))
}

/** What to show until a picture is here; null where it says nothing (anybody may have written it). */
export function thumbhashPixels(thumbhash: string): Pixels | null {
  const bytes = thumbhash.length > maxThumbhashBytes * 2 ? null : parseBase64url(thumbhash)
  if (bytes === null || bytes.length < leastBytes || bytes.length > maxThumbhashBytes) return null
  const { w: width, h: height, rgba } = thumbHashToRGBA(bytes)
  if (width < 1 || height < 1) return null
  return { width, height, rgba: Uint8ClampedArray.from(rgba) }
}

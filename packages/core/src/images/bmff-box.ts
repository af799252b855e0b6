/**
 * Boxes of the ISO base media format, as HEIC and AVIF use them, and a cursor for what is in them (spec I10).
 *
 *     size type body | 1 type size64 body | 0 type body-to-the-end
 *
 * @module
 */
import { err, ok, type Result } from '../result.ts'
import { latin1, uint32 } from './read.ts'
import { damaged, type ImageFault, type ImageFormat, maxImageParts, tooManyParts, truncated } from './scan.ts'

export interface Box {
  readonly type: string
  readonly start: number
  /** Where the body begins, in bytes of the file. */
  readonly body: number
  readonly end: number
}

/** What one image may still cost: boxes, items and extents count alike. */
export interface Budget {
  left: number
}

export const fullBudget = (): Budget => ({ left: maxImageParts })

/** The box at a position; what is wrong is the error. */
export function boxAt(
  bytes: Uint8Array,
  at: number,
  to: number,
): Result<Box, 'box header' | 'box size' | 'box end'> {
  if (at + 8 > to) return err('box header')
  const cursor = createCursor(bytes, at, to)
  const size32 = cursor.uint(4)
  const type = latin1(bytes, at + 4, 4)
  cursor.skip(4)
  const size = size32 === 0 ? to - at : size32 === 1 ? cursor.uint(8) : size32
  if (cursor.overran() || size < cursor.at() - at) return err('box size')
  return at + size > to ? err('box end') : ok({ type, start: at, body: cursor.at(), end: at + size })
}

/** The boxes between two positions, not descending into any. */
export function readBoxes(
  bytes: Uint8Array,
  from: number,
  to: number,
  format: ImageFormat,
  budget: Budget,
): Result<readonly Box[], ImageFault> {
  const boxes: Box[] = []
  for (let at = from; at < to; ) {
    if (budget.left-- <= 0) return tooManyParts(format)
    const box = boxAt(bytes, at, to)
    if (!box.ok) {
      return box.error !== 'box size' && to === bytes.length ? truncated(format) : damaged(format, box.error)
    }
    boxes.push(box.value)
    at = box.value.end
  }
  return ok(boxes)
}

/** Reads fields one after another; beyond `end`, or above 2^53, it reads zero and remembers that it did. */
export interface Cursor {
  /** A big-endian number of 0, 1, 2, 3, 4 or 8 bytes. */
  uint(width: number): number
  skip(length: number): void
  at(): number
  overran(): boolean
}

export function createCursor(bytes: Uint8Array, from: number, end: number): Cursor {
  let at = from
  let past = from > end
  return {
    uint(width) {
      if (at + width > end) past = true
      if (past) return 0
      let value = 0
      if (width === 8) value = uint32(bytes, at) * 0x1_0000_0000 + uint32(bytes, at + 4)
      else for (let i = 0; i < width; i++) value = value * 256 + (bytes[at + i] ?? 0)
      at += width
      if (Number.isSafeInteger(value)) return value
      past = true
      return 0
    },
    skip(length) {
      at += length
      if (at > end) past = true
    },
    at: () => at,
    overran: () => past,
  }
}

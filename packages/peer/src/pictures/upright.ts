/**
 * Decodes a picture the way up that its header says (spec I4, I21).
 *
 *     JPEG, PNG, AVIF ─the browser turns it▶ upright        WebP ─announcement cleared, decoded▶ lying ─turned here▶ upright
 *
 * Browsers differ on the orientation of WebP (Chromium passes over it), so it is kept from all of them.
 *
 * @module
 */
import type { ImageInfo, Orientation } from '@effigy/core'
import { contextOf } from './pixels.ts'
import type { PictureTools } from './tools.ts'

/** Of bytes that `inspectImage` found to be `info`. Rejects with what `decode` does. */
export async function decodeUpright(
  bytes: Uint8Array<ArrayBuffer>,
  { format, orientation }: ImageInfo,
  { decode, canvas }: PictureTools,
): Promise<ImageBitmap> {
  // Of the type that the bytes are of, whatever the file said of itself.
  const type = `image/${format}`
  if (format !== 'webp' || orientation === 1) return decode(new Blob([bytes], { type }))
  using lying = closing(await decode(new Blob([withoutExif(bytes)], { type })))
  const { width, height } = lying.bitmap
  const target = orientation >= 5 ? canvas(height, width) : canvas(width, height)
  const context = contextOf(target)
  context.setTransform(...turn(orientation, width, height))
  context.drawImage(lying.bitmap, 0, 0)
  return target.transferToImageBitmap()
}

/** Where the flags of an extended WebP are, and the one that announces Exif (I8). */
const flagsAt = 20
const exifFlag = 0x08

function withoutExif(webp: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(webp)
  bytes[flagsAt] = (bytes[flagsAt] ?? 0) & ~exifFlag
  return bytes
}

type Matrix = readonly [number, number, number, number, number, number]

/** From pixels as they are stored, of a picture w wide and h high, to where they are seen. */
function turn(orientation: Orientation, w: number, h: number): Matrix {
  switch (orientation) {
    case 1:
      return [1, 0, 0, 1, 0, 0]
    case 2:
      return [-1, 0, 0, 1, w, 0]
    case 3:
      return [-1, 0, 0, -1, w, h]
    case 4:
      return [1, 0, 0, -1, 0, h]
    case 5:
      return [0, 1, 1, 0, 0, 0]
    case 6:
      return [0, 1, -1, 0, h, 0]
    case 7:
      return [0, -1, -1, 0, h, w]
    case 8:
      return [0, -1, 1, 0, 0, w]
  }
}

const closing = (bitmap: ImageBitmap) => ({ bitmap, [Symbol.dispose]: () => bitmap.close() })

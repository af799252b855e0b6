/**
 * Images as bytes: which kind, how large, what they tell about their author, and the same image without it
 * (spec section I; threats T11, T12). Pure, bounded, linear in the bytes; nothing throws, nothing is decoded.
 *
 *     bytes ─inspectImage▶ ImageInfo          bytes ─imageVerdict▶ may this blob come in?
 *     bytes ─stripImage▶ bytes without metadata, pixels and orientation untouched
 *
 * @module
 */
import { err, ok, type Result } from '../result.ts'
import { bmffFormat, scanBmff } from './bmff.ts'
import { scanGif } from './gif.ts'
import { scanJpeg } from './jpeg.ts'
import { scanPng } from './png.ts'
import { concatBytes, hasText } from './read.ts'
import type { ImageFault, ImageFormat, ImageInfo, MetadataKind, Orientation, Scan } from './scan.ts'
import { scanWebp } from './webp.ts'

/** Only `clean` comes in as an image; `not-an-image` is for whoever expected a file of another kind. */
export type ImageVerdict = 'not-an-image' | 'clean' | 'metadata' | 'damaged' | 'too-large'

export interface StrippedImage {
  /** The very bytes handed in when there was nothing to remove. */
  readonly bytes: Uint8Array
  readonly removed: readonly MetadataKind[]
  readonly orientation: Orientation
}

/** The format by the first bytes, never by a name; 64 bytes suffice for most, HEIC and AVIF want all of `ftyp`. */
export function sniffImage(bytes: Uint8Array): ImageFormat | null {
  if (hasText(bytes, 0, '\xff\xd8\xff')) return 'jpeg'
  if (hasText(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'png'
  if (hasText(bytes, 0, 'GIF87a') || hasText(bytes, 0, 'GIF89a')) return 'gif'
  if (hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP')) return 'webp'
  return bmffFormat(bytes)
}

/** Size, orientation and metadata of an image. */
export function inspectImage(bytes: Uint8Array): Result<ImageInfo, ImageFault> {
  const scan = scanImage(bytes)
  return scan.ok ? ok(scan.value.info) : scan
}

/** Judges an arriving blob (I2); an image that cannot be walked to its end is not clean. */
export function imageVerdict(bytes: Uint8Array): ImageVerdict {
  const scan = scanImage(bytes)
  if (scan.ok) return scan.value.info.metadata.length === 0 ? 'clean' : 'metadata'
  const { code } = scan.error
  return code === 'not-an-image' || code === 'too-large' ? code : 'damaged'
}

/** Whether it may be decoded and shown (I41): what it tells besides is told to nobody by looking at it. */
export function isShowable(verdict: ImageVerdict): verdict is 'clean' | 'metadata' {
  return verdict === 'clean' || verdict === 'metadata'
}

/**
 * The same picture without what it tells besides: its verdict is `clean`, and stripping it again changes nothing.
 * Errors: those of `inspectImage`, and `cannot-strip` for HEIC and AVIF that carry metadata.
 */
export function stripImage(bytes: Uint8Array): Result<StrippedImage, ImageFault> {
  const scan = scanImage(bytes)
  if (!scan.ok) return scan
  const { info, parts } = scan.value
  const { format, metadata, orientation } = info
  if (metadata.length === 0) return ok({ bytes, removed: metadata, orientation })
  if (parts !== null) return ok({ bytes: concatBytes(parts), removed: metadata, orientation })
  return err({
    code: 'cannot-strip',
    format: format === 'avif' ? 'avif' : 'heic',
    metadata,
    convertTo: ['jpeg', 'png'],
  })
}

function scanImage(bytes: Uint8Array): Result<Scan, ImageFault> {
  const format = sniffImage(bytes)
  switch (format) {
    case 'jpeg':
      return scanJpeg(bytes)
    case 'png':
      return scanPng(bytes)
    case 'gif':
      return scanGif(bytes)
    case 'webp':
      return scanWebp(bytes)
    case 'heic':
    case 'avif':
      return scanBmff(bytes, format)
    case null:
      return err({ code: 'not-an-image' })
  }
}

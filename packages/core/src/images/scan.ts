/**
 * What one walk over an image finds, and the bounds it keeps to (spec section I).
 *
 *     bytes ─scan<Format>▶ Scan { info, parts } ─▶ verdict: is `info.metadata` empty?
 *                                               ─▶ strip:   the parts, joined
 *
 * One walk decides both, so that "clean" and "stripping changes nothing" cannot come apart (I3).
 *
 * @module
 */
import { err, type Result } from '../result.ts'

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'heic' | 'avif'

/**
 * What an image carries besides its picture. `location`: GPS in Exif; `preview`: further pictures (multi-picture
 * format); `profile`: a colour profile that is malformed or too large to keep; `trailer`: bytes after the image;
 * `unknown`: anything that is not on the format's list of parts to keep.
 */
export type MetadataKind =
  | 'exif'
  | 'location'
  | 'xmp'
  | 'iptc'
  | 'thumbnail'
  | 'preview'
  | 'comment'
  | 'text'
  | 'time'
  | 'profile'
  | 'trailer'
  | 'unknown'

/** As in Exif tag 0x0112; 1 is upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

export interface ImageInfo {
  readonly format: ImageFormat
  /** Pixels, before the orientation is applied. */
  readonly width: number
  /** Pixels, before the orientation is applied. */
  readonly height: number
  readonly orientation: Orientation
  /** Each kind once, in the order met; empty exactly when the image is clean (I3). */
  readonly metadata: readonly MetadataKind[]
  readonly animated: boolean
}

export type ImageFault =
  /** None of the six formats, by its first bytes. */
  | { readonly code: 'not-an-image' }
  /** The bytes end before the image does. */
  | { readonly code: 'truncated'; readonly format: ImageFormat }
  | { readonly code: 'damaged'; readonly format: ImageFormat; readonly detail: string }
  | { readonly code: 'too-many-parts'; readonly format: ImageFormat }
  | {
      readonly code: 'too-large'
      readonly format: ImageFormat
      readonly width: number
      readonly height: number
    }
  /** Carries metadata in a format we do not rewrite: convert it to JPEG or PNG, then strip that. */
  | {
      readonly code: 'cannot-strip'
      readonly format: 'heic' | 'avif'
      readonly metadata: readonly MetadataKind[]
      readonly convertTo: readonly ['jpeg', 'png']
    }

export interface Scan {
  readonly info: ImageInfo
  /** The stripped image in pieces; null for formats that are inspected but not rewritten. */
  readonly parts: readonly Uint8Array[] | null
}

/** Pixels: 40 MP decode to 160 MB, what a phone's tab survives. */
export const maxImagePixels = 40_000_000

/** Pixels a side: the largest texture and canvas common browsers have. */
export const maxImageSide = 16_384

/** Segments, chunks, blocks or boxes of one image; real ones have a few thousand at most. */
export const maxImageParts = 10_000

/** Bytes: a colour profile is a few KB, a large printer profile about 1 MB. */
export const maxProfileBytes: number = 1024 * 1024

export function damaged(format: ImageFormat, detail: string): Result<never, ImageFault> {
  return err({ code: 'damaged', format, detail })
}

export function truncated(format: ImageFormat): Result<never, ImageFault> {
  return err({ code: 'truncated', format })
}

export function tooManyParts(format: ImageFormat): Result<never, ImageFault> {
  return err({ code: 'too-many-parts', format })
}

/** The fault of a size, or null when it may be decoded (I5). To be asked as soon as the header is read. */
export function sizeFault(format: ImageFormat, width: number, height: number): ImageFault | null {
  if (width === 0 || height === 0) return { code: 'damaged', format, detail: 'no width or height' }
  if (width > maxImageSide || height > maxImageSide || width * height > maxImagePixels) {
    return { code: 'too-large', format, width, height }
  }
  return null
}

/** Collects what stays of an image and what kinds of things went. */
export interface Sieve {
  /** Keeps bytes `start` to `end` of the image as they are. */
  keep(start: number, end: number): void
  /** Writes a part that replaces what was dropped. */
  put(part: Uint8Array): void
  drop(...kinds: readonly MetadataKind[]): void
  readonly parts: readonly Uint8Array[]
  readonly metadata: readonly MetadataKind[]
}

export function createSieve(bytes: Uint8Array): Sieve {
  const parts: Uint8Array[] = []
  const metadata: MetadataKind[] = []
  return {
    parts,
    metadata,
    keep(start, end) {
      parts.push(bytes.subarray(start, end))
    },
    put(part) {
      parts.push(part)
    },
    drop(...kinds) {
      for (const kind of kinds) if (!metadata.includes(kind)) metadata.push(kind)
    },
  }
}

/**
 * A picture on its way to be published: what is asked for, what comes of it, and why nothing does (spec I20 to I26).
 *
 *     Blob + PictureOptions ─▶ PreparedPicture │ PictureFault
 *
 * @module
 */
import type { MetadataKind } from '@effigy/core'

export interface PictureOptions {
  /** Pixels of the longest side, from 16 to 16,384; larger pictures are scaled down to it, none is scaled up. 2,048 when omitted. */
  readonly maxSide?: number
  /** Of JPEG and WebP, from 0.1 to 1; 0.85 when omitted. */
  readonly quality?: number
  /**
   * `auto`: PNG for drawings and screenshots, else WebP where something shows through, else JPEG. A browser that cannot write
   * what is asked for writes PNG; where nothing can show through, in JPEG, it is put on white.
   */
  readonly format?: 'auto' | 'jpeg' | 'png' | 'webp'
  /** What is left of a moving picture: all of it with its size (`keep`, when omitted), or its first frame (`still`). */
  readonly animation?: 'keep' | 'still'
  /** Longest sides of smaller ones, at most 4 of 16 to 16,384 pixels; 1,280 and 320 when omitted. */
  readonly thumbnails?: readonly number[]
}

export interface PictureFile {
  /** Its type is what its first bytes say. */
  readonly blob: Blob
  /** Pixels, upright. */
  readonly width: number
  readonly height: number
}

export interface PreparedPicture extends PictureFile {
  /** The largest first; none that would be as large as the picture itself. */
  readonly thumbnails: readonly PictureFile[]
  /** As payloads have it: 5 to 25 bytes, base64url. */
  readonly thumbhash: string
  /** What the file told besides the picture, and these do not. */
  readonly removed: readonly MetadataKind[]
  readonly animated: boolean
}

/**
 * `not-an-image`; `image-unreadable`: the file went or changed since it was chosen; `image-too-large` in pixels or bytes; `image-damaged`, cut off or not what its header says;
 * `image-undecodable`: a format that this browser does not know, or one that breaks its decoder;
 * `canvas-altered`: the browser hands out other pixels than were drawn, as some do against tracking;
 * `image-unclean`: what came of it would be refused by others.
 */
export interface PictureFault {
  readonly code: PictureFaultCode
  /** For people. */
  readonly message: string
}

export const pictureFaultCodes = [
  'not-an-image',
  'image-unreadable',
  'image-too-large',
  'image-damaged',
  'image-undecodable',
  'canvas-altered',
  'image-unclean',
] as const

export type PictureFaultCode = (typeof pictureFaultCodes)[number]

/** All that was left out put in. */
export type PictureSettings = Required<PictureOptions>

const defaults: PictureSettings = {
  maxSide: 2048,
  quality: 0.85,
  format: 'auto',
  animation: 'keep',
  thumbnails: [1280, 320],
}

const formats: readonly string[] = ['auto', 'jpeg', 'png', 'webp']
const animations: readonly string[] = ['keep', 'still']

/** Pixels: below this no face can be told. */
const leastSide = 16

/** Pixels: what may be decoded at all (I5). */
const mostSide = 16_384

const mostThumbnails = 4

/** Null: out of the bounds above. */
export function pictureSettings(options: PictureOptions): PictureSettings | null {
  const { maxSide, quality, format, animation, thumbnails } = { ...defaults, ...options }
  if (!formats.includes(format) || !animations.includes(animation)) return null
  const isSide = (side: number): boolean => Number.isInteger(side) && side >= leastSide && side <= mostSide
  if (!isSide(maxSide) || !(quality >= 0.1 && quality <= 1)) return null
  if (!Array.isArray(thumbnails) || thumbnails.length > mostThumbnails || !thumbnails.every(isSide))
    return null
  const sides = [...new Set<number>(thumbnails)].sort((a, b) => b - a)
  return { maxSide, quality, format, animation, thumbnails: sides }
}

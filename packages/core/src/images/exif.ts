/**
 * The one piece of Exif that stays: which way is up (spec I4).
 *
 *     Exif block ─readTiff▶ { orientation, location, thumbnail } ─▶ 26 canonical bytes, or nothing
 *
 * The walker reads one directory and follows no pointer but the first, so it is bounded by 1,000 entries.
 *
 * @module
 */
import {
  concatBytes,
  hasText,
  latin1Bytes,
  sameBytes,
  uint16,
  uint16LittleEndian,
  uint32,
  uint32LittleEndian,
} from './read.ts'
import type { MetadataKind, Orientation } from './scan.ts'

export interface TiffFacts {
  /** 1 where there is none, or none that can be read. */
  readonly orientation: Orientation
  /** A GPS directory is there. */
  readonly location: boolean
  /** A second directory is there, which is where thumbnails are. */
  readonly thumbnail: boolean
}

/** What precedes the TIFF block in JPEG, and in some writers' WebP and PNG. */
export const exifPrefix: Uint8Array = latin1Bytes('Exif\0\0')

/** Entries of one directory; cameras write about 20. */
const maxEntries = 1_000

const tagOrientation = 0x0112
const tagGps = 0x8825
const typeShort = 3

const noFacts: TiffFacts = { orientation: 1, location: false, thumbnail: false }

/** Reads the first directory of a TIFF block, with or without the Exif prefix; nothing readable gives no facts. */
export function readTiff(block: Uint8Array): TiffFacts {
  const tiff = hasText(block, 0, 'Exif\0') ? block.subarray(exifPrefix.length) : block
  const little = hasText(tiff, 0, 'II*\0')
  if (!little && !hasText(tiff, 0, 'MM\0*')) return noFacts
  const short = little ? uint16LittleEndian : uint16
  const long = little ? uint32LittleEndian : uint32

  const directory = long(tiff, 4)
  if (directory < 8 || directory + 2 > tiff.length) return noFacts
  const count = Math.min(short(tiff, directory), maxEntries)
  let orientation: Orientation = 1
  let location = false
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + i * 12
    if (entry + 12 > tiff.length) break
    const tag = short(tiff, entry)
    if (tag === tagGps) location = true
    if (tag === tagOrientation && short(tiff, entry + 2) === typeShort && long(tiff, entry + 4) === 1) {
      orientation = asOrientation(short(tiff, entry + 8)) ?? orientation
    }
  }
  return { orientation, location, thumbnail: long(tiff, directory + 2 + count * 12) !== 0 }
}

/** The kinds a dropped Exif block counts as. */
export function exifKinds(facts: TiffFacts): readonly MetadataKind[] {
  const kinds: MetadataKind[] = ['exif']
  if (facts.location) kinds.push('location')
  if (facts.thumbnail) kinds.push('thumbnail')
  return kinds
}

/**
 * The TIFF block that says the orientation and nothing else, 26 bytes: big-endian header, one directory at 8 with one
 * entry (tag 0x0112, SHORT, count 1, the value), no second directory. Null for 1, which needs no words.
 */
export function minimalTiff(orientation: Orientation): Uint8Array | null {
  if (orientation === 1) return null
  return Uint8Array.of(
    ...[0x4d, 0x4d, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x08],
    ...[0x00, 0x01],
    ...[0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, orientation, 0x00, 0x00],
    ...[0x00, 0x00, 0x00, 0x00],
  )
}

/** Whether a block is, byte for byte, what `minimalTiff` writes for the orientation it states. */
export function isMinimalTiff(block: Uint8Array): boolean {
  const minimal = minimalTiff(readTiff(block).orientation)
  return minimal !== null && sameBytes(block, minimal)
}

/** As it stands in a JPEG: marker APP1, length, prefix, block; 36 bytes. Null for 1. */
export function minimalApp1(orientation: Orientation): Uint8Array | null {
  const tiff = minimalTiff(orientation)
  if (tiff === null) return null
  return concatBytes([Uint8Array.of(0xff, 0xe1, 0x00, 2 + exifPrefix.length + tiff.length), exifPrefix, tiff])
}

function asOrientation(value: number): Orientation | null {
  return value >= 1 && value <= 8 ? (value as Orientation) : null
}

/**
 * JPEG pictures inside another file: segments that are not for decoding become zero, in place (spec I39).
 *
 *     ff d8 (ff marker length body)* ff da … ─▶ the bodies of Exif, XMP, IPTC and comments are zero
 *
 * @module
 */
import { readTiff } from '../images/exif.ts'
import { hasText, uint16 } from '../images/read.ts'
import { isBlank } from './media-reader.ts'
import type { ByteRange, MediaMetadata } from './report.ts'

const startOfScan = 0xda

export function blankJpegSegments(bytes: Uint8Array, { start, end }: ByteRange): readonly MediaMetadata[] {
  const kinds: MediaMetadata[] = []
  for (let at = start + 2; at + 4 <= end && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0
    const length = uint16(bytes, at + 2)
    const next = at + 2 + length
    if (marker === startOfScan || length < 2 || next > end) break
    const body = bytes.subarray(at + 4, next)
    if (!isForDecoding(marker, body) && !isBlank(body)) {
      const isPlaced = hasText(body, 0, 'Exif\0\0') && readTiff(body.subarray(6)).location
      kinds.push(isPlaced ? 'location' : 'unknown')
      body.fill(0)
    }
    at = next
  }
  return kinds
}

/** Tables and frames; and of the application's segments JFIF, colour profiles and Adobe's, which say how colours look. */
function isForDecoding(marker: number, body: Uint8Array): boolean {
  if (marker === 0xfe) return false
  if (marker < 0xe0 || marker > 0xef) return true
  if (marker === 0xe0) return hasText(body, 0, 'JFIF\0')
  if (marker === 0xe2) return hasText(body, 0, 'ICC_PROFILE\0')
  return marker === 0xee && hasText(body, 0, 'Adobe')
}

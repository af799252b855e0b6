/**
 * JPEG: segments up to the end of image (spec I6).
 *
 *     SOI (marker length body)* SOS entropy-coded data … EOI ─walk▶ segments ─sift▶ what stays
 *
 * Entropy-coded data are copied, never read: their only markers are stuffed zeros and restarts.
 *
 * @module
 */
import { err, ok, type Result } from '../result.ts'
import { exifKinds, exifPrefix, isMinimalTiff, minimalApp1, readTiff } from './exif.ts'
import { concatBytes, hasText, uint16, uint32 } from './read.ts'
import {
  createSieve,
  damaged,
  type ImageFault,
  maxImageParts,
  maxProfileBytes,
  type Orientation,
  type Scan,
  type Sieve,
  sizeFault,
  tooManyParts,
  truncated,
} from './scan.ts'

const marker = {
  dht: 0xc4,
  jpg: 0xc8,
  dac: 0xcc,
  eoi: 0xd9,
  sos: 0xda,
  dqt: 0xdb,
  dnl: 0xdc,
  dri: 0xdd,
  app0: 0xe0,
  app1: 0xe1,
  app2: 0xe2,
  app13: 0xed,
  app14: 0xee,
  com: 0xfe,
} as const

const keptTables: readonly number[] = [marker.dht, marker.dac, marker.dqt, marker.dnl, marker.dri]

/** JFIF's fixed fields without a thumbnail, and Adobe's, in bytes after the length. */
const jfifLength = 14
const adobeLength = 12
const iccHeader = 'ICC_PROFILE\0'

interface Segment {
  readonly marker: number
  /** Where its marker begins, with any fill bytes before it. */
  readonly start: number
  /** The bytes after the length field. */
  readonly body: Uint8Array
  /** Where the next one begins; for SOS, after its entropy-coded data. */
  readonly end: number
  /** Before the first scan: only there do decoders look for Exif, profiles and the like. */
  readonly inHeader: boolean
}

interface Walk {
  readonly segments: readonly Segment[]
  readonly width: number
  readonly height: number
  /** Where the image ends, after EOI. */
  readonly end: number
}

export function scanJpeg(bytes: Uint8Array): Result<Scan, ImageFault> {
  const walked = walk(bytes)
  if (!walked.ok) return walked
  const { segments, width, height, end } = walked.value

  const sieve = createSieve(bytes)
  sieve.keep(0, 2)
  const orientation = sift(segments, sieve)
  if (end < bytes.length) sieve.drop('trailer')
  const { metadata, parts } = sieve
  return ok({ info: { format: 'jpeg', width, height, orientation, metadata, animated: false }, parts })
}

function walk(bytes: Uint8Array): Result<Walk, ImageFault> {
  const segments: Segment[] = []
  let size: { readonly width: number; readonly height: number } | null = null
  let inHeader = true
  let at = 2
  while (segments.length < maxImageParts) {
    const start = at
    if (at >= bytes.length) return truncated('jpeg')
    if (bytes[at] !== 0xff) return damaged('jpeg', 'bytes between segments')
    while (bytes[at] === 0xff) at++
    const code = bytes[at]
    if (code === undefined) return truncated('jpeg')
    at++
    if (code === marker.eoi) {
      if (size === null || inHeader) return damaged('jpeg', 'no picture in it')
      segments.push({ marker: code, start, body: bytes.subarray(at, at), end: at, inHeader })
      return ok({ segments, ...size, end: at })
    }
    if (!hasLength(code)) return damaged('jpeg', `marker ${code.toString(16)} out of place`)
    if (at + 2 > bytes.length) return truncated('jpeg')
    const length = uint16(bytes, at)
    if (length < 2) return damaged('jpeg', 'segment length')
    if (at + length > bytes.length) return truncated('jpeg')
    const body = bytes.subarray(at + 2, at + length)
    at += length

    if (isFrame(code)) {
      if (size !== null || !inHeader) return damaged('jpeg', 'a second frame')
      if (body.length < 6) return damaged('jpeg', 'frame header')
      size = { width: uint16(body, 3), height: uint16(body, 1) }
      const fault = sizeFault('jpeg', size.width, size.height)
      if (fault !== null) return err(fault)
    }
    if (code === marker.sos) {
      if (size === null) return damaged('jpeg', 'a scan before the frame')
      inHeader = false
      at = endOfScan(bytes, at)
    }
    segments.push({ marker: code, start, body, end: at, inHeader })
  }
  return tooManyParts('jpeg')
}

/** Position of the first marker that is neither a stuffed zero nor a restart; the length of `bytes` without one. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at)) {
    const start = at
    while (bytes[at] === 0xff) at++
    const code = bytes[at]
    if (code === undefined) break
    if (code !== 0x00 && !(code >= 0xd0 && code <= 0xd7)) return start
  }
  return bytes.length
}

/** Keeps what decodes the picture, and returns the orientation that the first Exif block gives. */
function sift(segments: readonly Segment[], sieve: Sieve): Orientation {
  const profileKept = isWholeProfile(segments)
  const seen = new Set<number>()
  /** True once for each kind of segment that counts only the first time. */
  const first = (code: number) => !seen.has(code) && seen.add(code) !== undefined
  let orientation: Orientation = 1
  for (const segment of segments) {
    const { marker: code, body, start, end, inHeader } = segment
    const keep = () => sieve.keep(start, end)
    if (code === marker.eoi || code === marker.sos || isFrame(code) || keptTables.includes(code)) keep()
    else if (code === marker.com) sieve.drop('comment')
    else if (code === marker.app0 && hasText(body, 0, 'JFXX\0')) sieve.drop('thumbnail')
    else if (isJfif(segment) && first(code)) siftJfif(segment, sieve)
    else if (isExif(segment)) {
      const tiff = body.subarray(exifPrefix.length)
      const facts = readTiff(tiff)
      const speaks = inHeader && first(code)
      if (speaks) orientation = facts.orientation
      if (speaks && hasText(body, 0, 'Exif\0\0') && isMinimalTiff(tiff)) keep()
      else {
        sieve.drop(...exifKinds(facts))
        const minimal = speaks ? minimalApp1(orientation) : null
        if (minimal !== null) sieve.put(minimal)
      }
    } else if (code === marker.app1 && hasText(body, 0, 'http://ns.adobe.com/x')) sieve.drop('xmp')
    else if (isProfile(segment)) {
      if (profileKept) keep()
      else sieve.drop('profile')
    } else if (code === marker.app2 && hasText(body, 0, 'MPF\0')) sieve.drop('preview')
    else if (code === marker.app13 && hasText(body, 0, 'Photoshop ')) sieve.drop('iptc')
    else if (isAdobe(segment) && first(code)) {
      if (body.length === adobeLength) keep()
      else {
        sieve.drop('unknown')
        sieve.put(rewritten(code, body.subarray(0, adobeLength)))
      }
    } else sieve.drop('unknown')
  }
  return orientation
}

function siftJfif({ body, start, end }: Segment, sieve: Sieve): void {
  const hasThumbnail = uint16(body, 12) !== 0
  if (body.length === jfifLength && !hasThumbnail) {
    sieve.keep(start, end)
    return
  }
  sieve.drop(hasThumbnail ? 'thumbnail' : 'unknown')
  const bare = body.slice(0, jfifLength)
  bare.fill(0, 12)
  sieve.put(rewritten(marker.app0, bare))
}

/**
 * A profile stays when its numbered pieces are all there, in order, and together are as long as the profile says:
 * otherwise any bytes could travel under its name.
 */
function isWholeProfile(segments: readonly Segment[]): boolean {
  const pieces = segments.filter(
    (segment) => segment.marker === marker.app2 && hasText(segment.body, 0, iccHeader),
  )
  const head = pieces[0]?.body
  if (head === undefined || !hasText(head, iccHeader.length + 2 + 36, 'acsp')) return false
  let length = 0
  for (const [i, { body, inHeader }] of pieces.entries()) {
    const [number, count] = body.subarray(iccHeader.length)
    if (!inHeader || number !== i + 1 || count !== pieces.length) return false
    length += body.length - iccHeader.length - 2
  }
  return length <= maxProfileBytes && uint32(head, iccHeader.length + 2) === length
}

const isProfile = ({ marker: code, body }: Segment) => code === marker.app2 && hasText(body, 0, iccHeader)

const isExif = ({ marker: code, body }: Segment) =>
  code === marker.app1 && body.length >= exifPrefix.length && hasText(body, 0, 'Exif\0')

const isJfif = ({ marker: code, body, inHeader }: Segment) =>
  inHeader && code === marker.app0 && body.length >= jfifLength && hasText(body, 0, 'JFIF\0')

const isAdobe = ({ marker: code, body, inHeader }: Segment) =>
  inHeader && code === marker.app14 && body.length >= adobeLength && hasText(body, 0, 'Adobe')

/** SOF0 to SOF15; three codes in their range mean something else. */
const isFrame = (code: number) =>
  code >= 0xc0 && code <= 0xcf && code !== marker.dht && code !== marker.jpg && code !== marker.dac

/** Segments with a length, but for the hierarchical ones (DHP, EXP), which no browser decodes. */
const hasLength = (code: number) =>
  (code >= 0xc0 && code <= 0xcf) || (code >= marker.sos && code <= marker.dri) || code >= marker.app0

function rewritten(code: number, body: Uint8Array): Uint8Array {
  const length = body.length + 2
  return concatBytes([Uint8Array.of(0xff, code, length >> 8, length & 0xff), body])
}

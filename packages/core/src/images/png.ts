/**
 * PNG and APNG: chunks up to IEND, each with its checksum (spec I7).
 *
 *     signature (length type body crc)* IEND ─▶ critical chunks and those that change how pixels look
 *
 * @module
 */
import { err, ok, type Result } from '../result.ts'
import { exifKinds, isMinimalTiff, minimalTiff, readTiff } from './exif.ts'
import { concatBytes, hasText, latin1, latin1Bytes, uint32 } from './read.ts'
import {
  createSieve,
  damaged,
  type ImageFault,
  type MetadataKind,
  maxImageParts,
  maxProfileBytes,
  type Orientation,
  type Scan,
  sizeFault,
  tooManyParts,
  truncated,
} from './scan.ts'

const signatureLength = 8

/** Chunks that stay, with the lengths they may have: fixed ones leave no room for anything else. */
const kept: Readonly<Record<string, (length: number) => boolean>> = {
  IHDR: (length) => length === 13,
  PLTE: (length) => length >= 3 && length <= 768 && length % 3 === 0,
  IDAT: () => true,
  IEND: (length) => length === 0,
  tRNS: (length) => length >= 1 && length <= 256,
  gAMA: (length) => length === 4,
  cHRM: (length) => length === 32,
  sRGB: (length) => length === 1,
  iCCP: (length) => length <= maxProfileBytes,
  cICP: (length) => length === 4,
  mDCV: (length) => length === 24,
  cLLI: (length) => length === 8,
  sBIT: (length) => length >= 1 && length <= 4,
  bKGD: (length) => length === 1 || length === 2 || length === 6,
  pHYs: (length) => length === 9,
  acTL: (length) => length === 8,
  fcTL: (length) => length === 26,
  fdAT: (length) => length >= 4,
}

const mayRepeat: readonly string[] = ['IDAT', 'fcTL', 'fdAT']

export function scanPng(bytes: Uint8Array): Result<Scan, ImageFault> {
  const sieve = createSieve(bytes)
  sieve.keep(0, signatureLength)
  const seen = new Set<string>()
  let width = 0
  let height = 0
  let orientation: Orientation = 1
  let at = signatureLength
  for (let count = 0; count < maxImageParts; count++) {
    if (at + 12 > bytes.length) return truncated('png')
    const length = uint32(bytes, at)
    const type = latin1(bytes, at + 4, 4)
    if (length > 0x7fff_ffff || !/^[A-Za-z]{4}$/.test(type)) return damaged('png', 'chunk header')
    const end = at + 12 + length
    if (end > bytes.length) return truncated('png')
    const body = bytes.subarray(at + 8, end - 4)
    if ((count === 0) !== (type === 'IHDR')) return damaged('png', 'IHDR is not first')
    if (type === 'IHDR') {
      if (length !== 13) return damaged('png', 'IHDR length')
      width = uint32(body, 0)
      height = uint32(body, 4)
      const fault = sizeFault('png', width, height)
      if (fault !== null) return err(fault)
    }
    if (crc32(bytes.subarray(at + 4, end - 4)) !== uint32(bytes, end - 4)) {
      return damaged('png', `checksum of ${type}`)
    }

    const repeated = seen.has(type) && !mayRepeat.includes(type)
    const fits = kept[type]?.(length) ?? false
    if (isCritical(type) && (!fits || repeated)) return damaged('png', `critical chunk ${type}`)
    if (type === 'fcTL' && fits && !frameFits(body, width, height)) return damaged('png', 'frame size')
    if (type === 'eXIf') {
      const facts = readTiff(body)
      if (!repeated) orientation = facts.orientation
      if (!repeated && isMinimalTiff(body)) sieve.keep(at, end)
      else {
        sieve.drop(...exifKinds(facts))
        const minimal = repeated ? null : minimalTiff(orientation)
        if (minimal !== null) sieve.put(pngChunk('eXIf', minimal))
      }
    } else if (fits && !repeated) sieve.keep(at, end)
    else sieve.drop(kindOf(type, body))
    seen.add(type)
    at = end

    if (type === 'IEND') {
      if (!seen.has('IDAT')) return damaged('png', 'no picture in it')
      if (at < bytes.length) sieve.drop('trailer')
      const { metadata, parts } = sieve
      const animated = seen.has('acTL')
      return ok({ info: { format: 'png', width, height, orientation, metadata, animated }, parts })
    }
  }
  return tooManyParts('png')
}

/** A whole chunk: length, type, body and checksum. */
export function pngChunk(type: string, body: Uint8Array): Uint8Array {
  const named = concatBytes([latin1Bytes(type), body])
  return concatBytes([bigEndian(body.length), named, bigEndian(crc32(named))])
}

const isCritical = (type: string) => (type.charCodeAt(0) & 0x20) === 0

/** An animation's frame lies within the picture; its own size decides what a decoder allocates. */
function frameFits(body: Uint8Array, width: number, height: number): boolean {
  return (
    uint32(body, 4) + uint32(body, 12) <= width &&
    uint32(body, 8) + uint32(body, 16) <= height &&
    uint32(body, 4) > 0 &&
    uint32(body, 8) > 0
  )
}

function kindOf(type: string, body: Uint8Array): MetadataKind {
  switch (type) {
    case 'tEXt':
    case 'zTXt':
    case 'iTXt':
      if (hasText(body, 0, 'XML:com.adobe.xmp') || hasText(body, 0, 'Raw profile type xmp')) return 'xmp'
      if (hasText(body, 0, 'Raw profile type iptc')) return 'iptc'
      return hasText(body, 0, 'Raw profile type ') ? 'exif' : 'text'
    case 'tIME':
      return 'time'
    case 'iCCP':
      return 'profile'
    default:
      return 'unknown'
  }
}

const bigEndian = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)

/** The reflected polynomial 0xedb88320, a byte at a time. */
const crcTable: Uint32Array = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb8_8320 ^ (value >>> 1) : value >>> 1
  return value
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff
  for (let i = 0; i < bytes.length; i++) {
    crc = (crcTable[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8)
  }
  return (crc ^ 0xffff_ffff) >>> 0
}

/**
 * WebP: RIFF chunks, plain or extended (spec I8).
 *
 *     RIFF size WEBP (VP8 | VP8L | VP8X [ICCP] [ANIM ANMF*] [ALPH] VP8…) ─▶ what stays, flags and size made to fit
 *
 * Orientation counts only where the extended header announces Exif: elsewhere no decoder looks for it.
 *
 * @module
 */
import { err, ok, type Result } from '../result.ts'
import { exifKinds, isMinimalTiff, minimalTiff, readTiff } from './exif.ts'
import {
  concatBytes,
  latin1,
  latin1Bytes,
  uint16LittleEndian,
  uint24LittleEndian,
  uint32LittleEndian,
} from './read.ts'
import {
  createSieve,
  damaged,
  type ImageFault,
  type MetadataKind,
  maxImageParts,
  maxProfileBytes,
  type Orientation,
  type Scan,
  type Sieve,
  sizeFault,
  tooManyParts,
  truncated,
} from './scan.ts'

const flag = { animation: 0x02, exif: 0x08, alpha: 0x10, profile: 0x20 } as const

const riffHeaderLength = 12
const frameHeaderLength = 16

interface Chunk {
  readonly type: string
  readonly start: number
  readonly body: Uint8Array
  /** After the padding byte, where the next chunk begins. */
  readonly end: number
}

interface Size {
  readonly width: number
  readonly height: number
}

export function scanWebp(bytes: Uint8Array): Result<Scan, ImageFault> {
  const riffLength = uint32LittleEndian(bytes, 4)
  const end = riffLength + 8
  if (riffLength % 2 !== 0 || end < riffHeaderLength) return damaged('webp', 'RIFF size')
  // The header is enough to refuse a bomb, whatever follows it.
  const header = headerSize(bytes)
  if (header === null) return bytes.length < end ? truncated('webp') : damaged('webp', 'no picture in it')
  const fault = sizeFault('webp', header.width, header.height)
  if (fault !== null) return err(fault)
  if (end > bytes.length) return truncated('webp')

  const read = readChunks(bytes, riffHeaderLength, end)
  if (!read.ok) return read
  const [first, ...rest] = read.value
  if (first === undefined) return damaged('webp', 'no picture in it')
  const sieve = createSieve(bytes)
  let orientation: Orientation = 1
  let animated = false
  if (first.type === 'VP8X') {
    if (first.body.length !== 10) return damaged('webp', 'extended header')
    const flags = first.body[0] ?? 0
    animated = (flags & flag.animation) !== 0
    const body = createSieve(bytes)
    const sifted = siftExtended(rest, flags, header, body, bytes)
    if (!sifted.ok) return sifted
    orientation = sifted.value.orientation
    const wanted = (flags & (flag.animation | flag.alpha)) | sifted.value.flags
    sieve.drop(...body.metadata)
    if (flags === wanted && uint24LittleEndian(first.body, 1) === 0) sieve.keep(first.start, first.end)
    else {
      if (body.metadata.length === 0) sieve.drop('unknown')
      sieve.put(chunkBytes('VP8X', concatBytes([Uint8Array.of(wanted, 0, 0, 0), first.body.subarray(4)])))
    }
    for (const part of body.parts) sieve.put(part)
  } else {
    sieve.keep(first.start, first.end)
    for (const chunk of rest) sieve.drop(...kindsOf(chunk))
  }
  if (end < bytes.length) sieve.drop('trailer')

  const picture = concatBytes(sieve.parts)
  const parts = [latin1Bytes('RIFF'), littleEndian(picture.length + 4), latin1Bytes('WEBP'), picture]
  return ok({ info: { format: 'webp', ...header, orientation, metadata: sieve.metadata, animated }, parts })
}

/** What an extended file keeps, the orientation, and the flags for what was kept. */
function siftExtended(
  chunks: readonly Chunk[],
  flags: number,
  canvas: Size,
  sieve: Sieve,
  bytes: Uint8Array,
): Result<{ readonly orientation: Orientation; readonly flags: number }, ImageFault> {
  const animated = (flags & flag.animation) !== 0
  let orientation: Orientation = 1
  let newFlags = 0
  let pictures = 0
  const seen = new Set<string>()
  for (const chunk of chunks) {
    const { type, body, start, end } = chunk
    const first = !seen.has(type)
    seen.add(type)
    if (!animated && isPicture(type) && pictures === 0) {
      const size = pictureSize(type, body)
      if (size?.width !== canvas.width || size.height !== canvas.height) {
        return damaged('webp', 'picture and canvas differ')
      }
      pictures++
      sieve.keep(start, end)
    } else if (animated && type === 'ANMF') {
      const fault = siftFrame(chunk, canvas, sieve, bytes)
      if (fault !== null) return err(fault)
      pictures++
    } else if (animated && type === 'ANIM' && first && body.length === 6) sieve.keep(start, end)
    else if (!animated && type === 'ALPH' && first && pictures === 0) sieve.keep(start, end)
    else if (type === 'ICCP' && first && pictures === 0 && body.length <= maxProfileBytes) {
      newFlags |= flag.profile
      sieve.keep(start, end)
    } else if (type === 'EXIF' && first && (flags & flag.exif) !== 0) {
      orientation = readTiff(body).orientation
      const minimal = minimalTiff(orientation)
      if (minimal !== null) newFlags |= flag.exif
      if (isMinimalTiff(body)) sieve.keep(start, end)
      else {
        sieve.drop(...kindsOf(chunk))
        if (minimal !== null) sieve.put(chunkBytes('EXIF', minimal))
      }
    } else sieve.drop(...kindsOf(chunk))
  }
  if (pictures === 0) return damaged('webp', 'no picture in it')
  return ok({ orientation, flags: newFlags })
}

/** Keeps one frame of an animation, without chunks that are not its picture. */
function siftFrame(chunk: Chunk, canvas: Size, sieve: Sieve, bytes: Uint8Array): ImageFault | null {
  const { body, start, end } = chunk
  const bad: ImageFault = { code: 'damaged', format: 'webp', detail: 'frame' }
  if (body.length < frameHeaderLength) return bad
  const width = uint24LittleEndian(body, 6) + 1
  const height = uint24LittleEndian(body, 9) + 1
  if (uint24LittleEndian(body, 0) * 2 + width > canvas.width) return bad
  if (uint24LittleEndian(body, 3) * 2 + height > canvas.height) return bad

  const from = start + 8 + frameHeaderLength
  const read = readChunks(bytes, from, start + 8 + body.length)
  if (!read.ok) return read.error
  const inner = createSieve(bytes)
  inner.keep(start + 8, from)
  let pictures = 0
  for (const part of read.value) {
    if (part.type === 'ALPH' && pictures === 0 && inner.parts.length === 1) inner.keep(part.start, part.end)
    else if (isPicture(part.type) && pictures === 0) {
      const size = pictureSize(part.type, part.body)
      if (size?.width !== width || size.height !== height) return bad
      pictures++
      inner.keep(part.start, part.end)
    } else inner.drop(...kindsOf(part))
  }
  if (pictures === 0) return bad
  if (inner.metadata.length === 0) sieve.keep(start, end)
  else {
    sieve.drop(...inner.metadata)
    sieve.put(chunkBytes('ANMF', concatBytes(inner.parts)))
  }
  return null
}

function readChunks(bytes: Uint8Array, from: number, to: number): Result<readonly Chunk[], ImageFault> {
  const chunks: Chunk[] = []
  for (let at = from; at < to; ) {
    if (chunks.length >= maxImageParts) return tooManyParts('webp')
    const length = uint32LittleEndian(bytes, at + 4)
    const end = at + 8 + length + (length % 2)
    if (at + 8 > to || end > to) return damaged('webp', 'chunk length')
    chunks.push({ type: latin1(bytes, at, 4), start: at, body: bytes.subarray(at + 8, at + 8 + length), end })
    at = end
  }
  return ok(chunks)
}

/** Canvas or picture size from the first chunk; null when the first chunk is neither. */
function headerSize(bytes: Uint8Array): Size | null {
  const type = latin1(bytes, riffHeaderLength, 4)
  const body = bytes.subarray(riffHeaderLength + 8)
  if (type !== 'VP8X') return pictureSize(type, body)
  if (body.length < 10) return null
  return { width: uint24LittleEndian(body, 4) + 1, height: uint24LittleEndian(body, 7) + 1 }
}

const isPicture = (type: string) => type === 'VP8 ' || type === 'VP8L'

function pictureSize(type: string, body: Uint8Array): Size | null {
  if (type === 'VP8L' && body.length >= 5 && body[0] === 0x2f) {
    const bits = uint32LittleEndian(body, 1)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  // A key frame: the lowest bit is zero, then the start code.
  const isKeyFrame =
    body.length >= 10 && ((body[0] ?? 1) & 1) === 0 && uint24LittleEndian(body, 3) === 0x2a_01_9d
  if (type !== 'VP8 ' || !isKeyFrame) return null
  return { width: uint16LittleEndian(body, 6) & 0x3fff, height: uint16LittleEndian(body, 8) & 0x3fff }
}

function kindsOf({ type, body }: Chunk): readonly MetadataKind[] {
  if (type === 'EXIF') return exifKinds(readTiff(body))
  if (type === 'XMP ') return ['xmp']
  return [type === 'ICCP' ? 'profile' : 'unknown']
}

function chunkBytes(type: string, body: Uint8Array): Uint8Array {
  return concatBytes([latin1Bytes(type), littleEndian(body.length), body, new Uint8Array(body.length % 2)])
}

const littleEndian = (value: number) => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24)

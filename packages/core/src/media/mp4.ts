/**
 * MP4, MOV and M4A, as they pass by: no byte of the media moves (spec I33, I34).
 *
 *     ftyp moov mdat … ─▶ `moov` and `moof` sifted in place │ `mdat` as it is │ all else becomes `free` boxes of zeros, or is cut off at the end
 *
 * @module
 */
import { concatBytes } from '../bytes.ts'
import { latin1, latin1Bytes, uint32 } from '../images/read.ts'
import { createMediaReader, isBlank, type MediaReader } from './media-reader.ts'
import { droppedBoxKinds, siftFragment, siftMovie } from './mp4-boxes.ts'
import {
  type ByteRange,
  createFindings,
  type Findings,
  type MediaCleaning,
  mediaBudget,
  mediaDamaged,
  mediaTooLarge,
  mediaTruncated,
} from './report.ts'

/** Bytes of a movie box, held whole: ten hours of video need about 16 MiB. */
const maxMovieBytes = 64 * 1024 * 1024

/** Bytes of the box of one fragment, held whole. */
const maxFragmentBytes = 8 * 1024 * 1024

/** Taken as they are: brands, and where the fragments begin. */
const passed: readonly string[] = ['ftyp', 'styp', 'sidx', 'ssix']
const padding: readonly string[] = ['free', 'skip', 'wide']

interface Header {
  readonly type: string
  readonly bytes: Uint8Array
  /** Bytes after the header; infinite for a last box that does not say. */
  readonly length: number
}

export async function* cleanMp4(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): MediaCleaning {
  const reader = createMediaReader(source)
  try {
    const findings = createFindings()
    const budget = mediaBudget()
    let hasMovie = false
    /** The bodies of `mdat`; what stands in front of them keeps its place. */
    const media: ByteRange[] = []
    // What was left out since the last box that stays: made good for by padding when another follows.
    let left = 0
    for (;;) {
      if (budget.left-- <= 0) return mediaTooLarge('mp4', 'boxes')
      const isWhole = hasMovie && media.length > 0
      if ((await reader.peek(1)).length === 0) {
        return isWhole ? findings.done(media) : mediaTruncated('mp4')
      }
      const header = await readHeader(reader)
      if (header === null) {
        if (!isWhole) return mediaDamaged('mp4', 'box header')
        findings.add('trailer')
        await reader.skip(Number.POSITIVE_INFINITY)
        return findings.done(media)
      }
      const { type, length } = header
      if (!isKept(type)) {
        const before = reader.position()
        const isAll = await leaveOut(reader, header, findings)
        if (!isAll && !isWhole && length !== Number.POSITIVE_INFINITY) return mediaTruncated('mp4')
        left += header.bytes.length + reader.position() - before
        continue
      }
      if (left > 0) yield* paddingOf(left)
      left = 0
      if (type === 'mdat') {
        yield header.bytes
        const start = reader.position()
        const isAll = yield* reader.pass(length)
        media.push({ start, end: reader.position() })
        if (!isAll && length !== Number.POSITIVE_INFINITY) return mediaTruncated('mp4')
        continue
      }
      const limit = type === 'moov' ? maxMovieBytes : maxFragmentBytes
      if (length > limit && length !== Number.POSITIVE_INFINITY) return mediaTooLarge('mp4', type)
      const body = await reader.take(length === Number.POSITIVE_INFINITY ? limit : length)
      if (body.length < length && length !== Number.POSITIVE_INFINITY) return mediaTruncated('mp4')
      if (type === 'moov') {
        if (hasMovie) return mediaDamaged('mp4', 'two movies')
        hasMovie = true
        const sifted = siftMovie(body, findings, budget)
        if (!sifted.ok) return sifted
        // A movie without samples of its own has them in fragments, or is one of no length.
      } else if (type === 'moof' || type === 'mfra') {
        const sifted = siftFragment(body, type, findings, budget)
        if (!sifted.ok) return sifted
      }
      yield header.bytes
      yield body
    }
  } finally {
    await reader.close()
  }
}

const isKept = (type: string) =>
  passed.includes(type) || type === 'moov' || type === 'mdat' || type === 'moof' || type === 'mfra'

/** Null when these are no header of a box. */
async function readHeader(reader: MediaReader): Promise<Header | null> {
  const short = await reader.peek(16)
  if (short.length < 8) return null
  const type = latin1(short, 4, 4)
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return null
  const size = uint32(short, 0)
  if (size !== 1) {
    if (size !== 0 && size < 8) return null
    const length = size === 0 ? Number.POSITIVE_INFINITY : size - 8
    return { type, bytes: await reader.take(8), length }
  }
  if (short.length < 16) return null
  const wide = uint32(short, 8) * 0x1_0000_0000 + uint32(short, 12)
  if (wide < 16 || !Number.isSafeInteger(wide)) return null
  return { type, bytes: await reader.take(16), length: wide - 16 }
}

/** Returns whether all of the box was there. */
async function leaveOut(reader: MediaReader, { type, length }: Header, findings: Findings): Promise<boolean> {
  let isFirst = true
  const isAll = await reader.skip(length, (piece) => {
    if (padding.includes(type)) {
      if (!isBlank(piece)) findings.add('unknown')
    } else if (isFirst || type !== 'uuid') findings.add(...droppedBoxKinds(type, piece))
    isFirst = false
  })
  if (isFirst && !padding.includes(type)) findings.add('unknown')
  return isAll
}

/** A `free` box of `length` bytes in all, at least 8. */
function* paddingOf(length: number): Generator<Uint8Array> {
  const isWide = length > 0xffff_ffff
  const header = isWide
    ? concatBytes(
        bigEndian(1),
        latin1Bytes('free'),
        bigEndian(Math.floor(length / 0x1_0000_0000)),
        bigEndian(length),
      )
    : concatBytes(bigEndian(length), latin1Bytes('free'))
  yield header
  const zeros = new Uint8Array(64 * 1024)
  for (let rest = length - header.length; rest > 0; rest -= zeros.length) {
    yield rest >= zeros.length ? zeros : zeros.subarray(0, rest)
  }
}

function bigEndian(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

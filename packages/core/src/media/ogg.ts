/**
 * Ogg with Opus, Vorbis, Speex or Theora, as it passes by: the packet of comments says nothing any more, and is as long as before
 * (spec I38).
 *
 *     page page … ─▶ pages of a comment packet are held until it is whole ─emptied, checksums made anew▶ page page …
 *
 * @module
 */
import { concatBytes } from '../bytes.ts'
import { hasText, latin1Bytes, uint32LittleEndian } from '../images/read.ts'
import { err } from '../result.ts'
import { indexOfText } from './index-of-text.ts'
import { createMediaReader } from './media-reader.ts'
import {
  type ByteRange,
  createFindings,
  type Findings,
  type MediaCleaning,
  mediaDamaged,
  mediaTooLarge,
  mediaTruncated,
} from './report.ts'

interface Codec {
  /** What its first packet begins with. */
  readonly magic: string
  /** What its packet of comments, the second one, begins with. */
  readonly comments: string
  /** Whether a bit 1 stands behind them. */
  readonly isFramed: boolean
}

const codecs: readonly Codec[] = [
  { magic: 'OpusHead', comments: 'OpusTags', isFramed: false },
  { magic: '\x01vorbis', comments: '\x03vorbis', isFramed: true },
  { magic: '\x80theora', comments: '\x81theora', isFramed: false },
  { magic: 'Speex   ', comments: '', isFramed: false },
]

/** One of the streams that are mixed; done when its comments have gone by. */
interface Stream {
  readonly codec: Codec
  readonly parts: { readonly page: Uint8Array; readonly range: ByteRange }[]
  isDone: boolean
}

/** Streams of one file, also one after the other. */
const maxStreams = 1_000

/** Bytes of pages held back: a cover in the comments is a few MB. */
const maxHeldBytes = 32 * 1024 * 1024

const headerLength = 27
const isFirstPage = 0x02
const isGoingOn = 0x01

export async function* cleanOgg(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): MediaCleaning {
  const reader = createMediaReader(source)
  try {
    const findings = createFindings()
    const streams = new Map<number, Stream>()
    let held: Uint8Array[] = []
    let heldBytes = 0
    for (;;) {
      const header = await reader.peek(headerLength)
      if (header.length === 0) {
        return streams.size === 0 || held.length > 0 ? mediaTruncated('ogg') : findings.done()
      }
      if (!hasText(header, 0, 'OggS\0')) {
        if (streams.size === 0 || held.length > 0) return mediaDamaged('ogg', 'page')
        findings.add('trailer')
        await reader.skip(Number.POSITIVE_INFINITY)
        return findings.done()
      }
      const table = (await reader.peek(headerLength + (header[26] ?? 0))).slice(headerLength)
      const start = headerLength + (header[26] ?? 0)
      const length = start + table.reduce((sum, size) => sum + size, 0)
      const page = await reader.take(length)
      if (page.length < length) return mediaTruncated('ogg')

      const serial = uint32LittleEndian(page, 14)
      const flags = page[5] ?? 0
      const known = streams.get(serial)
      if (flags & isFirstPage) {
        const codec = codecs.find(({ magic }) => hasText(page, start, magic))
        if (codec === undefined) return err({ code: 'media-cannot-clean', kind: 'ogg', reason: 'variant' })
        if (streams.size >= maxStreams) return mediaTooLarge('ogg', 'streams')
        // Its comments are still to come, so everything waits for them from their first page on.
        streams.set(serial, { codec, parts: [], isDone: false })
        yield page
        continue
      }
      if (known === undefined) return mediaDamaged('ogg', 'stream')
      if (!known.isDone) {
        if (known.parts.length > 0 !== ((flags & isGoingOn) !== 0)) return mediaDamaged('ogg', 'comments')
        const { end, isWhole } = firstPacket(table)
        known.parts.push({ page, range: { start, end: start + end } })
        if (isWhole) {
          known.isDone = true
          if (!emptyComments(known, findings)) return mediaDamaged('ogg', 'comments')
        }
      }
      held.push(page)
      heldBytes += page.length
      if (heldBytes > maxHeldBytes) return mediaTooLarge('ogg', 'comments')
      const isWaiting = [...streams.values()].some(({ isDone, parts }) => !isDone && parts.length > 0)
      if (isWaiting) continue
      yield* held
      held = []
      heldBytes = 0
    }
  } finally {
    await reader.close()
  }
}

/** Bytes of the packet that begins or goes on with a page, and whether it ends there: a piece of 255 goes on. */
function firstPacket(table: Uint8Array): { readonly end: number; readonly isWhole: boolean } {
  let end = 0
  for (const size of table) {
    end += size
    if (size < 255) return { end, isWhole: true }
  }
  return { end, isWhole: false }
}

/** No comments, and a maker of nothing but spaces that takes up their room. False: it is no packet of comments. */
function emptyComments({ codec, parts }: Stream, findings: Findings): boolean {
  const before = concatBytes(...parts.map(({ page, range }) => page.subarray(range.start, range.end)))
  const { comments, isFramed } = codec
  const room = before.length - comments.length - 8 - (isFramed ? 1 : 0)
  if (room < 0 || !hasText(before, 0, comments)) return false
  const after = new Uint8Array(before.length).fill(0x20)
  after.set(latin1Bytes(comments))
  after.set(littleEndian(room), comments.length)
  after.set(littleEndian(0), comments.length + 4 + room)
  if (isFramed) after[after.length - 1] = 1
  if (after.every((byte, at) => byte === before[at])) return true
  const vendorLength = uint32LittleEndian(before, comments.length)
  const count = uint32LittleEndian(before, comments.length + 4 + vendorLength)
  const isPicture = indexOfText(before, 'METADATA_BLOCK_PICTURE') !== -1
  findings.add(isPicture ? 'picture' : count > 0 ? 'text' : 'software')
  let at = 0
  for (const { page, range } of parts) {
    page.set(after.subarray(at, at + range.end - range.start), range.start)
    at += range.end - range.start
    page.fill(0, 22, 26)
    page.set(littleEndian(checksum(page)), 22)
  }
  return true
}

const littleEndian = (value: number) => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24)

/** The polynomial 0x04c11db7, not reflected, a byte at a time. */
const checksumTable: Uint32Array = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000_0000 ? (value << 1) ^ 0x04c1_1db7 : value << 1
  return value >>> 0
})

export function checksum(page: Uint8Array): number {
  let sum = 0
  for (const byte of page) sum = ((sum << 8) ^ (checksumTable[(sum >>> 24) ^ byte] ?? 0)) >>> 0
  return sum
}

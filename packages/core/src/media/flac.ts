/**
 * FLAC, as it passes by (spec I37).
 *
 *     [ID3v2] fLaC (block)* frames [ID3v1] ─▶ fLaC, stream facts, places to jump to, padding of zeros, frames
 *
 * @module
 */
import { hasText, uint16 } from '../images/read.ts'
import { id3Length } from './id3.ts'
import { createMediaReader, isBlank } from './media-reader.ts'
import {
  createFindings,
  type MediaCleaning,
  type MediaMetadata,
  mediaDamaged,
  mediaTruncated,
} from './report.ts'

const block = { info: 0, padding: 1, seekTable: 3, comment: 4, picture: 6 } as const

/** Blocks of one file. */
const maxBlocks = 1_000

const id3v1Length = 128
const pieceBytes = 256 * 1024

export async function* cleanFlac(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): MediaCleaning {
  const reader = createMediaReader(source)
  try {
    const findings = createFindings()
    const tag = id3Length(await reader.peek(10))
    if (tag !== null) {
      findings.add('text')
      await reader.skip(tag)
    }
    const magic = await reader.take(4)
    if (!hasText(magic, 0, 'fLaC')) return mediaDamaged('flac', 'header')
    yield magic
    for (let count = 0, isLast = false; !isLast; count++) {
      const header = await reader.take(4)
      if (header.length < 4) return mediaTruncated('flac')
      const first = header[0] ?? 0
      isLast = first > 0x7f
      const type = first & 0x7f
      if (count > maxBlocks || (count === 0) !== (type === block.info)) return mediaDamaged('flac', 'blocks')
      const length = (header[1] ?? 0) * 0x1_0000 + uint16(header, 2)
      const isKept = type === block.info || type === block.seekTable
      if (!isKept && type !== block.padding) {
        findings.add(kindOf(type))
        header[0] = (first & 0x80) | block.padding
      }
      yield header
      const isAll = isKept
        ? yield* reader.pass(length)
        : yield* reader.blank(length, (piece) => {
            if (type === block.padding && !isBlank(piece)) findings.add('unknown')
          })
      if (!isAll) return mediaTruncated('flac')
    }
    const start = await reader.peek(2)
    if ((uint16(start, 0) & 0xfffe) !== 0xfff8) return mediaDamaged('flac', 'frames')
    for (;;) {
      const ahead = await reader.peek(pieceBytes + id3v1Length)
      if (ahead.length === pieceBytes + id3v1Length) {
        yield await reader.take(pieceBytes)
        continue
      }
      const length = hasText(ahead, ahead.length - id3v1Length, 'TAG')
        ? ahead.length - id3v1Length
        : ahead.length
      yield await reader.take(length)
      if (length < ahead.length) findings.add('text')
      await reader.skip(id3v1Length)
      return findings.done()
    }
  } finally {
    await reader.close()
  }
}

function kindOf(type: number): MediaMetadata {
  return type === block.comment ? 'text' : type === block.picture ? 'picture' : 'unknown'
}

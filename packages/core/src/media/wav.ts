/**
 * WAV and its 64-bit sister, as they pass by (spec I36).
 *
 *     RIFF size WAVE (name size body [pad])* ─▶ format and sound stay │ all else becomes `JUNK` of zeros
 *
 * @module
 */
import { latin1, latin1Bytes, uint32LittleEndian } from '../images/read.ts'
import { createMediaReader, isBlank } from './media-reader.ts'
import {
  createFindings,
  type MediaCleaning,
  type MediaMetadata,
  mediaBudget,
  mediaDamaged,
  mediaTooLarge,
  mediaTruncated,
} from './report.ts'
import { isWav } from './wav-head.ts'

const passed: readonly string[] = ['fmt ', 'fact', 'data', 'ds64']
const padding: readonly string[] = ['JUNK', 'PAD ', 'FLLR']

/** Bytes of a chunk that says how the sound is kept. */
const maxFormatBytes = 64 * 1024

/** A size that is written when it is not known, or stands in `ds64`. */
const unsaid = 0xffff_ffff

export async function* cleanWav(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): MediaCleaning {
  const reader = createMediaReader(source)
  try {
    const findings = createFindings()
    const budget = mediaBudget()
    const head = await reader.take(12)
    if (head.length < 12) return mediaTruncated('wav')
    if (!isWav(head)) return mediaDamaged('wav', 'header')
    const stated = uint32LittleEndian(head, 4)
    const end = stated === 0 || stated === unsaid ? Number.POSITIVE_INFINITY : 8 + stated
    yield head
    let dataLength: number | null = null
    let hasData = false
    for (;;) {
      if (budget.left-- <= 0) return mediaTooLarge('wav', 'chunks')
      const header = await reader.peek(8)
      if (header.length === 0) return hasData ? findings.done() : mediaTruncated('wav')
      if (header.length < 8 || reader.position() >= end) {
        if (!hasData) return mediaTruncated('wav')
        findings.add('trailer')
        await reader.skip(Number.POSITIVE_INFINITY)
        return findings.done()
      }
      const name = latin1(header, 0, 4)
      const size = uint32LittleEndian(header, 4)
      if (passed.includes(name)) {
        yield await reader.take(8)
        if (name === 'data') {
          if (hasData) return mediaDamaged('wav', 'sound twice')
          hasData = true
          const isOpen = size === unsaid || (size === 0 && end === Number.POSITIVE_INFINITY)
          const length = isOpen ? (dataLength ?? Number.POSITIVE_INFINITY) : size
          const isAll = yield* reader.pass(length)
          if (!isAll && length !== Number.POSITIVE_INFINITY) return mediaTruncated('wav')
          yield await reader.take(length % 2)
          continue
        }
        if (size > maxFormatBytes) return mediaTooLarge('wav', name)
        const body = await reader.take(size + (size % 2))
        if (body.length < size) return mediaTruncated('wav')
        if (name === 'ds64' && size >= 16) {
          const high = uint32LittleEndian(body, 12)
          if (high > 0xffff) return mediaDamaged('wav', 'ds64')
          dataLength = high * 0x1_0000_0000 + uint32LittleEndian(body, 8)
        }
        yield body
        continue
      }
      const own = await reader.take(8)
      const isPadding = padding.includes(name)
      if (!isPadding) {
        own.set(latin1Bytes('JUNK'))
        findings.add(kindOf(name))
      }
      yield own
      const isAll = yield* reader.blank(size, (piece) => {
        if (isPadding && !isBlank(piece)) findings.add('unknown')
      })
      if (!isAll) return mediaTruncated('wav')
      yield new Uint8Array((await reader.take(size % 2)).length)
    }
  } finally {
    await reader.close()
  }
}

function kindOf(name: string): MediaMetadata {
  if (name === '_PMX') return 'xmp'
  return ['LIST', 'bext', 'iXML', 'cart', 'id3 ', 'ID3 '].includes(name) ? 'text' : 'unknown'
}

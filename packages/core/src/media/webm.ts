/**
 * WebM and Matroska, as they pass by: no byte of the media moves (spec I40).
 *
 *     EBML Segment { SeekHead Info Tracks Cluster* Cues Tags … } ─▶ heads sifted in place │ clusters as they are │ the rest `Void` and zeros
 *
 * @module
 */
import { concatBytes } from '../bytes.ts'
import { createMediaReader, isBlank, type MediaReader } from './media-reader.ts'
import {
  createFindings,
  type MediaCleaning,
  mediaBudget,
  mediaDamaged,
  mediaTooLarge,
  mediaTruncated,
} from './report.ts'
import { ids, readElement, siftHead, voidHeader } from './webm-elements.ts'

/** Bytes of an element that is held whole. */
const maxHeadBytes = 8 * 1024 * 1024

const sifted: readonly number[] = [ids.seekHead, ids.info, ids.tracks]

/** Sound and picture, and where to jump to; the last ones are parts of a cluster that does not say how long it is. */
const passed: readonly number[] = [
  ...[ids.cluster, ids.cues, ids.chapters],
  ...[0xe7, 0xa3, 0xa0, 0xa7, 0xab, 0x5854, 0xaf],
]

interface Header {
  readonly id: number
  readonly bytes: Uint8Array
  /** Null: up to whatever cannot be inside. */
  readonly size: number | null
}

export async function* cleanWebm(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): MediaCleaning {
  const reader = createMediaReader(source)
  try {
    const findings = createFindings()
    const budget = mediaBudget()
    const first = await readHeader(reader)
    if (first?.id !== ids.ebml || first.size === null) return mediaDamaged('webm', 'header')
    if (first.size > maxHeadBytes) return mediaTooLarge('webm', 'header')
    const head = await reader.take(first.size)
    const segment = await readHeader(reader)
    if (head.length < first.size || segment === null) return mediaTruncated('webm')
    if (segment.id !== ids.segment) return mediaDamaged('webm', 'segment')
    yield concatBytes(first.bytes, head, segment.bytes)
    const end = segment.size === null ? Number.POSITIVE_INFINITY : reader.position() + segment.size
    let hasTracks = false
    for (;;) {
      const isOver = reader.position() >= end
      const isEmpty = (await reader.peek(1)).length === 0
      if (isEmpty || isOver) {
        if (!hasTracks || (isEmpty && !isOver && end !== Number.POSITIVE_INFINITY))
          return mediaTruncated('webm')
        if (!isEmpty) {
          findings.add('trailer')
          await reader.skip(Number.POSITIVE_INFINITY)
        }
        return findings.done()
      }
      const header = await readHeader(reader)
      if (header === null) return mediaDamaged('webm', 'element')
      const { id, bytes, size } = header
      // Frames pass one by one.
      if (!passed.includes(id) && budget.left-- <= 0) return mediaTooLarge('webm', 'elements')
      if (passed.includes(id)) {
        yield bytes
        if (size === null && id !== ids.cluster) return mediaDamaged('webm', 'size')
        if (!(yield* reader.pass(size ?? 0))) return mediaTruncated('webm')
        continue
      }
      if (size === null) return mediaDamaged('webm', 'size')
      if (sifted.includes(id)) {
        if (size > maxHeadBytes) return mediaTooLarge('webm', 'head')
        const body = await reader.take(size)
        if (body.length < size) return mediaTruncated('webm')
        hasTracks ||= id === ids.tracks
        const fault = siftHead(id, body, findings, budget)
        if (fault !== null) return fault
        yield bytes
        yield body
        continue
      }
      if (id === ids.void) {
        yield bytes
        const look = (piece: Uint8Array): void => {
          if (!isBlank(piece)) findings.add('unknown')
        }
        if (!(yield* reader.blank(size, look))) return mediaTruncated('webm')
        continue
      }
      findings.add(id === ids.tags ? 'text' : 'unknown')
      const replaced = voidHeader(bytes.length + size)
      yield replaced
      yield* zeros(bytes.length + size - replaced.length)
      if (!(await reader.skip(size))) return mediaTruncated('webm')
    }
  } finally {
    await reader.close()
  }
}

/** Null when none begins here, or it does not end. */
async function readHeader(reader: MediaReader): Promise<Header | null> {
  const read = readElement(await reader.peek(12), 0)
  return read === null ? null : { id: read.id, size: read.size, bytes: await reader.take(read.body) }
}

function* zeros(length: number): Generator<Uint8Array> {
  const piece = new Uint8Array(64 * 1024)
  for (let rest = length; rest > 0; rest -= piece.length) yield piece.slice(0, Math.min(rest, piece.length))
}

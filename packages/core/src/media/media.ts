/**
 * Video, audio and documents on their way out: which kind, and the same content without what it tells besides (spec I30 to
 * I40; threat T12). Nothing is decoded, little is held, nothing throws but what the source throws.
 *
 *     first bytes ─sniffMedia▶ kind        source, kind ─cleanMedia▶ bytes … ─▶ { removed, blank }
 *
 * @module
 */
import { bmffFormat } from '../images/bmff.ts'
import { hasText, latin1 } from '../images/read.ts'
import { cleanFlac } from './flac.ts'
import { id3Length } from './id3.ts'
import { indexOfText } from './media-reader.ts'
import { cleanMp3, frameHeader, isFollowed } from './mp3.ts'
import { cleanMp4 } from './mp4.ts'
import { cleanOgg } from './ogg.ts'
import { cleanPdf } from './pdf.ts'
import type { ByteRange, MediaCleaning, MediaKind } from './report.ts'
import { cleanWav, isWav } from './wav.ts'
import { cleanWebm } from './webm.ts'

type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export interface MediaType {
  readonly kind: MediaKind
  /** `video/mp4`, `audio/mpeg`, `application/pdf`, … as far as the first bytes tell. */
  readonly mime: string
}

/** First boxes of QuickTime files that are older than brands. */
const quicktimeBoxes: readonly string[] = ['moov', 'mdat', 'wide', 'free', 'skip']

/** Major brands that are sound alone. */
const audioBrands: readonly string[] = ['M4A ', 'M4B ', 'M4P ', 'F4A ', 'F4B ']

/** The kind by the first bytes, never by a name (I31); 4 KiB suffice. Null: it is none that can be cleaned here. */
export function sniffMedia(head: Uint8Array): MediaType | null {
  if (hasText(head, 0, '%PDF-')) return { kind: 'pdf', mime: 'application/pdf' }
  const box = latin1(head, 4, 4)
  if (box === 'ftyp') {
    if (bmffFormat(head) !== null) return null
    const brand = latin1(head, 8, 4)
    if (brand === 'qt  ') return { kind: 'mp4', mime: 'video/quicktime' }
    return { kind: 'mp4', mime: audioBrands.includes(brand) ? 'audio/mp4' : 'video/mp4' }
  }
  if (quicktimeBoxes.includes(box) && head.length >= 16) return { kind: 'mp4', mime: 'video/quicktime' }
  if (isWav(head)) return { kind: 'wav', mime: 'audio/wav' }
  if (hasText(head, 0, 'OggS')) {
    return { kind: 'ogg', mime: indexOfText(head, '\x80theora') === -1 ? 'audio/ogg' : 'video/ogg' }
  }
  if (hasText(head, 0, '\x1a\x45\xdf\xa3')) {
    return { kind: 'webm', mime: indexOfText(head, 'webm') === -1 ? 'video/matroska' : 'video/webm' }
  }
  const tag = id3Length(head) ?? 0
  if (hasText(head, tag, 'fLaC')) return { kind: 'flac', mime: 'audio/flac' }
  return isMp3(head) ? { kind: 'mp3', mime: 'audio/mpeg' } : null
}

function isMp3(head: Uint8Array): boolean {
  if (id3Length(head) !== null) return true
  const frame = frameHeader(head, 0)
  return frame !== null && isFollowed(head, 0, frame)
}

/** The file without what it tells besides; owns `source`. It is clean when `blank` of the report is empty, or was seen to. */
export function cleanMedia(source: Source, kind: MediaKind): MediaCleaning {
  switch (kind) {
    case 'mp4':
      return cleanMp4(source)
    case 'mp3':
      return cleanMp3(source)
    case 'wav':
      return cleanWav(source)
    case 'flac':
      return cleanFlac(source)
    case 'ogg':
      return cleanOgg(source)
    case 'webm':
      return cleanWebm(source)
    case 'pdf':
      return cleanPdf(source)
  }
}

/** The bytes with these ranges zero: `blank` of a report. */
export async function* blankRanges(
  source: AsyncIterable<Uint8Array>,
  ranges: readonly ByteRange[],
): AsyncGenerator<Uint8Array, void, void> {
  let at = 0
  let first = 0
  for await (const piece of source) {
    const end = at + piece.length
    let changed: Uint8Array | null = null
    for (let index = first; index < ranges.length; index++) {
      const range = ranges[index]
      if (range === undefined || range.start >= end) break
      if (range.end <= at) {
        first = index + 1
        continue
      }
      changed ??= piece.slice()
      changed.fill(0, Math.max(0, range.start - at), Math.min(piece.length, range.end - at))
    }
    at = end
    yield changed ?? piece
  }
}

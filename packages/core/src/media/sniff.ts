/**
 * Which kind of video, audio or document this is (spec I31): by its first bytes, never by a name.
 *
 *     first bytes ─sniffMedia▶ kind
 *
 * @module
 */
import { bmffFormat } from '../images/bmff.ts'
import { hasText, latin1 } from '../images/read.ts'
import { id3Length } from './id3.ts'
import { indexOfText } from './index-of-text.ts'
import { frameHeader, isFollowed } from './mp3-frame.ts'
import type { MediaKind } from './report.ts'
import { isWav } from './wav-head.ts'

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

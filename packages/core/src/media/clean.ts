/**
 * Video, audio and documents without what they tell besides (spec I30 to I40; threat T12): `@effigy/core/media`, apart from the
 * rest because it is needed only when a person adds such a file. Nothing is decoded, little is held, nothing throws but what
 * the source throws.
 *
 *     source, kind ─cleanMedia▶ bytes … ─▶ { removed, blank }
 *
 * @module
 */
import { cleanFlac } from './flac.ts'
import { cleanMp3 } from './mp3.ts'
import { cleanMp4 } from './mp4.ts'
import { cleanOgg } from './ogg.ts'
import { cleanPdf } from './pdf.ts'
import type { MediaCleaning, MediaKind } from './report.ts'
import { cleanWav } from './wav.ts'
import { cleanWebm } from './webm.ts'

type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

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

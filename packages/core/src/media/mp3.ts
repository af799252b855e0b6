/**
 * MP3, as it passes by: its frames and nothing else (spec I35).
 *
 *     [ID3v2] frame frame … [APE] [Lyrics3] [ID3v1] ─▶ frame frame …
 *
 * @module
 */
import { hasText } from '../images/read.ts'
import { cleanFlac } from './flac.ts'
import { id3Length } from './id3.ts'
import { indexOfText } from './index-of-text.ts'
import { createMediaReader, type MediaReader } from './media-reader.ts'
import { frameHeader, isFollowed } from './mp3-frame.ts'
import { createFindings, type Findings, type MediaCleaning, mediaDamaged, mediaTruncated } from './report.ts'

/** No frame is longer, bytes. */
const maxFrameBytes = 4096

/** Bytes looked at together for the next frame. */
const windowBytes = 64 * 1024

export async function* cleanMp3(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): MediaCleaning {
  const reader = createMediaReader(source)
  try {
    const findings = createFindings()
    let stream: number | null = null
    for (;;) {
      const head = await reader.peek(10)
      if (head.length === 0) return stream === null ? mediaTruncated('mp3') : findings.done()
      const tagLength = id3Length(head)
      if (tagLength !== null) {
        const isAll = await reader.skip(tagLength, (piece) => {
          findings.add(indexOfText(piece, 'APIC') === -1 ? 'text' : 'picture')
        })
        if (!isAll && stream === null) return mediaTruncated('mp3')
        continue
      }
      if (stream === null && hasText(head, 0, 'fLaC')) {
        // A tag as MP3 has it stood in front of a file of another kind.
        const flac = yield* cleanFlac(reader.pass(Number.POSITIVE_INFINITY))
        if (!flac.ok) return flac
        findings.add(...flac.value.removed)
        return findings.done()
      }
      const frame = frameHeader(head, 0)
      if (frame === null || (stream !== null && frame.stream !== stream)) {
        const isFound = await leaveOut(reader, stream, findings)
        if (!isFound && stream === null) return mediaDamaged('mp3', 'no frames')
        continue
      }
      if (stream === null && !isFollowed(await reader.peek(frame.length + 4), 0, frame)) {
        await leaveOutBytes(reader, 1, findings)
        continue
      }
      if ((await reader.peek(frame.length)).length < frame.length) {
        findings.add('trailer')
        await reader.skip(frame.length)
        continue
      }
      stream = frame.stream
      yield await reader.take(frame.length)
    }
  } finally {
    await reader.close()
  }
}

/** Leaves out what is before the next frame; returns whether there is one. */
async function leaveOut(reader: MediaReader, stream: number | null, findings: Findings): Promise<boolean> {
  for (;;) {
    const window = await reader.peek(windowBytes)
    if (window.length === 0) return false
    const isLast = window.length < windowBytes
    // The first byte begins no frame, that is known.
    const end = isLast ? window.length : window.length - maxFrameBytes
    for (let at = 1; at < end; at++) {
      if (window[at] !== 0xff) continue
      const frame = frameHeader(window, at)
      if (frame === null || (stream !== null && frame.stream !== stream)) continue
      if (!isFollowed(window, at, frame)) continue
      await leaveOutBytes(reader, at, findings)
      return true
    }
    await leaveOutBytes(reader, end, findings)
    if (isLast) return false
  }
}

async function leaveOutBytes(reader: MediaReader, length: number, findings: Findings): Promise<void> {
  await reader.skip(length, (piece) => {
    if (indexOfText(piece, 'TAG') !== -1 || indexOfText(piece, 'APETAGEX') !== -1) findings.add('text')
    else findings.add('unknown')
  })
}

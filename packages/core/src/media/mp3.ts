/**
 * MP3, as it passes by: its frames and nothing else (spec I35).
 *
 *     [ID3v2] frame frame … [APE] [Lyrics3] [ID3v1] ─▶ frame frame …
 *
 * @module
 */
import { hasText, uint32 } from '../images/read.ts'
import { cleanFlac } from './flac.ts'
import { id3Length } from './id3.ts'
import { createMediaReader, indexOfText, type MediaReader } from './media-reader.ts'
import { createFindings, type Findings, type MediaCleaning, mediaDamaged, mediaTruncated } from './report.ts'

export interface FrameHeader {
  /** Version, layer and sample rate: the same in all frames of a file. */
  readonly stream: number
  /** Bytes, with the header. */
  readonly length: number
}

/** Kilobits a second by index from 1, of version 1 layers 1 to 3, and of versions 2 and 2.5 layer 1 and layers 2 and 3. */
const bitrates = {
  v1l1: [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  v1l2: [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  v1l3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  v2l1: [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  v2l23: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const

/** Of version 1; halved for 2, quartered for 2.5. Hz. */
const sampleRates = [44_100, 48_000, 32_000] as const

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

/** Null where none begins, or one of a variant whose frames do not say how long they are. */
export function frameHeader(bytes: Uint8Array, at: number): FrameHeader | null {
  if (at + 4 > bytes.length) return null
  const word = uint32(bytes, at)
  if (word >>> 21 !== 0x7ff) return null
  const version = (word >>> 19) & 3
  const layer = 4 - ((word >>> 17) & 3)
  const index = (word >>> 12) & 15
  const rateIndex = (word >>> 10) & 3
  if (version === 1 || layer === 4 || index === 0 || index === 15 || rateIndex === 3) return null
  const first = version === 3
  const table = first
    ? ([bitrates.v1l1, bitrates.v1l2, bitrates.v1l3] as const)[layer - 1]
    : layer === 1
      ? bitrates.v2l1
      : bitrates.v2l23
  const bitsPerSecond = (table?.[index - 1] ?? 0) * 1000
  const rate = (sampleRates[rateIndex] ?? 0) / (first ? 1 : version === 2 ? 2 : 4)
  const padding = (word >>> 9) & 1
  const length =
    layer === 1
      ? (Math.floor((12 * bitsPerSecond) / rate) + padding) * 4
      : Math.floor(((layer === 3 && !first ? 72 : 144) * bitsPerSecond) / rate) + padding
  return length < 4 ? null : { stream: (version << 4) | (layer << 2) | rateIndex, length }
}

/** Whether another frame of the same stream comes right after; the end of the bytes will do. */
export function isFollowed(bytes: Uint8Array, at: number, frame: FrameHeader): boolean {
  const next = at + frame.length
  if (next === bytes.length || ['TAG', 'APE', 'ID3'].some((tag) => hasText(bytes, next, tag))) return true
  return frameHeader(bytes, next)?.stream === frame.stream
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

/**
 * One frame of MPEG audio, by its header.
 *
 * @module
 */
import { hasText, uint32 } from '../images/read.ts'

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

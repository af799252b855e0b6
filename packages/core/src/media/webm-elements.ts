/**
 * Elements of EBML, and the heads of WebM and Matroska sifted in place (spec I40).
 *
 *     id size body: each number says in its first byte how long it is
 *
 * @module
 */
import { err, type Result } from '../result.ts'
import { isBlank } from './media-reader.ts'
import {
  type Findings,
  type MediaBudget,
  type MediaFault,
  type MediaMetadata,
  mediaDamaged,
  mediaTooLarge,
} from './report.ts'

export const ids = {
  ebml: 0x1a45_dfa3,
  segment: 0x1853_8067,
  seekHead: 0x114d_9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  info: 0x1549_a966,
  tracks: 0x1654_ae6b,
  cluster: 0x1f43_b675,
  cues: 0x1c53_bb6b,
  chapters: 0x1043_a770,
  tags: 0x1254_c367,
  void: 0xec,
  checksum: 0xbf,
  trackEntry: 0xae,
  trackType: 0x83,
  timestampScale: 0x2a_d7b1,
  duration: 0x4489,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
} as const

/** Of a track, what is only said about it. */
const trackWords: readonly number[] = [0x536e, 0x25_8688, 0x3a_9697, 0x3b_4040, 0x26_b240, 0x7446]

/** Video, sound, both, subtitles. */
const keptTracks: readonly number[] = [1, 2, 3, 0x11]

/** What `SeekHead` may lead to. */
const keptPlaces: readonly number[] = [
  ids.seekHead,
  ids.info,
  ids.tracks,
  ids.cluster,
  ids.cues,
  ids.chapters,
]

export interface Element {
  readonly id: number
  readonly start: number
  readonly body: number
  /** Of its body; null: it does not say. */
  readonly size: number | null
}

interface Whole extends Element {
  readonly size: number
  readonly end: number
}

/** Null when none begins at `at`, or the bytes end in its header. */
export function readElement(bytes: Uint8Array, at: number): Element | null {
  const idLength = lengthOf(bytes[at], 4)
  if (idLength === null || at + idLength >= bytes.length) return null
  const sizeAt = at + idLength
  const sizeLength = lengthOf(bytes[sizeAt], 8)
  if (sizeLength === null || sizeAt + sizeLength > bytes.length) return null
  const id = number(bytes, at, idLength)
  const first = (bytes[sizeAt] ?? 0) & (0xff >> sizeLength)
  const rest = bytes.subarray(sizeAt + 1, sizeAt + sizeLength)
  const body = sizeAt + sizeLength
  if (first === 0xff >> sizeLength && rest.every((byte) => byte === 0xff))
    return { id, start: at, body, size: null }
  const size = rest.reduce((sum, byte) => sum * 256 + byte, first)
  return Number.isSafeInteger(size) ? { id, start: at, body, size } : null
}

/** Of a `Void` of `length` bytes in all, at least 2. */
export function voidHeader(length: number): Uint8Array {
  if (length - 2 < 0x7f) return Uint8Array.of(ids.void, 0x80 | (length - 2))
  const size = length - 9
  const high = Math.floor(size / 0x1_0000_0000)
  return Uint8Array.of(
    ...[ids.void, 0x01, (high >>> 16) & 255, (high >>> 8) & 255, high & 255],
    ...[(size >>> 24) & 255, (size >>> 16) & 255, (size >>> 8) & 255, size & 255],
  )
}

/** Changes the body of `SeekHead`, `Info` or `Tracks`; null: it is done. */
export function siftHead(
  id: number,
  body: Uint8Array,
  findings: Findings,
  budget: MediaBudget,
): Result<never, MediaFault> | null {
  const inside = elementsIn(body, 0, body.length, budget)
  if (!inside.ok) return inside
  let isChanged = false
  const drop = (element: Whole, kind: MediaMetadata): void => {
    isChanged = true
    findings.add(kind)
    makeVoid(body, element)
  }
  for (const element of inside.value) {
    if (element.id === ids.void) {
      const padding = body.subarray(element.body, element.end)
      if (!isBlank(padding)) {
        findings.add('unknown')
        isChanged = true
        padding.fill(0)
      }
    } else if (element.id === ids.checksum) continue
    else if (id === ids.info) {
      const kind = infoKind(element.id)
      if (kind === 'software' && !isBlank(body.subarray(element.body, element.end))) {
        findings.add(kind)
        isChanged = true
        body.fill(0, element.body, element.end)
      } else if (kind !== null && kind !== 'software') drop(element, kind)
    } else {
      const parts = elementsIn(body, element.body, element.end, budget)
      if (!parts.ok) return parts
      if (id === ids.seekHead) {
        const place = parts.value.find((part) => part.id === ids.seekId)
        const leads = place !== undefined && keptPlaces.includes(number(body, place.body, place.size))
        if (element.id !== ids.seek || !leads) drop(element, 'unknown')
      } else if (element.id !== ids.trackEntry) drop(element, 'unknown')
      else {
        const type = parts.value.find((part) => part.id === ids.trackType)
        if (type === undefined || !keptTracks.includes(number(body, type.body, type.size))) {
          return err({ code: 'media-cannot-clean', kind: 'webm', reason: 'variant' })
        }
        for (const part of parts.value) {
          if (trackWords.includes(part.id)) drop(part, 'text')
        }
        // What is said of the whole is not true of what is left of it.
        const sum = parts.value.find((part) => part.id === ids.checksum)
        if (sum !== undefined && isChanged) makeVoid(body, sum)
      }
    }
  }
  const sum = inside.value.find((element) => element.id === ids.checksum)
  if (sum !== undefined && isChanged) makeVoid(body, sum)
  return null
}

/** Null: it stays. `software`: it has to be there, and need not say anything. */
function infoKind(id: number): MediaMetadata | null {
  if (id === ids.timestampScale || id === ids.duration) return null
  if (id === ids.muxingApp || id === ids.writingApp) return 'software'
  return id === 0x4461 ? 'time' : id === 0x7ba9 ? 'text' : 'unknown'
}

function elementsIn(
  bytes: Uint8Array,
  from: number,
  to: number,
  budget: MediaBudget,
): Result<readonly Whole[], MediaFault> {
  const elements: Whole[] = []
  for (let at = from; at < to; ) {
    if (budget.left-- <= 0) return mediaTooLarge('webm', 'elements')
    const element = readElement(bytes.subarray(0, to), at)
    if (element === null || element.size === null) return mediaDamaged('webm', 'element')
    const end = element.body + element.size
    if (end > to) return mediaDamaged('webm', 'element')
    elements.push({ ...element, size: element.size, end })
    at = end
  }
  return { ok: true, value: elements }
}

function makeVoid(bytes: Uint8Array, { start, end }: Whole): void {
  bytes.fill(0, start, end)
  bytes.set(voidHeader(end - start), start)
}

/** Bytes of a number, by its first one; null when it is longer than `most`. */
function lengthOf(first: number | undefined, most: number): number | null {
  if (first === undefined || first === 0) return null
  const length = Math.clz32(first) - 23
  return length <= most ? length : null
}

function number(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let index = at; index < at + Math.min(length, 6); index++) value = value * 256 + (bytes[index] ?? 0)
  return value
}

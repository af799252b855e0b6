/**
 * What cleaning a file finds, and why it may fail (spec I30 to I32).
 *
 * @module
 */
import { err, ok, type Result } from '../result.ts'

export type MediaKind = 'mp4' | 'webm' | 'ogg' | 'mp3' | 'flac' | 'wav' | 'pdf'

/**
 * What a file told besides its content. `time`: when it was made; `software`: names of programs and devices; `text`:
 * titles, names, comments; `picture`: a cover or preview; `track`: measurements taken along the way, such as where a
 * camera was; `trailer`: bytes after the end; `unknown`: anything that is not on the format's list of parts to keep.
 */
export type MediaMetadata =
  | 'location'
  | 'time'
  | 'software'
  | 'text'
  | 'xmp'
  | 'picture'
  | 'track'
  | 'trailer'
  | 'unknown'

/** Bytes of a file, `start` to `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export interface MediaReport {
  /** Each kind once, in the order met; empty when every byte stayed as it was. */
  readonly removed: readonly MediaMetadata[]
  /**
   * Bytes of what came out that are to be made zero yet, ascending and apart: a table at a file's end said only after they had
   * gone by that they are metadata. Not clean before that is done (`blankRanges`).
   */
  readonly blank: readonly ByteRange[]
}

export type MediaFault =
  /** The bytes end before the file does. */
  | { readonly code: 'media-truncated'; readonly kind: MediaKind }
  | { readonly code: 'media-damaged'; readonly kind: MediaKind; readonly detail: string }
  /** A part that has to be held whole is longer than is held, or there are more parts than are walked. */
  | { readonly code: 'media-too-large'; readonly kind: MediaKind; readonly detail: string }
  /** It is in order, but what it says besides its content cannot be taken out safely. */
  | {
      readonly code: 'media-cannot-clean'
      readonly kind: MediaKind
      readonly reason: 'encrypted' | 'compressed' | 'fragments' | 'variant'
    }

/** The cleaned bytes as they come, and at the end what was found; after a fault the pieces are worth nothing. */
export type MediaCleaning = AsyncGenerator<Uint8Array, Result<MediaReport, MediaFault>, void>

/** Boxes, chunks, elements, objects of one file; pages and frames, which pass one by one, do not count. */
export const maxMediaParts = 200_000

/** What one file may still cost. */
export interface MediaBudget {
  left: number
}

export const mediaBudget = (): MediaBudget => ({ left: maxMediaParts })

/** Collects what was found. */
export interface Findings {
  add(...kinds: readonly MediaMetadata[]): void
  blank(ranges: readonly ByteRange[]): void
  /** `within`, ascending and apart: nothing else is made zero, whatever tables say. */
  done(within?: readonly ByteRange[]): Result<MediaReport, never>
}

export function createFindings(): Findings {
  const removed: MediaMetadata[] = []
  const ranges: ByteRange[] = []
  return {
    add(...kinds) {
      for (const kind of kinds) if (!removed.includes(kind)) removed.push(kind)
    },
    blank(more) {
      ranges.push(...more)
    },
    done: (within = []) => ok({ removed, blank: shared(merged(ranges), within) }),
  }
}

/** What is in both; each ascending and apart. */
function shared(ranges: readonly ByteRange[], within: readonly ByteRange[]): readonly ByteRange[] {
  const result: ByteRange[] = []
  let first = 0
  for (const range of ranges) {
    while ((within[first]?.end ?? Number.POSITIVE_INFINITY) <= range.start) first++
    for (let index = first; index < within.length; index++) {
      const part = within[index]
      if (part === undefined || part.start >= range.end) break
      result.push({ start: Math.max(range.start, part.start), end: Math.min(range.end, part.end) })
    }
  }
  return result
}

/** Ascending, without overlaps and empty ones. */
function merged(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const result: ByteRange[] = []
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (end <= start) continue
    const last = result.at(-1)
    if (last === undefined || start > last.end) result.push({ start, end })
    else if (end > last.end) result[result.length - 1] = { start: last.start, end }
  }
  return result
}

export function mediaTruncated(kind: MediaKind): Result<never, MediaFault> {
  return err({ code: 'media-truncated', kind })
}

export function mediaDamaged(kind: MediaKind, detail: string): Result<never, MediaFault> {
  return err({ code: 'media-damaged', kind, detail })
}

export function mediaTooLarge(kind: MediaKind, detail: string): Result<never, MediaFault> {
  return err({ code: 'media-too-large', kind, detail })
}

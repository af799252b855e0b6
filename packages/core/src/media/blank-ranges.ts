/**
 * What is known to say too much only when all of a file was read: zeros in its place (spec I32).
 *
 * @module
 */
import type { ByteRange } from './report.ts'

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

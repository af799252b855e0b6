/**
 * Where the samples of one track lie, by its tables (spec I34).
 *
 *     stco │ co64: where each chunk begins    stsc: samples a chunk    stsz │ stz2: bytes a sample ─▶ ranges of the file
 *
 * @module
 */
import type { Box } from '../images/bmff-box.ts'
import { uint16, uint32 } from '../images/read.ts'
import { ok, type Result } from '../result.ts'
import { type ByteRange, type MediaFault, mediaDamaged } from './report.ts'

export function sampleRanges(
  bytes: Uint8Array,
  tables: readonly Box[],
): Result<readonly ByteRange[], MediaFault> {
  const table = (...types: readonly string[]) => tables.find(({ type }) => types.includes(type))
  const [offsets, runs, sizes] = [table('stco', 'co64'), table('stsc'), table('stsz', 'stz2')]
  if (offsets === undefined || runs === undefined || sizes === undefined) {
    return mediaDamaged('mp4', 'sample tables')
  }
  const sizeOf = sampleSizes(bytes, sizes)
  const width = offsets.type === 'co64' ? 8 : 4
  const chunks = Math.min(
    uint32(bytes, offsets.body + 4),
    Math.floor((offsets.end - offsets.body - 8) / width),
  )
  const runCount = Math.min(uint32(bytes, runs.body + 4), Math.floor((runs.end - runs.body - 8) / 12))

  const ranges: ByteRange[] = []
  let [run, sample] = [0, 0]
  for (let chunk = 1; chunk <= chunks; chunk++) {
    const entry = (index: number) => runs.body + 8 + index * 12
    while (run + 1 < runCount && uint32(bytes, entry(run + 1)) <= chunk) run++
    const samples = runCount === 0 ? 0 : uint32(bytes, entry(run) + 4)
    const at = offsets.body + 8 + (chunk - 1) * width
    const start = width === 4 ? uint32(bytes, at) : uint32(bytes, at) * 0x1_0000_0000 + uint32(bytes, at + 4)
    const length = sizeOf(sample, samples)
    sample += samples
    if (!Number.isSafeInteger(start + length)) return mediaDamaged('mp4', 'sample place')
    ranges.push({ start, end: start + length })
  }
  return ok(ranges)
}

/** Bytes of `count` samples from `first` on; samples beyond the table have none, so all calls together are linear. */
function sampleSizes(bytes: Uint8Array, { type, body, end }: Box): (first: number, count: number) => number {
  const total = uint32(bytes, body + 8)
  const constant = type === 'stsz' ? uint32(bytes, body + 4) : 0
  if (constant > 0) return (first, count) => constant * Math.max(0, Math.min(count, total - first))
  const bits = type === 'stsz' ? 32 : (bytes[body + 7] ?? 0)
  const listed = bits === 0 ? 0 : Math.min(total, Math.floor(((end - body - 12) * 8) / bits))
  const sizeAt = (index: number): number => {
    if (bits === 32) return uint32(bytes, body + 12 + index * 4)
    if (bits === 16) return uint16(bytes, body + 12 + index * 2)
    const byte = bytes[body + 12 + (bits === 4 ? index >> 1 : index)] ?? 0
    return bits === 4 ? (index % 2 === 0 ? byte >> 4 : byte & 15) : byte
  }
  return (first, count) => {
    let length = 0
    for (let index = first; index < Math.min(first + count, listed); index++) length += sizeAt(index)
    return length
  }
}

/**
 * Deflated bytes of a file, in and out, bounded (spec I39).
 *
 * @module
 */
import { concatBytes } from '../bytes.ts'

/** Null when they are not deflated, end early, go on beyond their end, or are longer than `maxBytes`. */
export function inflate(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array | null> {
  return through(new DecompressionStream('deflate'), bytes, maxBytes)
}

export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const made = await through(new CompressionStream('deflate'), bytes, Number.POSITIVE_INFINITY)
  if (made === null) throw new Error('bytes in memory can be deflated')
  return made
}

async function through(
  transform: CompressionStream | DecompressionStream,
  bytes: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array | null> {
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
  const reader = source.pipeThrough(transform).getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return concatBytes(...pieces)
      length += value.length
      if (length > maxBytes) {
        await reader.cancel()
        return null
      }
      pieces.push(value)
    }
  } catch {
    return null
  }
}

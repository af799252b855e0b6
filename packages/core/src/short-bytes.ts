/**
 * Room for short byte arrays, many of which share one allocation.
 *
 *     shortBytes(300) ─▶ a view of a slab of 8 KiB, never given twice      above 1 KiB ─▶ memory of its own
 *
 * Memory of its own costs an array of 300 bytes as much time as sealing it does. Whoever keeps a view keeps its slab, so
 * this is for what is soon forgotten: frames on their way. A slab is as long as what is kept for one of them elsewhere.
 *
 * @module
 */

const slabBytes: number = 8 * 1024

/** Bytes. Longer arrays are worth memory of their own. */
const longestShort = 1024

let slab = new ArrayBuffer(slabBytes)
let used = 0

/** `length` zeros that nobody else has. */
export function shortBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > longestShort) return new Uint8Array(length)
  if (used + length > slabBytes) {
    slab = new ArrayBuffer(slabBytes)
    used = 0
  }
  const bytes = new Uint8Array(slab, used, length)
  used += length
  return bytes
}

/** The same bytes for who keeps them: in memory of their own where they would keep much more than themselves. */
export function keptBytes(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength > 2 * bytes.length ? bytes.slice() : bytes
}

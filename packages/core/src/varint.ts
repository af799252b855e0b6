/**
 * Whole numbers in as few bytes as they need: unsigned LEB128, shortest form only (spec M4).
 *
 * @module
 */

/** Eight groups of seven bits hold any safe integer. */
export const maxVarintBytes = 8

/** Appends bytes to a buffer that grows; one writer per message. */
export interface ByteWriter {
  readonly length: number
  byte(value: number): void
  bytes(value: Uint8Array): void
  /** A safe integer of at least zero. */
  varint(value: number): void
  /** A copy of all that was written. */
  take(): Uint8Array
}

/** Reads from one array; every method gives null at the end of the bytes or where they are not canonical. */
export interface ByteReader {
  readonly left: number
  byte(): number | null
  /** A view, not a copy. */
  bytes(length: number): Uint8Array | null
  varint(): number | null
}

export function createByteWriter(capacity = 1024): ByteWriter {
  let buffer = new Uint8Array(capacity)
  let length = 0

  function reserve(more: number): void {
    if (length + more <= buffer.length) return
    const grown = new Uint8Array(Math.max(buffer.length * 2, length + more))
    grown.set(buffer.subarray(0, length))
    buffer = grown
  }

  return {
    get length() {
      return length
    },
    byte(value) {
      reserve(1)
      buffer[length++] = value
    },
    bytes(value) {
      reserve(value.length)
      buffer.set(value, length)
      length += value.length
    },
    varint(value) {
      if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('a varint is a safe integer from 0')
      reserve(maxVarintBytes)
      let rest = value
      while (rest > 0x7f) {
        buffer[length++] = (rest % 128) | 0x80
        rest = Math.floor(rest / 128)
      }
      buffer[length++] = rest
    },
    take() {
      return buffer.slice(0, length)
    },
  }
}

export function createByteReader(source: Uint8Array): ByteReader {
  let at = 0
  return {
    get left() {
      return source.length - at
    },
    byte() {
      return at < source.length ? (source[at++] as number) : null
    },
    bytes(length) {
      if (length > source.length - at) return null
      at += length
      return source.subarray(at - length, at)
    },
    varint() {
      let value = 0
      let scale = 1
      for (let count = 1; count <= maxVarintBytes; count++) {
        const byte = source[at]
        if (byte === undefined) return null
        at++
        value += (byte & 0x7f) * scale
        if (byte < 0x80) {
          const shortest = byte !== 0 || count === 1
          return shortest && Number.isSafeInteger(value) ? value : null
        }
        scale *= 128
      }
      return null
    },
  }
}

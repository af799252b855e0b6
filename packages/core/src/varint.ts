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

/** Classes, because one is made for each message: an object with getters of its own takes twenty times as long to make. */
export function createByteWriter(capacity = 1024): ByteWriter {
  return new GrowingWriter(capacity)
}

/** Copies nothing: `source` has to stay as it is for as long as views of it are used. */
export function createByteReader(source: Uint8Array): ByteReader {
  return new ArrayReader(source)
}

class GrowingWriter implements ByteWriter {
  #buffer: Uint8Array<ArrayBuffer>
  #length = 0

  constructor(capacity: number) {
    this.#buffer = new Uint8Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = value
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
  }

  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('a varint is a safe integer from 0')
    this.#reserve(maxVarintBytes)
    let rest = value
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.#buffer[this.#length++] = rest
  }

  take(): Uint8Array {
    return this.#buffer.slice(0, this.#length)
  }

  #reserve(more: number): void {
    const least = this.#length + more
    if (least <= this.#buffer.length) return
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, least))
    grown.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = grown
  }
}

class ArrayReader implements ByteReader {
  readonly #source: Uint8Array
  #at = 0

  constructor(source: Uint8Array) {
    this.#source = source
  }

  get left(): number {
    return this.#source.length - this.#at
  }

  byte(): number | null {
    return this.#at < this.#source.length ? (this.#source[this.#at++] as number) : null
  }

  bytes(length: number): Uint8Array | null {
    if (length > this.#source.length - this.#at) return null
    this.#at += length
    return this.#source.subarray(this.#at - length, this.#at)
  }

  varint(): number | null {
    let value = 0
    let scale = 1
    for (let count = 1; count <= maxVarintBytes; count++) {
      const byte = this.#source[this.#at]
      if (byte === undefined) return null
      this.#at++
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        const shortest = byte !== 0 || count === 1
        return shortest && Number.isSafeInteger(value) ? value : null
      }
      scale *= 128
    }
    return null
  }
}

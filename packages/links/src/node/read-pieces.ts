/**
 * Gives the memory back in which the bytes of a socket came, once `ws` has made messages of them.
 *
 *     64 KiB off the wire ─came▶ ws ─message, a copy─▶ given(length) ─▶ pieces that lie wholly before it are freed
 *
 * A collector that learns of them late looks through the whole program once for each 60 MB received: a fifth of
 * what a large transfer costs a machine of two cores (docs/decisions/0007-blocks-at-speed.md).
 *
 * @module
 */

export interface ReadPieces {
  /** Off the wire, before `ws` sees it. */
  came(piece: Uint8Array): void
  /** `ws` gave out a message of so many bytes: it and all before it is read. Who keeps `isBorrowed` bytes has copied them. */
  given(length: number): void
  /** `ws` may hand these bytes on: what they lie in is left to the collector. */
  keep(bytes: Uint8Array): void
  /** Whether the bytes lie in a piece that will be freed. */
  isBorrowed(bytes: Uint8Array): boolean
  /** Nothing more is known of who reads: all is left to the collector. */
  stop(): void
}

/** Bytes. Shorter pieces cost little, and some of them share one allocation. */
const leastFreed: number = 16 * 1024

/** Pieces that wait for a message: 4 MiB, several of the longest. Older ones are left to the collector. */
const mostWaiting = 64

/** Payload bytes that a header of four bytes can announce. */
const mostInShortFrame = 65_535

interface Waiting {
  readonly buffer: ArrayBuffer
  /** Of the stream, where it ends. */
  readonly end: number
  /** Pieces that had come then. */
  readonly count: number
}

const nothing: Waiting[] = []

export function createReadPieces(): ReadPieces {
  return new Pieces()
}

/** A class, because each socket has one. Short pieces are only counted: an idle socket holds none. */
class Pieces implements ReadPieces {
  #waiting = nothing
  #owned: Set<unknown> | null = null
  /** Pieces and bytes of the stream that came, and bytes that were read at least. */
  #count = 0
  #came = 0
  #read = 0
  #isStopped = false

  came({ buffer, length }: Uint8Array): void {
    if (this.#isStopped) return
    this.#came += length
    this.#count++
    if (length >= leastFreed && length === buffer.byteLength && buffer instanceof ArrayBuffer) {
      if (this.#waiting === nothing) this.#waiting = []
      this.#waiting.push({ buffer, end: this.#came, count: this.#count })
      this.#owned ??= new Set()
      this.#owned.add(buffer)
    }
    const [oldest] = this.#waiting
    if (oldest !== undefined && this.#count - oldest.count >= mostWaiting) {
      this.#waiting.shift()
      this.#owned?.delete(oldest.buffer)
    }
  }

  given(length: number): void {
    if (this.#isStopped) return
    this.#read += length + leastHeader(length)
    for (;;) {
      const [oldest] = this.#waiting
      if (oldest === undefined || oldest.end > this.#read) return
      this.#waiting.shift()
      if (this.#owned?.delete(oldest.buffer) === true) oldest.buffer.transfer(0)
    }
  }

  keep({ buffer }: Uint8Array): void {
    this.#owned?.delete(buffer)
  }

  isBorrowed({ buffer }: Uint8Array): boolean {
    return this.#owned?.has(buffer) === true
  }

  stop(): void {
    this.#isStopped = true
    this.#waiting = nothing
    this.#owned = null
  }
}

/**
 * Bytes of headers that a message has at least, in however many frames it came. What is more than that, masks and
 * pings, only lets pieces wait longer.
 */
function leastHeader(length: number): number {
  return length <= 125 ? 2 : Math.min(10, 4 * Math.max(1, Math.floor(length / mostInShortFrame)))
}

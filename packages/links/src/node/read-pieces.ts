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

export function createReadPieces(): ReadPieces {
  let waiting: Uint8Array[] = []
  const owned = new Set<unknown>()
  /** Bytes of the stream before the first piece that waits, and those that were read at least. */
  let start = 0
  let read = 0
  let isStopped = false

  function shift(): Uint8Array | undefined {
    const piece = waiting.shift()
    start += piece?.length ?? 0
    return piece
  }

  return {
    came(piece) {
      if (isStopped) return
      waiting.push(piece)
      const { buffer, length } = piece
      if (length >= leastFreed && length === buffer.byteLength) owned.add(buffer)
      if (waiting.length > mostWaiting) owned.delete(shift()?.buffer)
    },
    given(length) {
      if (isStopped) return
      read += length + leastHeader(length)
      for (;;) {
        const [piece] = waiting
        if (piece === undefined || start + piece.length > read) return
        shift()
        if (owned.delete(piece.buffer) && piece.buffer instanceof ArrayBuffer) piece.buffer.transfer(0)
      }
    },
    keep({ buffer }) {
      owned.delete(buffer)
    },
    isBorrowed: ({ buffer }) => owned.has(buffer),
    stop() {
      isStopped = true
      waiting = []
      owned.clear()
    },
  }
}

/**
 * Bytes of headers that a message has at least, in however many frames it came. What is more than that, masks and
 * pings, only lets pieces wait longer.
 */
function leastHeader(length: number): number {
  return length <= 125 ? 2 : Math.min(10, 4 * Math.max(1, Math.floor(length / mostInShortFrame)))
}

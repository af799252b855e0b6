/**
 * How many blocks one source is asked for at once (spec R7): as many as it gives in two seconds.
 *
 *     a fast one   4 ─▶ 8 ─▶ 16 ─▶ 24      a slow one   4 ─▶ 2, in pieces
 *
 * @module
 */

export interface BlobWindow {
  /** Blocks that may be under way. */
  readonly blocks: number
  /** Bytes of a block asked for at a time; null for all. A cut loses no more of what a slow source gave. */
  readonly pieceBytes: number | null
  /** The first of a row was asked for: what went before says nothing. */
  begin(): void
  arrived(bytes: number): void
}

const firstBlocks = 4
const leastBlocks = 2

/** Blocks of full length; neither side waits for the other then. */
const mostBytes: number = 6 * 1024 * 1024

/** However small they are. */
const mostBlocks = 48

/** Of a block, from a source that takes seconds for one. */
const slowPieceBytes: number = 32 * 1024

/** Less a second is slow: 256 KiB take 4 s. */
const slowBytesPerSecond: number = 64 * 1024

/** Its blocks are counted for so long, ms. */
const measuredMs = 500

/** What it gives in that time is asked for ahead, ms. */
const aheadMs = 2_000

export function createBlobWindow(monotonic: () => number): BlobWindow {
  return new MeasuredWindow(monotonic)
}

class MeasuredWindow implements BlobWindow {
  readonly #monotonic: () => number
  #blocks = firstBlocks
  #sinceMs: number
  #count = 0
  #total = 0
  #isSlow = false

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
    this.#sinceMs = monotonic()
  }

  get blocks(): number {
    return this.#blocks
  }

  get pieceBytes(): number | null {
    return this.#isSlow ? slowPieceBytes : null
  }

  begin(): void {
    this.#restart(this.#monotonic())
  }

  arrived(bytes: number): void {
    this.#count++
    this.#total += bytes
    const nowMs = this.#monotonic()
    const passedMs = nowMs - this.#sinceMs
    const most = Math.min(
      mostBlocks,
      Math.max(leastBlocks, Math.floor((mostBytes * this.#count) / Math.max(1, this.#total))),
    )
    // Before it is known, each block that came lets one more be asked for: twice as many a round trip.
    if (passedMs < measuredMs) {
      this.#blocks = Math.min(most, this.#blocks + 1)
      return
    }
    this.#isSlow = (this.#total * 1000) / passedMs < slowBytesPerSecond
    const ahead = Math.ceil((this.#count * aheadMs) / passedMs)
    this.#blocks = Math.max(leastBlocks, Math.min(most, 2 * this.#blocks, ahead))
    this.#restart(nowMs)
  }

  #restart(nowMs: number): void {
    this.#sinceMs = nowMs
    this.#count = 0
    this.#total = 0
  }
}

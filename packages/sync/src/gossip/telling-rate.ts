/**
 * How many live heads one frame may hold, adapted to what the link takes (spec G3).
 *
 *     frame due ─ link holds more than 64 KiB ─▶ × 0.75, entries stay behind      else ─▶ + a fifth
 *
 * @module
 */
import { type Adaptation, adapt } from './flow-control.ts'

export interface Telling {
  /** At most so many heads. */
  readonly heads: number
  /** Whether entries may come along. */
  readonly carries: boolean
}

/** Bytes that have not left: more than a fast reader leaves in 100 ms of live heads. */
export const backlogBytes: number = 64 * 1024

/** With the records that prove disputes, up to ten each, a message of 1,000. */
export const mostHeads = 100

const adaptation: Adaptation = { decrease: 0.75, increase: 0.2 * mostHeads, least: 8, most: mostHeads }

/** A class, because each session has one. `link` says how many bytes wait there. */
export class TellingRate {
  readonly #link: { buffered(): number }
  #allowed = mostHeads

  constructor(link: { buffered(): number }) {
    this.#link = link
  }

  /** Ask once for each frame. */
  next(): Telling {
    const isBacklogged = this.#link.buffered() > backlogBytes
    this.#allowed = adapt(this.#allowed, isBacklogged, adaptation)
    return { heads: Math.floor(this.#allowed), carries: !isBacklogged }
  }
}

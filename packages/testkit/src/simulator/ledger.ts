/**
 * What was acknowledged to people, so that it can be asked for at the end.
 *
 *     publish ─resolved▶ standing ─ remove, erase, edit ─▶ gone        killed in between ─▶ doubtful
 *
 * @module
 */
import type { Cid, RawCid } from '@effigy/core'

export type Standing =
  | 'standing'
  /** Its author took it away. */
  | 'gone'
  /** Nobody can tell: the process died while it was being taken away, or the disk was set back and nobody else had it. */
  | 'doubtful'

export interface Acknowledged {
  readonly content: RawCid
  /** Of the run, ms. */
  readonly atMs: number
  readonly type: string
  /** Files that it needs. */
  readonly files: readonly Cid[]
  state: Standing
}

export interface Ledger {
  /** By author, then content, in order. */
  entries(author: string): ReadonlyMap<RawCid, Acknowledged>
  acknowledge(author: string, content: RawCid, type: string, files: readonly Cid[]): void
  settle(author: string, contents: readonly RawCid[], state: 'gone' | 'doubtful'): void
  readonly count: number
}

export function createLedger(nowMs: () => number): Ledger {
  const byAuthor = new Map<string, Map<RawCid, Acknowledged>>()
  let count = 0

  function of(author: string): Map<RawCid, Acknowledged> {
    const known = byAuthor.get(author) ?? new Map<RawCid, Acknowledged>()
    byAuthor.set(author, known)
    return known
  }

  return {
    entries: of,
    acknowledge(author, content, type, files) {
      count++
      of(author).set(content, { content, atMs: nowMs(), type, files, state: 'standing' })
    },
    settle(author, contents, state) {
      for (const content of contents) {
        const entry = of(author).get(content)
        if (entry !== undefined && entry.state !== 'gone') entry.state = state
      }
    },
    get count() {
      return count
    },
  }
}

/**
 * Blocks written beside everything else that a store does (spec S3, S16).
 *
 *     checked blocks ─write▶ a transaction ─on the medium▶ what it changed
 *
 * Only blocks that name no others: what a node holds is counted where it is read (block-table.ts).
 *
 * @module
 */
import type { RawCid } from '@effigy/core'

export type Block = readonly [RawCid, Uint8Array]

/** Blocks that were not here before. */
export interface BlockCounts {
  readonly blocks: number
  readonly bytes: number
  readonly heldBytes: number
}

export type WriteOutcome =
  | { readonly type: 'written'; readonly counts: BlockCounts }
  /** None of them is there; `error` is what `Sqlite` throws. */
  | { readonly type: 'failed'; readonly error: unknown }

export interface BlockWriter {
  /** Outside any transaction; nobody sees the blocks before it resolves. The bytes are not needed any longer than the call. `at`: ms, when they were last used. */
  write(blocks: readonly Block[], at: number): Promise<WriteOutcome>
}

/**
 * Everything that a store holds, as one file, while it is open (spec S57).
 *
 *     main file, as of one moment ─▶ pieces ─▶ blocks, those that are there while it goes on ─▶ end
 *
 * It holds what opens private notes, and no key of the device: it is as secret as the store. What was read of the main
 * file is held in memory until it is given.
 *
 * @module
 */
import { EffigyError, type Sha256 } from '@effigy/core'
import type { Progress } from '../query-port.ts'
import { checkpoint, type Sqlite } from '../sqlite.ts'
import type { Store } from '../store.ts'
import { copyStart, encodePiece } from './copy-format.ts'

export interface ExportOptions {
  readonly signal: AbortSignal
  /** In bytes of the main file and the blocks that are known at the beginning. */
  readonly onProgress?: (progress: Progress) => void
}

const mainPieceBytes: number = 1024 * 1024
const rowsPerStep = 256

/** `readMain`: the bytes of the main file. Throws the signal's reason, and what the store throws. */
export async function* exportStore(
  parts: {
    readonly store: Store
    readonly main: Sqlite
    readonly readMain: () => Uint8Array
    readonly sha256: Sha256
  },
  { signal, onProgress = () => {} }: ExportOptions,
): AsyncGenerator<Uint8Array> {
  const { store, main, readMain, sha256 } = parts
  const { copying } = store
  if (copying === undefined) throw new EffigyError('storage-failed', 'This store cannot be copied.')
  signal.throwIfAborted()
  using _kept = copying.keepBlocks()
  store.finishAppending?.()
  checkpoint(main)
  const bytes = readMain()
  const lastRow = copying.lastRow()
  const total = bytes.length + store.blobUsage().bytes
  let done = 0
  const given = (length: number): void => {
    signal.throwIfAborted()
    done += length
    onProgress({ done, total: Math.max(done, total) })
  }

  yield copyStart()
  for (let at = 0; at < bytes.length; at += mainPieceBytes) {
    const piece = bytes.subarray(at, at + mainPieceBytes)
    yield encodePiece({ type: 'main', bytes: piece }, sha256)
    given(piece.length)
  }
  for (let after = 0; after < lastRow; ) {
    const rows = copying.blocksAfter(after, rowsPerStep)
    for (const { row, cid } of rows) {
      // Those that came meanwhile belong to entries that are not in the copy.
      if (row > lastRow) break
      const block = store.block(cid)
      // Damaged, and taken out since.
      if (block === null) continue
      yield encodePiece({ type: 'block', cid, bytes: block }, sha256)
      given(block.length)
    }
    const last = rows.at(-1)
    if (last === undefined) break
    after = last.row
  }
  yield encodePiece({ type: 'end' }, sha256)
}

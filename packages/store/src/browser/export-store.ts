/**
 * Everything that a store holds, as one file, while it is open (spec S57).
 *
 *     log ─▶ main file, held as it is ─▶ pieces ─▶ blocks, those that are there while it goes on ─▶ end
 *                     ▲ what is written meanwhile waits in the log
 *
 * It holds what opens private notes, and no key of the device: it is as secret as the store.
 *
 * @module
 */
import { EffigyError, type Sha256 } from '@effigy/core'
import type { Progress } from '../query-port.ts'
import { holdFile } from '../sqlite.ts'
import type { Store } from '../store.ts'
import type { WasmSqlite } from '../wasm/connection.ts'
import { copyStart, encodePiece } from './copy-format.ts'

export interface ExportOptions {
  readonly signal: AbortSignal
  /** In bytes of the main file and the blocks that are known at the beginning. */
  readonly onProgress?: (progress: Progress) => void
}

const mainPieceBytes: number = 1024 * 1024
const rowsPerStep = 256

/**
 * One at a time. Throws the signal's reason, what the store throws, and `EffigyError`: 'copy-busy' (another one is made),
 * 'copy-outrun' (so much was written meanwhile that it had to go into the file: start again).
 */
export async function* exportStore(
  parts: {
    readonly store: Store
    readonly main: WasmSqlite
    readonly sha256: Sha256
  },
  { signal, onProgress = () => {} }: ExportOptions,
): AsyncGenerator<Uint8Array> {
  const { store, main, sha256 } = parts
  const { copying } = store
  if (copying === undefined) throw new EffigyError('storage-failed', 'This store cannot be copied.')
  signal.throwIfAborted()
  using _kept = copying.keepBlocks()
  store.finishAppending?.()
  using hold = holdFile(main)
  if (hold === null) throw new EffigyError('copy-busy', 'A copy is being made already.')
  const mainBytes = main.fileBytes()
  const lastRow = copying.lastRow()
  const total = mainBytes + store.blobUsage().bytes
  let done = 0
  const given = (length: number): void => {
    signal.throwIfAborted()
    done += length
    onProgress({ done, total: Math.max(done, total) })
  }

  yield copyStart()
  for (let at = 0; at < mainBytes; at += mainPieceBytes) {
    if (!hold.isHeld) throw new EffigyError('copy-outrun', 'Too much was written while the copy was made.')
    const piece = main.readFile(at, Math.min(mainPieceBytes, mainBytes - at))
    yield encodePiece({ type: 'main', bytes: piece }, sha256)
    given(piece.length)
  }
  hold[Symbol.dispose]()
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

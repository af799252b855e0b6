/**
 * Blocks that were checked, on their way to the store: some are written together (spec R7).
 *
 *     block ─add▶ waits ─32 in all sessions, 100 ms, or needed now▶ putBlocks ─▶ onWritten
 *
 * @module
 */
import { type Cid, EffigyError } from '@effigy/core'
import type { Store } from '@effigy/store'
import { freeBytes } from '../free-bytes.ts'
import type { BlobTransfers } from './blob-transfers.ts'
import type { Effects } from './effects.ts'

export interface CheckedBlock {
  readonly cid: Cid
  /** All of it; given up once it is written. */
  readonly whole: Uint8Array | null
}

export interface BlobWrites<Block extends CheckedBlock> {
  readonly waiting: number
  /** `isNeeded`: what comes next depends on it. */
  add(block: Block, isNeeded: boolean): void
  flush(): void
}

export interface BlobWritesPorts<Block extends CheckedBlock> {
  readonly store: Pick<Store, 'putBlocks'>
  readonly effects: Pick<Effects, 'after'>
  readonly transfers: Pick<BlobTransfers, 'unwritten'>
  /** The disk takes its time: what can be asked for is asked for first. */
  readonly before: () => void
  /** `hasRoom`: all of them are in the store; else some may be. */
  readonly onWritten: (blocks: readonly Block[], hasRoom: boolean) => void
}

/** Checked blocks, of all sessions, after which a session writes its own: each transaction waits for the medium. */
const maxUnwritten = 32

/** Ms until fewer are written; a source that pauses costs a crash no more than that. */
const writeMs = 100

export function createBlobWrites<Block extends CheckedBlock>(
  ports: BlobWritesPorts<Block>,
): BlobWrites<Block> {
  const { store, effects, transfers, before, onWritten } = ports
  let blocks: Block[] = []
  let timer: Disposable | null = null

  function flush(): void {
    timer?.[Symbol.dispose]()
    timer = null
    before()
    const written = blocks
    blocks = []
    transfers.unwritten.blocks -= written.length
    if (written.length === 0) return
    const hasRoom = putBlocks(
      store,
      written.flatMap(({ cid, whole }) => (whole === null ? [] : [[cid, whole] as const])),
    )
    for (const { whole } of written) if (whole !== null) freeBytes(whole)
    onWritten(written, hasRoom)
  }

  return {
    get waiting() {
      return blocks.length
    },
    add(block, isNeeded) {
      blocks.push(block)
      transfers.unwritten.blocks++
      if (isNeeded || transfers.unwritten.blocks >= maxUnwritten) flush()
      else timer ??= effects.after(writeMs, flush)
    },
    flush,
  }
}

/** False when there is no room for all of them; then there may be for some. */
function putBlocks(
  store: Pick<Store, 'putBlocks'>,
  blocks: readonly (readonly [Cid, Uint8Array])[],
): boolean {
  try {
    store.putBlocks(blocks)
    return true
  } catch (error) {
    if (!(error instanceof EffigyError && error.code === 'storage-full')) throw error
    if (blocks.length > 1) blocks.every((block) => putBlocks(store, [block]))
    return false
  }
}

/**
 * Blocks that were checked, on their way to the store: some are written together (spec R7).
 *
 *     block ─add▶ waits ─32 in all sessions, 100 ms, or needed now▶ putBlocks ─▶ onWritten
 *                   ╰─ 2 MiB before that: writeBlocks, beside what comes next ─╯
 *
 * @module
 */
import { type Cid, EffigyError, isRawCid, type RawCid } from '@effigy/core'
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
  /** Checked and not written. */
  readonly waiting: number
  /** `isNeeded`: what comes next depends on it. */
  add(block: Block, isNeeded: boolean): void
  /** The session is over: what waits is written at once. */
  close(): void
}

export interface BlobWritesPorts<Block extends CheckedBlock> {
  readonly store: Pick<Store, 'putBlocks' | 'writeBlocks'>
  readonly effects: Pick<Effects, 'after' | 'soon'>
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

/** Bytes that are written beside what comes next: from a slow source as many do not come in `writeMs`. */
const enoughBeside: number = 2 * 1024 * 1024

export function createBlobWrites<Block extends CheckedBlock>(
  ports: BlobWritesPorts<Block>,
): BlobWrites<Block> {
  const { store, effects, transfers, before, onWritten } = ports
  let blocks: Block[] = []
  let bytes = 0
  /** Blocks that are being written beside what comes. */
  let beside = 0
  /** Raw blocks only, in a store that can, and that has room. */
  let mayGoBeside = false
  let wasFull = false
  let timer: Disposable | null = null

  function flush(): void {
    timer?.[Symbol.dispose]()
    timer = null
    before()
    const isBeside = mayGoBeside && bytes >= enoughBeside
    const written = take()
    if (written.length === 0) return
    if (isBeside) {
      writeBeside(written)
      return
    }
    const hasRoom = putBlocks(store, written.flatMap(bytesOf))
    free(written)
    onWritten(written, hasRoom)
  }

  function take(): readonly Block[] {
    const taken = blocks
    blocks = []
    bytes = 0
    mayGoBeside = Boolean(store.writeBlocks) && !wasFull
    transfers.unwritten.blocks -= taken.length
    return taken
  }

  function writeBeside(written: readonly Block[]): void {
    beside += written.length
    const done = (outcome: () => boolean): void =>
      effects.soon(() => {
        beside -= written.length
        onWritten(written, outcome())
      })
    const writing = store.writeBlocks?.(written.flatMap(bytesOf) as (readonly [RawCid, Uint8Array])[])
    free(written)
    writing?.then(
      () => done(() => true),
      (error: unknown) =>
        done(() => {
          if (!isFull(error)) throw error
          // There may be room for some of them: next time one by one.
          wasFull = true
          mayGoBeside = false
          return false
        }),
    )
  }

  mayGoBeside = Boolean(store.writeBlocks)
  return {
    get waiting() {
      return blocks.length + beside
    },
    add(block, isNeeded) {
      blocks.push(block)
      bytes += block.whole?.length ?? 0
      if (!isRawCid(block.cid)) mayGoBeside = false
      transfers.unwritten.blocks++
      const isEnough = mayGoBeside && bytes >= enoughBeside
      if (isNeeded || isEnough || transfers.unwritten.blocks >= maxUnwritten) flush()
      else timer ??= effects.after(writeMs, flush)
    },
    close() {
      timer?.[Symbol.dispose]()
      timer = null
      const written = take()
      if (written.length > 0) putBlocks(store, written.flatMap(bytesOf))
    },
  }
}

/** Their bytes are in the store's hands, or nobody's. */
function free(blocks: readonly CheckedBlock[]): void {
  for (const { whole } of blocks) if (whole !== null) freeBytes(whole)
}

function bytesOf({ cid, whole }: CheckedBlock): readonly (readonly [Cid, Uint8Array])[] {
  return whole === null ? [] : [[cid, whole]]
}

const isFull = (error: unknown): boolean => error instanceof EffigyError && error.code === 'storage-full'

/** False when there is no room for all of them; then there may be for some. */
function putBlocks(
  store: Pick<Store, 'putBlocks'>,
  blocks: readonly (readonly [Cid, Uint8Array])[],
): boolean {
  try {
    store.putBlocks(blocks)
    return true
  } catch (error) {
    if (!isFull(error)) throw error
    if (blocks.length > 1) blocks.every((block) => putBlocks(store, [block]))
    return false
  }
}

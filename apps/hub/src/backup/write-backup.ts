/**
 * Makes a backup of a hub, while it runs or at rest.
 *
 *     no block goes ─▶ copy of main.sqlite, as of one moment ─▶ blocks that were there then ─▶ tar, piece by piece
 *
 * The entries come first and the blocks after them, so a block that came between the two is only one more; none that an
 * entry of the copy names and that was here has gone meanwhile.
 *
 * @module
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { EffigyError } from '@effigy/core'
import { tarBytes, tarEnd, tarHead, tarPadding } from '@effigy/peer'
import { type Block, type Progress, type Store, writeCar } from '@effigy/store'
import { type CopyOptions, copyMainFile } from '@effigy/store/node'
import type { Clock } from '@effigy/sync'
import { bytesIn } from './backup-file.ts'
import {
  aboutName,
  type BackupEnd,
  endName,
  mainName,
  maxTextBytes,
  pieceBytes,
  pieceName,
  recordsName,
  vaultName,
  writeText,
} from './contents.ts'

/** Writes `hub.sqlite`, as it is at one moment, to a new file. */
export type CopyRecords = (path: string, options: CopyOptions) => Promise<void>

export interface BackupSource {
  readonly home: string
  /** Of a folder. */
  readonly store: Store
  /** Null where there are none. */
  readonly copyRecords: CopyRecords | null
  readonly clock: Pick<Clock, 'now'>
  /** Of this software. */
  readonly version: string
}

export interface WriteBackupOptions {
  /** With the vault, as it lies in the home: who has it is the hub, unless a passphrase locks it. */
  readonly keys: boolean
  readonly signal: AbortSignal
  /** In bytes; the total is an estimate. */
  readonly onProgress?: (progress: Progress) => void
}

const folderPrefix = '.backup-'

/** Rows that are looked at together. */
const rowsPerStep = 256

/** What a backup that was killed left behind; while nobody else has the home open. */
export function sweepBackups(home: string): void {
  if (!existsSync(home)) return
  for (const name of readdirSync(home)) {
    if (name.startsWith(folderPrefix)) rmSync(join(home, name), { recursive: true, force: true })
  }
}

/**
 * The archive, as fast as it is taken. Throws what the medium throws, the signal's reason, and `EffigyError` 'closed'
 * when the store is closed meanwhile.
 */
export async function* writeHubBackup(
  source: BackupSource,
  options: WriteBackupOptions,
): AsyncGenerator<Uint8Array, BackupEnd, void> {
  const { home, store, copyRecords, clock, version } = source
  const { keys, signal, onProgress } = options
  const { copying } = store
  if (copying === undefined) throw new TypeError('a store that cannot be copied')
  signal.throwIfAborted()
  const at = clock.now()
  const folder = mkdtempSync(join(home, folderPrefix))
  using _kept = copying.keepBlocks()
  let done = 0
  let total = 0

  async function* file(
    name: string,
    size: number,
    content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ) {
    yield tarHead(name, size, at)
    let left = size
    for await (const piece of content) {
      signal.throwIfAborted()
      left -= piece.length
      if (left < 0) break
      yield piece
    }
    if (left !== 0) throw new EffigyError('backup-changed', `${name} changed while it was read.`)
    yield tarPadding(size)
    done += tarBytes(size)
    onProgress?.({ done: Math.min(done, total), total })
  }

  try {
    const main = join(folder, 'main.sqlite')
    const records = join(folder, 'hub.sqlite')
    await copyMainFile(store, main, { signal })
    // Blocks that come later are in no entry of the copy.
    const lastRow = copying.lastRow()
    await copyRecords?.(records, { signal })
    const mainBytes = statSync(main).size
    const recordsBytes = copyRecords === null ? 0 : statSync(records).size
    total = mainBytes + recordsBytes + store.blobUsage().bytes

    const about = writeText({ v: 1, at, version, keys })
    yield* file(aboutName, about.length, [about])
    if (keys) {
      const vault = readVault(home)
      yield* file(vaultName, vault.length, [vault])
    }
    yield* file(mainName, mainBytes, wholeFile(main))
    rmSync(main)
    if (copyRecords !== null) yield* file(recordsName, recordsBytes, wholeFile(records))

    const end = { v: 1, blocks: 0, bytes: 0, damaged: 0 } as {
      -readonly [Key in keyof BackupEnd]: BackupEnd[Key]
    }
    let number = 0
    for (const piece of pieces(store, lastRow, end)) {
      const archive: Uint8Array[] = []
      let size = 0
      for await (const part of writeCar([], piece)) {
        archive.push(part)
        size += part.length
      }
      yield* file(pieceName(++number), size, archive)
      await nextTurn()
    }
    const last = writeText(end)
    yield* file(endName, last.length, [last])
    yield tarEnd
    return end
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function* wholeFile(path: string): AsyncGenerator<Uint8Array> {
  await using file = await open(path, 'r')
  yield* bytesIn(file, 0, Number.MAX_SAFE_INTEGER)
}

/** Blocks up to a row, as many at a time as are put together in memory. */
function* pieces(
  store: Store,
  lastRow: number,
  end: { blocks: number; bytes: number; damaged: number },
): Iterable<readonly Block[]> {
  let piece: Block[] = []
  let size = 0
  for (let after = 0; after < lastRow; ) {
    const rows = store.copying?.blocksAfter(after, rowsPerStep) ?? []
    for (const { row, cid } of rows) {
      if (row > lastRow) break
      const bytes = store.block(cid)
      if (bytes === null) {
        end.damaged++
        continue
      }
      end.blocks++
      end.bytes += bytes.length
      piece.push({ cid, bytes })
      size += bytes.length
      if (size < pieceBytes) continue
      yield piece
      piece = []
      size = 0
    }
    const last = rows.at(-1)
    if (last === undefined) break
    after = last.row
  }
  if (piece.length > 0) yield piece
}

/** The bytes as they lie there: a vault that a passphrase locks stays locked. */
function readVault(home: string): Uint8Array {
  const bytes = readFileSync(join(home, 'vault.json'))
  if (bytes.length > maxTextBytes) throw new EffigyError('vault-damaged', 'The vault is too large.')
  return bytes
}

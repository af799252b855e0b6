/**
 * Writing files that a person asked for: never over another one unless told to, never through a link.
 *
 *     chunks ─▶ FILE (made exclusively)        --force: chunks ─▶ FILE.part ─rename▶ FILE
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { failure } from './failure.ts'

export interface WriteOptions {
  /** Replace what is there. */
  readonly force: boolean
  readonly signal: AbortSignal
}

/** Throws `file-exists` early, before anything is fetched for nothing. */
export function demandFree(path: string, force: boolean): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!force || stats.isDirectory()) throw failure('file-exists', path)
}

/** Writes a whole file and gives its bytes; what was begun is removed when it fails. Throws `file-exists`, `file-unwritable`. */
export async function writeWholeFile(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  { force, signal }: WriteOptions,
): Promise<number> {
  // 'wx' follows no link at the end of the path, and makes no file where one is.
  const target = force ? `${path}.${randomUUID().slice(0, 8)}.part` : path
  const file = await create(target, path)
  let isWhole = false
  try {
    let size = 0
    for await (const chunk of chunks) {
      signal.throwIfAborted()
      await file.writeFile(chunk)
      size += chunk.length
    }
    await file.sync()
    isWhole = true
    return size
  } catch (cause) {
    if (isSystemError(cause)) throw failure('file-unwritable', path)
    throw cause
  } finally {
    await file.close()
    if (!isWhole) await rm(target, { force: true })
    else if (force) await rename(target, path)
  }
}

async function create(target: string, path: string): Promise<FileHandle> {
  try {
    return await open(target, 'wx')
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw isThere ? failure('file-exists', path) : failure('file-unwritable', path)
  }
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause
}

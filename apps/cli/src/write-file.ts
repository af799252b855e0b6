/**
 * Writing files that a person asked for: never over another one unless told to, never through a link.
 *
 *     chunks ─fsync▶ FILE.….part ─link, which never replaces▶ FILE        --force: ─rename▶ FILE
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { failure } from './failure.ts'

export interface WriteOptions {
  /** Replace what is there. */
  readonly force: boolean
  readonly signal: AbortSignal
  /** Of the new file, less what the process masks; 0666 when omitted. */
  readonly mode?: number
}

/** Throws `file-exists` early, before anything is fetched for nothing. */
export function demandFree(path: string, force: boolean): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!force || stats.isDirectory()) throw failure('file-exists', path)
}

/**
 * Writes a whole file and gives its bytes: under its name it is there whole and durable, or not at all, whatever becomes
 * of the process. What was begun is removed when it fails. Throws `file-exists`, `file-unwritable`.
 */
export async function writeWholeFile(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  { force, signal, mode = 0o666 }: WriteOptions,
): Promise<number> {
  const part = `${path}.${randomUUID().slice(0, 8)}.part`
  try {
    // 'wx' follows no link at the end of the path, and makes no file where one is.
    const file = await open(part, 'wx', mode)
    let size = 0
    try {
      for await (const chunk of chunks) {
        signal.throwIfAborted()
        await file.writeFile(chunk)
        size += chunk.length
      }
      await file.sync()
    } finally {
      await file.close()
    }
    if (force) await rename(part, path)
    else await giveName(part, path)
    await syncFolder(dirname(path))
    return size
  } catch (cause) {
    if (isSystemError(cause)) throw failure('file-unwritable', path)
    throw cause
  } finally {
    await rm(part, { force: true }).catch(() => {})
  }
}

/** Never over another file. Throws `file-exists`. */
async function giveName(part: string, path: string): Promise<void> {
  try {
    await link(part, path)
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) throw failure('file-exists', path)
    // File systems without links (FAT, some network shares).
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].some((code) => isCode(cause, code))) throw cause
    demandFree(path, false)
    await rename(part, path)
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return // cannot open folders
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause
}

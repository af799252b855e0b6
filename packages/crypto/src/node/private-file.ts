/**
 * A small file of mode 0600 that is replaced as a whole, or not at all.
 *
 *     bytes ─write, fsync─▶ <path>.new ─rename, fsync of the directory─▶ <path>
 *     the first ─write, fsync─▶ <path>.<random>.new ─link, which never replaces─▶ <path>
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { EffigyError } from '@effigy/core'

/** Windows has no such bits; there the directory's own protection counts. */
const hasModes = process.platform !== 'win32'

/** Null when there is no such file. Mode and bytes are of one open file, so they cannot change in between. */
export function readPrivateFile(path: string, maxLength: number, isAgain = false): Uint8Array | null {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY)
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return null
    throw new EffigyError('vault', `cannot open the vault ${path}`, { cause })
  }
  try {
    const { mode, size } = fstatSync(file)
    if (hasModes && (mode & 0o077) !== 0) {
      const octal = (mode & 0o777).toString(8)
      throw new EffigyError(
        'vault-exposed',
        `the vault ${path} can be read or written by others (mode ${octal}): chmod 600 it, and think of its keys as known if others use this machine`,
      )
    }
    if (size > maxLength) throw new EffigyError('vault-damaged', `the vault ${path} is damaged (too large)`)
    const bytes = new Uint8Array(readFileSync(file))
    // Written over, since another stands in its place now.
    const isFormer = size > 0 && isAgain === false && bytes.every((byte) => byte === 0)
    return isFormer ? readPrivateFile(path, maxLength, true) : bytes
  } catch (cause) {
    if (cause instanceof EffigyError) throw cause
    throw new EffigyError('vault', `cannot read the vault ${path}`, { cause })
  } finally {
    closeSync(file)
  }
}

/** Durable on return. */
export function replacePrivateFile(path: string, bytes: Uint8Array): void {
  const fresh = `${path}.new`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    // What a crash left behind may have another owner or mode: never written into.
    rmSync(fresh, { force: true })
    writeFresh(fresh, bytes)
    renameSync(fresh, path)
    syncDirectory(dirname(path))
  } catch (cause) {
    throw new EffigyError('vault', `cannot write the vault ${path}`, { cause })
  }
}

/**
 * The file as it is now, to be written over once another stands in its place: what a disk keeps of it elsewhere, in a
 * journal, a snapshot or the spare blocks of an SSD, nobody here can reach. Null when there is none.
 */
export function holdFormerFile(path: string): ({ writeOver(): void } & Disposable) | null {
  let file: number | null
  try {
    file = openIfThere(path)
  } catch (cause) {
    throw new EffigyError('vault', `cannot write the vault ${path}`, { cause })
  }
  if (file === null) return null
  return {
    writeOver() {
      try {
        writeOver(file)
      } catch (cause) {
        const message = `the vault ${path} was replaced, but its former bytes could not be written over`
        throw new EffigyError('vault', message, { cause })
      }
    },
    [Symbol.dispose]: () => closeSync(file),
  }
}

/** Whole or not at all, and never over another: of two that come at once one is told false. */
export function createPrivateFile(path: string, bytes: Uint8Array): boolean {
  const fresh = `${path}.${randomBytes(8).toString('hex')}.new`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFresh(fresh, bytes)
    if (!linkFresh(fresh, path, bytes)) return false
    syncDirectory(dirname(path))
    return true
  } catch (cause) {
    throw new EffigyError('vault', `cannot write the vault ${path}`, { cause })
  } finally {
    rmSync(fresh, { force: true })
  }
}

/**
 * Writes over and removes what crashes left behind: files that were on their way to `path`. Only while nobody else writes
 * there: what is written over may be in its place by then.
 */
export function sweepPrivateFile(path: string): void {
  const name = basename(path)
  try {
    for (const entry of readdirSync(dirname(path))) {
      if (!entry.startsWith(`${name}.`) || !entry.endsWith('.new')) continue
      // One name of two of the same file: that is the file itself.
      removePrivateFile(join(dirname(path), entry), { keepLinked: true })
    }
  } catch (cause) {
    if (cause instanceof EffigyError) throw cause
    if (!isCode(cause, 'ENOENT'))
      throw new EffigyError('vault', `cannot tidy beside the vault ${path}`, { cause })
  }
}

/** Written over first: the disk may keep copies all the same, but not this one. Nothing when there is none. */
export function removePrivateFile(path: string, { keepLinked = false } = {}): void {
  try {
    const file = openIfThere(path)
    if (file === null) return
    try {
      if (!keepLinked || fstatSync(file).nlink === 1) writeOver(file)
    } finally {
      closeSync(file)
    }
    rmSync(path, { force: true })
    syncDirectory(dirname(path))
  } catch (cause) {
    throw new EffigyError('vault', `cannot remove ${path}`, { cause })
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, constants.O_RDWR)
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return null
    throw cause
  }
}

function writeOver(file: number): void {
  const { size } = fstatSync(file)
  writeSync(file, new Uint8Array(size), 0, size, 0)
  fsyncSync(file)
}

/** File systems without links (FAT, some network shares) get the file in place, which a crash may leave half written. */
function linkFresh(fresh: string, path: string, bytes: Uint8Array): boolean {
  try {
    linkSync(fresh, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].some((code) => isCode(error, code))) throw error
  }
  try {
    writeFresh(path, bytes)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** A new file, durable on return; throws when there is one. */
function writeFresh(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, bytes)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function syncDirectory(path: string): void {
  if (!hasModes) return // Windows cannot open directories
  const directory = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

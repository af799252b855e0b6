/**
 * The vault as one file of mode 0600, replaced as a whole.
 *
 *     contents ─write, fsync─▶ <path>.new ─rename, fsync of the directory─▶ <path>
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
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { EffigyError } from '@effigy/core'
import { parseVaultContents, type Vault, type VaultContents, writeVaultContents } from '../vault.ts'

/** Several times what the longest contents take. */
const maxFileLength = 4096

/** Windows has no such bits; there the directory's own protection counts. */
const hasModes = process.platform !== 'win32'

/** Opens the vault at `path`; its directory is made (0700) when it is first written. */
export function openVaultFile(path: string): Vault {
  function read(): VaultContents | null {
    const text = readPrivateFile(path)
    if (text === null) return null
    const parsed = parseVaultContents(text)
    if (parsed.ok) return parsed.value
    throw new EffigyError(
      'vault',
      parsed.error.code === 'version'
        ? `the vault ${path} was written by a newer version`
        : `the vault ${path} is damaged (${parsed.error.code})`,
    )
  }

  function create(contents: VaultContents): boolean {
    return createFile(path, checkedText(contents))
  }

  function replace(contents: VaultContents): void {
    replaceFile(path, checkedText(contents))
  }

  function newInstance(): number {
    const contents = read()
    if (contents === null) throw new EffigyError('vault', `there is no vault at ${path}`)
    const instance = contents.instance + 1
    replace({ ...contents, instance })
    return instance
  }

  return { read, create, replace, newInstance }
}

function checkedText(contents: VaultContents): string {
  const text = writeVaultContents(contents)
  if (!parseVaultContents(text).ok) throw new TypeError('not the contents of a vault')
  return text
}

/** Null when there is no such file. Mode and bytes are of one open file, so they cannot change in between. */
function readPrivateFile(path: string): string | null {
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
    if (size > maxFileLength) throw new EffigyError('vault', `the vault ${path} is damaged (too large)`)
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (cause instanceof EffigyError) throw cause
    throw new EffigyError('vault', `cannot read the vault ${path}`, { cause })
  } finally {
    closeSync(file)
  }
}

function replaceFile(path: string, text: string): void {
  const fresh = `${path}.new`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    // What a crash left behind may have another owner or mode: never written into.
    rmSync(fresh, { force: true })
    writeFresh(fresh, text)
    renameSync(fresh, path)
    syncDirectory(dirname(path))
  } catch (cause) {
    throw new EffigyError('vault', `cannot write the vault ${path}`, { cause })
  }
}

/** Whole or not at all, and never over another: of two that come at once one is told false. */
function createFile(path: string, text: string): boolean {
  const fresh = `${path}.${randomBytes(8).toString('hex')}.new`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFresh(fresh, text)
    if (!linkFresh(fresh, path, text)) return false
    syncDirectory(dirname(path))
    return true
  } catch (cause) {
    throw new EffigyError('vault', `cannot write the vault ${path}`, { cause })
  } finally {
    rmSync(fresh, { force: true })
  }
}

/** File systems without links (FAT, some network shares) get the file in place, which a crash may leave half written. */
function linkFresh(fresh: string, path: string, text: string): boolean {
  try {
    linkSync(fresh, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].some((code) => isCode(error, code))) throw error
  }
  try {
    writeFresh(path, text)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** A new file, durable on return; throws when there is one. */
function writeFresh(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, text)
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

/**
 * The file that a backup is written to, and read from: whole under its name, or not there.
 *
 *     tar ─age, where there is a passphrase▶ OUT.part (0600) ─fsync, link▶ OUT
 *
 * @module
 */
import { constants, linkSync, lstatSync, renameSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EffigyError, equalBytes, err, ok, type Result, utf8 } from '@effigy/core'
import { checkPassphrase, createAgeHeader, passphraseRecipient, sealAgeFile } from '@effigy/crypto'
import { createNodeCrypto, nodeScrypt } from '@effigy/crypto/node'
import { openAgeBackup } from '@effigy/peer'
import type { Progress } from '@effigy/store'

export interface WriteFileOptions {
  /** Null: not encrypted. */
  readonly passphrase: string | null
  /** Of the passphrase's work (spec Z1), for tests; 18 when omitted. */
  readonly factor?: number
  readonly signal: AbortSignal
}

/**
 * Gives the bytes of the file. Throws `EffigyError` 'backup-exists', 'passphrase-short', 'passphrase-long', what the
 * source and the medium throw, and the signal's reason; then nothing is left under either name.
 */
export async function writeBackupFile(
  path: string,
  tar: AsyncIterable<Uint8Array>,
  { passphrase, factor, signal }: WriteFileOptions,
): Promise<number> {
  assertAbsent(path)
  const pieces = passphrase === null ? tar : await sealed(tar, passphrase, factor)
  const part = `${path}.part`
  // What a killed one left behind; whoever still writes there notices before it is linked.
  rmSync(part, { force: true })
  const file = await open(part, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600)
  let bytes = 0
  try {
    for await (const piece of pieces) {
      signal.throwIfAborted()
      await writeAll(file, piece)
      bytes += piece.length
    }
    await file.sync()
    finish(part, path, (await file.stat()).ino)
  } catch (cause) {
    rmSync(part, { force: true })
    throw cause
  } finally {
    await file.close()
  }
  await syncFolder(dirname(path))
  return bytes
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
}

async function sealed(
  tar: AsyncIterable<Uint8Array>,
  passphrase: string,
  factor?: number,
): Promise<AsyncIterable<Uint8Array>> {
  const checked = checkPassphrase(passphrase)
  if (!checked.ok) {
    throw new EffigyError(checked.error.code, 'A passphrase has from 8 characters to 1,024 bytes.')
  }
  const crypto = createNodeCrypto()
  const recipient = passphraseRecipient(passphrase, { crypto, scrypt: nodeScrypt }, factor)
  return sealAgeFile(await createAgeHeader([recipient]), tar, crypto)
}

export function assertAbsent(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return
  throw new EffigyError('backup-exists', `${path} is there already. Choose another name.`)
}

/** Never over another file. */
function finish(part: string, path: string, inode: number): void {
  if (lstatSync(part, { throwIfNoEntry: false })?.ino !== inode) {
    throw new EffigyError('backup-changed', `Somebody else wrote to ${part}.`)
  }
  try {
    linkSync(part, path)
    rmSync(part)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    if (code === 'EEXIST') assertAbsent(path)
    // File systems without links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) throw cause
    assertAbsent(path)
    renameSync(part, path)
  }
}

export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export interface ReadFileOptions {
  /** Null where there is none. */
  readonly passphrase: string | null
  readonly signal: AbortSignal
  /** In bytes of what is inside. */
  readonly onProgress?: (progress: Progress) => void
}

/**
 * `passphrase-needed`: it is encrypted, and none was given; `passphrase-wrong`, `work-factor`; `not-a-backup`: no regular
 * file, or an age file for others; `backup-damaged`.
 */
export interface OpenFileFault {
  readonly code: string
}

export interface BackupFile extends AsyncDisposable {
  /** The archive, once. Throws the system's errors, the signal's reason, and `EffigyError` 'backup-damaged'. */
  readonly tar: AsyncIterable<Uint8Array>
}

/** Throws the system's errors, and the signal's reason. */
export async function openBackupFile(
  path: string,
  options: ReadFileOptions,
): Promise<Result<BackupFile, OpenFileFault>> {
  await using undo = new AsyncDisposableStack()
  const file = undo.adopt(await open(path, 'r'), (opened) => opened.close())
  const found = await file.stat()
  if (!found.isFile()) return err({ code: 'not-a-backup' })
  const opened = await archiveIn(file, found.size, options)
  if (!opened.ok) return opened
  const owned = undo.move()
  return ok({ tar: opened.value, [Symbol.asyncDispose]: () => owned.disposeAsync() })
}

async function archiveIn(
  file: FileHandle,
  bytes: number,
  { passphrase, signal, onProgress }: ReadFileOptions,
): Promise<Result<AsyncIterable<Uint8Array>, OpenFileFault>> {
  const read = ({ offset, length }: { readonly offset: number; readonly length: number }) =>
    bytesIn(file, offset, Math.min(bytes, offset + length))
  if (!(await isAge(file))) return ok(counted(read({ offset: 0, length: bytes }), bytes))
  if (passphrase === null) return err({ code: 'passphrase-needed' })
  const crypto = createNodeCrypto()
  const opened = await openAgeBackup({ read, bytes, key: { passphrase }, crypto, scrypt: nodeScrypt, signal })
  if (!opened.ok) {
    const { code } = opened.error
    return err({ code: code === 'identity-needed' || code === 'not-for-us' ? 'not-a-backup' : code })
  }
  return ok(counted(opened.value.plaintext({}), opened.value.bytes))

  async function* counted(source: AsyncIterable<Uint8Array>, total: number): AsyncGenerator<Uint8Array> {
    let done = 0
    for await (const piece of source) {
      signal.throwIfAborted()
      yield piece
      done += piece.length
      onProgress?.({ done, total })
    }
  }
}

/** Bytes that are read at once. */
const readBytes: number = 256 * 1024

/** From one place in a file up to another, or to its end. The file stays open. */
export async function* bytesIn(file: FileHandle, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; ) {
    const bytes = new Uint8Array(Math.min(readBytes, to - at))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield bytes.subarray(0, bytesRead)
  }
}

const ageMark = utf8('age-encryption.org/')

async function isAge(file: FileHandle): Promise<boolean> {
  const start = new Uint8Array(ageMark.length)
  await file.read(start, 0, start.length, 0)
  return equalBytes(start, ageMark)
}

/**
 * A backup on this disk, opened with a passphrase or with the words of its account (spec Z7 to Z11).
 *
 *     FILE, passphrase │ words ─readBackup▶ account, keys, feeds
 *
 * @module
 */
import { type FileHandle, open } from 'node:fs/promises'
import { isPassphraseHeader } from '@effigy/crypto'
import { createNodeCrypto, nodeScrypt } from '@effigy/crypto/node'
import { type Backup, readBackup, recoverySecret } from '@effigy/peer'
import type { Context } from './context.ts'
import { CommandFailure, failure } from './failure.ts'
import { demandFile } from './input.ts'
import { backupAdvice, vaultSay as say } from './messages/index.ts'
import { backupPassphrase } from './passphrase.ts'

export interface OpenBackup extends AsyncDisposable {
  readonly backup: Backup
  /** Of the file. */
  readonly bytes: number
}

/** Checks all of it, with progress; dispose it. Throws `file-…`, `backup-…`, `passphrase-wrong`, `phrase-invalid`. */
export async function openBackupFile(
  context: Context,
  path: string,
  key: { readonly passphrase: string } | { readonly phrase: string },
): Promise<OpenBackup> {
  demandFile(path)
  const { output, signal } = context
  const crypto = createNodeCrypto()
  const way =
    'passphrase' in key ? key : { identity: await crypto.agreementKey(await recoverySecret(key.phrase)) }
  await using undo = new AsyncDisposableStack()
  const file = await open(path, 'r').catch(() => {
    throw failure('file-unreadable', path)
  })
  undo.defer(() => file.close())
  const { size: bytes } = await file.stat()
  const read = await readBackup({
    read: ({ offset, length }) => rangeOf(file, path, offset, Math.min(length, bytes - offset)),
    bytes,
    key: way,
    crypto,
    scrypt: nodeScrypt,
    signal,
    onProgress: (progress) => output.progress(say.checkingBackup, progress),
  })
  output.clear()
  if (!read.ok) {
    const { code } = read.error
    throw new CommandFailure(code, { what: say.unread(path), advice: backupAdvice[code] })
  }
  const owned = undo.move()
  return { backup: read.value, bytes, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** What opens it: the passphrase where it asks for one (named by `file`, else of a person), else the words (null: none). */
export async function backupKey(
  context: Context,
  path: string,
  file: string | undefined,
  phrase: string | null,
): Promise<{ readonly passphrase: string } | { readonly phrase: string }> {
  if (file === undefined && phrase !== null && !(await asksForPassphrase(path))) return { phrase }
  return { passphrase: await backupPassphrase(context, file ?? null) }
}

async function asksForPassphrase(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => {
    throw failure('file-unreadable', path)
  })
  try {
    const start = new Uint8Array(256)
    await file.read(start)
    return isPassphraseHeader(start)
  } finally {
    await file.close()
  }
}

const chunkBytes: number = 1024 * 1024

async function* rangeOf(
  file: FileHandle,
  path: string,
  offset: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; ) {
    const chunk = new Uint8Array(Math.min(chunkBytes, length - at))
    const { bytesRead } = await file.read(chunk, 0, chunk.length, offset + at).catch(() => {
      throw failure('file-unreadable', path)
    })
    if (bytesRead === 0) return
    yield chunk.subarray(0, bytesRead)
    at += bytesRead
  }
}

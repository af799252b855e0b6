/**
 * A backup's age file, opened (spec Z7): any range of what is inside, each piece as it was sealed.
 *
 *     header ─passphrase, recovery key▶ file key ─▶ plaintext, in pieces of 64 KiB
 *
 * @module
 */
import { EffigyError, err, ok, type Result } from '@effigy/core'
import {
  type AgeHeader,
  ageHeaderLength,
  ageIdentity,
  agePayloadKey,
  agePayloadNonceBytes,
  isPassphraseHeader,
  maxAgeHeaderBytes,
  openAgeHeader,
  openedStreamBytes,
  openStream,
  passphraseIdentity,
  type ReadCiphertext,
} from '@effigy/crypto'
import type { BackupFault } from './backup.ts'
import type { ReadBackupOptions } from './read-backup.ts'

export interface OpenedBackup {
  /** Of what is inside. */
  readonly bytes: number
  /** All of it, or a range. Throws `EffigyError` 'backup-damaged' where it is cut off or altered, and the signal's reason. */
  plaintext(range: { readonly offset?: number; readonly length?: number }): AsyncGenerator<Uint8Array>
}

/** Throws what `read` throws, and `EffigyError` 'memory'. */
export async function openAgeBackup({
  read,
  bytes,
  key: ways,
  crypto,
  scrypt,
  signal,
}: Omit<ReadBackupOptions, 'onProgress'>): Promise<Result<OpenedBackup, BackupFault>> {
  const start = await take(read, 0, Math.min(bytes, maxAgeHeaderBytes + agePayloadNonceBytes))
  const opened = await openHeader(start, { key: ways, crypto, scrypt })
  if (!opened.ok) return opened
  const at = opened.value.bytes.length + agePayloadNonceBytes
  if (start.length < at) return err({ code: 'backup-damaged' })
  const nonce = start.subarray(opened.value.bytes.length, at)
  const key = agePayloadKey(opened.value.fileKey, nonce, crypto)
  const plaintextBytes = openedStreamBytes(bytes - at)
  if (plaintextBytes === null) return err({ code: 'backup-damaged' })
  const segments = { key, hash: null, bytes: plaintextBytes, crypto }
  const payload: ReadCiphertext = ({ offset, length }) => read({ offset: at + offset, length })
  return ok({
    bytes: plaintextBytes,
    async *plaintext(range) {
      for await (const piece of openStream(payload, { ...segments, ...range })) {
        signal.throwIfAborted()
        if (!piece.ok) throw damaged()
        yield piece.value
      }
    },
  })
}

async function openHeader(
  start: Uint8Array,
  { key, crypto, scrypt }: Pick<ReadBackupOptions, 'key' | 'crypto' | 'scrypt'>,
): Promise<Result<AgeHeader, BackupFault>> {
  const length = ageHeaderLength(start)
  if (!length.ok) return err({ code: 'not-a-backup' })
  const header = start.subarray(0, length.value)
  const isForPassphrase = isPassphraseHeader(header)
  if ('identity' in key && isForPassphrase) return err({ code: 'passphrase-needed' })
  if ('passphrase' in key && !isForPassphrase) return err({ code: 'identity-needed' })
  const identity =
    'passphrase' in key
      ? passphraseIdentity(key.passphrase, { crypto, scrypt })
      : ageIdentity(key.identity, crypto)
  const opened = await openAgeHeader(header, [identity])
  if (opened.ok) return opened
  const { code } = opened.error
  return err({ code: code === 'age' || code === 'too-many-recipients' ? 'backup-damaged' : code })
}

async function take(read: ReadCiphertext, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let at = 0
  if (length === 0) return bytes
  for await (const piece of read({ offset, length })) {
    const part = piece.subarray(0, length - at)
    bytes.set(part, at)
    at += part.length
    if (at === length) break
  }
  return bytes.subarray(0, at)
}

function damaged(): EffigyError {
  return new EffigyError('backup-damaged', 'The backup is damaged, or was changed while it was read.')
}

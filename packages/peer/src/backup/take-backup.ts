/**
 * `peer.takeBackup`: a backup, or an archive of feeds, out of a file into this device's store (spec Z11, B12).
 *
 *     file ─age?▶ passphrase │ words ─every piece checked▶ read keys, feeds ─▶ store
 *       ╰──else▶ archive of feeds ──────────────────────────────────────────▶ store
 *
 * @module
 */
import { EffigyError, err, type Identity, ok, type Result, utf8 } from '@effigy/core'
import { type Crypto, isPassphraseHeader, maxAgeHeaderBytes, type Scrypt } from '@effigy/crypto'
import type { Progress, Store } from '@effigy/store'
import { fileBytes, wholeFile } from '../file-bytes.ts'
import type { Backup, BackupAccount, BackupFault } from './backup.ts'
import { type ImportedFeed, importFeeds } from './import-feeds.ts'
import { readBackup } from './read-backup.ts'
import { recoverySecret } from './recovery-secret.ts'
import { type FailedFeed, takeContents } from './take-contents.ts'

/**
 * Nothing is written of what this device says, and no account is taken: that is `account.move`, or a link. What came
 * before a fault stands, and it can be taken again. Throws the signal's reason, what the store throws, and
 * `EffigyError` 'memory' and 'file-unreadable' (it was changed, or taken away).
 */
export type TakeBackup = (
  file: Blob,
  options: TakeBackupOptions,
) => Promise<Result<TakenBackup, TakeBackupFault>>

export interface TakeBackupOptions {
  /** A passphrase, or the words of the account, as the file asks for. Null: try without, which says what it asks for. */
  readonly key: { readonly passphrase: string } | { readonly phrase: string } | null
  readonly signal: AbortSignal
  /** In bytes, of twice the file: it is checked, then taken. */
  readonly onProgress?: (progress: Progress) => void
}

export interface TakenBackup {
  /** Null: an archive of feeds. */
  readonly account: BackupAccount | null
  /** Only who has the passphrase could have made it; else its hubs and follows are a stranger's word. */
  readonly isAuthentic: boolean
  readonly feeds: readonly ImportedFeed[]
  /** Feeds of a backup of which nothing could be taken: not all came that is in it. */
  readonly failed: readonly FailedFeed[]
}

/**
 * Those of a backup, and:
 *
 * - `phrase-invalid`: no words of an account
 * - `import-damaged`: an archive, or each one in a backup, is not what it should be
 */
export interface TakeBackupFault {
  readonly code: BackupFault['code'] | 'phrase-invalid' | 'import-damaged'
}

export interface TakeBackupPorts {
  readonly store: Store
  readonly self: Identity
  readonly crypto: Crypto
  readonly scrypt: Scrypt
}

const ageStart = utf8('age-encryption.org/')

/** As `TakeBackup`. */
export async function readInBackup(
  { store, self, crypto, scrypt }: TakeBackupPorts,
  file: Blob,
  { key, signal, onProgress = () => {} }: TakeBackupOptions,
): Promise<Result<TakenBackup, TakeBackupFault>> {
  signal.throwIfAborted()
  const start = await wholeFile(file.slice(0, maxAgeHeaderBytes))
  const isBackup = ageStart.every((byte, at) => start[at] === byte)
  const { size } = file
  const part = (step: number, { done, total }: Progress): void =>
    onProgress({ done: step * size + Math.floor((size * done) / Math.max(1, total)), total: 2 * size })
  const deps = { store, self, crypto, signal, onProgress: (progress: Progress) => part(1, progress) }
  if (!isBackup) {
    const imported = await importFeeds({ ...deps, open: () => fileBytes(file) })
    if (!imported.ok) return err({ code: 'import-damaged' })
    return ok({ account: null, isAuthentic: false, feeds: imported.value, failed: [] })
  }
  if (key === null) {
    return err({ code: isPassphraseHeader(start) ? 'passphrase-needed' : 'identity-needed' })
  }
  const opener = await openerOf(key, crypto)
  if (!opener.ok) return opener
  const read = await readBackup({
    read: ({ offset, length }) => fileBytes(file.slice(offset, offset + length)),
    bytes: size,
    key: opener.value,
    crypto,
    scrypt,
    signal,
    onProgress: (progress) => part(0, progress),
  })
  if (!read.ok) return read
  return await take(read.value, deps)
}

async function openerOf(
  key: NonNullable<TakeBackupOptions['key']>,
  crypto: Pick<Crypto, 'agreementKey'>,
): Promise<Result<Parameters<typeof readBackup>[0]['key'], TakeBackupFault>> {
  if ('passphrase' in key) return ok({ passphrase: key.passphrase })
  try {
    return ok({ identity: await crypto.agreementKey(await recoverySecret(key.phrase)) })
  } catch (cause) {
    if (cause instanceof EffigyError && cause.code === 'phrase-invalid')
      return err({ code: 'phrase-invalid' })
    throw cause
  }
}

async function take(
  backup: Backup,
  deps: Parameters<typeof takeContents>[1],
): Promise<Result<TakenBackup, TakeBackupFault>> {
  try {
    const taken = await takeContents(backup, deps)
    if (!taken.ok) return err({ code: 'import-damaged' })
    return ok({ account: backup.account, isAuthentic: backup.isAuthentic, ...taken.value })
  } catch (cause) {
    // It changed since it was checked.
    if (cause instanceof EffigyError && cause.code === 'backup-damaged') return err({ code: cause.code })
    throw cause
  }
}

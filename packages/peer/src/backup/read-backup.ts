/**
 * Reads a backup (backup.ts): all of it is checked before anything of it counts.
 *
 *     header ─passphrase, recovery key▶ file key ─every segment, in order▶ tar ─▶ account, keys, where each feed lies
 *
 * @module
 */
import { EffigyError, err, ok, type Result } from '@effigy/core'
import {
  type AgeHeader,
  type AgreementKey,
  ageHeaderLength,
  ageIdentity,
  agePayloadKey,
  agePayloadNonceBytes,
  type Crypto,
  isPassphraseHeader,
  maxAgeHeaderBytes,
  openAgeHeader,
  openedStreamBytes,
  openStream,
  passphraseIdentity,
  type ReadCiphertext,
  type Scrypt,
} from '@effigy/crypto'
import type { Progress } from '@effigy/store'
import type { Backup, BackupAccount, BackupFault, BackupFeed, BackupKeys } from './backup.ts'
import { accountName, keysName, parseAccount, parseFeedName, parseKeys } from './contents.ts'
import { readTar, type TarFile } from './tar.ts'

export interface ReadBackupOptions {
  /** Any range of the file, as often as it is asked for. */
  readonly read: ReadCiphertext
  /** Of the file. */
  readonly bytes: number
  readonly key: { readonly passphrase: string } | { readonly identity: AgreementKey }
  readonly crypto: Crypto
  readonly scrypt: Scrypt
  readonly signal: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/** Of `account.json` and `keys.json`; what 100,000 follows and keys take several times. */
const maxTextBytes: number = 64 * 1024 * 1024

/** A feed each, and the three texts. */
const maxFiles = 100_000

/** Throws what `read` throws, the signal's reason, and `EffigyError` 'memory'. */
export async function readBackup(options: ReadBackupOptions): Promise<Result<Backup, BackupFault>> {
  const { read, bytes, crypto, signal, onProgress } = options
  signal.throwIfAborted()
  const start = await take(read, 0, Math.min(bytes, maxAgeHeaderBytes + agePayloadNonceBytes))
  const opened = await openHeader(start, options)
  if (!opened.ok) return opened
  const at = opened.value.bytes.length + agePayloadNonceBytes
  if (start.length < at) return err({ code: 'backup-damaged' })
  const nonce = start.subarray(opened.value.bytes.length, at)
  const key = agePayloadKey(opened.value.fileKey, nonce, crypto)
  const plaintextBytes = openedStreamBytes(bytes - at)
  if (plaintextBytes === null) return err({ code: 'backup-damaged' })
  const segments = { key, hash: null, bytes: plaintextBytes, crypto }
  const payload: ReadCiphertext = ({ offset, length }) => read({ offset: at + offset, length })

  async function* plaintext(range: Partial<Parameters<ReadCiphertext>[0]>): AsyncGenerator<Uint8Array> {
    for await (const piece of openStream(payload, { ...segments, ...range })) {
      signal.throwIfAborted()
      if (!piece.ok) throw damaged()
      yield piece.value
    }
  }

  async function* whole(): AsyncGenerator<Uint8Array> {
    let done = 0
    for await (const piece of plaintext({})) {
      yield piece
      done += piece.length
      onProgress?.({ done, total: plaintextBytes ?? done })
    }
  }

  let files: readonly TarFile[]
  try {
    const tar = await readTar(whole(), {
      maxContentBytes: maxTextBytes,
      maxFiles,
      keeps: (name) => texts.has(name),
    })
    if (!tar.ok) return err({ code: 'not-a-backup' })
    files = tar.value
  } catch (error) {
    if (error instanceof EffigyError && error.code === 'backup-damaged')
      return err({ code: 'backup-damaged' })
    throw error
  }
  return contentsOf('passphrase' in options.key, files, (file) =>
    plaintext({ offset: file.offset, length: file.size }),
  )
}

const texts: ReadonlySet<string> = new Set([accountName, keysName])

async function openHeader(
  start: Uint8Array,
  { key, crypto, scrypt }: ReadBackupOptions,
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

function contentsOf(
  isAuthentic: boolean,
  files: readonly TarFile[],
  open: (file: TarFile) => AsyncIterable<Uint8Array>,
): Result<Backup, BackupFault> {
  let account: BackupAccount | null = null
  let keys: BackupKeys | null = null
  const feeds = new Map<BackupFeed, TarFile>()
  for (const file of files) {
    const feed = parseFeedName(file.name)
    if (feed !== null) feeds.set({ ...feed, bytes: file.size }, file)
    else if (file.name === accountName) {
      const parsed = parseAccount(file.content)
      if (parsed === 'version') return err({ code: 'backup-version' })
      account = parsed
    } else if (file.name === keysName) {
      const parsed = parseKeys(file.content)
      if (parsed === 'version') return err({ code: 'backup-version' })
      keys = parsed
    }
  }
  if (account === null || keys === null) return err({ code: 'not-a-backup' })
  return ok({
    account,
    keys,
    feeds: [...feeds.keys()],
    isAuthentic,
    open(feed) {
      const file = feeds.get(feed)
      if (file === undefined) throw new TypeError('a feed of another backup')
      return open(file)
    },
  })
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

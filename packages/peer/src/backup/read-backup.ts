/**
 * Reads a backup (backup.ts): all of it is checked before anything of it counts.
 *
 *     header ─passphrase, recovery key▶ file key ─every segment, in order▶ tar ─▶ account, keys, where each feed lies
 *
 * @module
 */
import { EffigyError, err, ok, type Result } from '@effigy/core'
import type { AgreementKey, Crypto, ReadCiphertext, Scrypt } from '@effigy/crypto'
import type { Progress } from '@effigy/store'
import { openAgeBackup } from './age-backup.ts'
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
  const { signal, onProgress } = options
  signal.throwIfAborted()
  const opened = await openAgeBackup(options)
  if (!opened.ok) return opened
  const { bytes: plaintextBytes, plaintext } = opened.value

  async function* whole(): AsyncGenerator<Uint8Array> {
    let done = 0
    for await (const piece of plaintext({})) {
      yield piece
      done += piece.length
      onProgress?.({ done, total: plaintextBytes })
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

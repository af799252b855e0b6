/**
 * `hub backup`, `hub restore`, `hub verify`: what a person reads of it, and the exit code (docs/hub/backup.md).
 *
 *     settings, flags ─▶ file, home ─▶ lines, 0 │ 1 failed │ 2 asked wrongly │ 3 data
 *
 * @module
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EffigyError } from '@effigy/core'
import { openNodeCrypto, openVaultFile } from '@effigy/crypto/node'
import { isHome, readPassphraseFile } from '@effigy/peer/node'
import { openNodeStore } from '@effigy/store/node'
import { type Clock, silentLog } from '@effigy/sync'
import { exitCodes } from '../failure.ts'
import { openEmbeddedStore } from '../ports/embedded-store.ts'
import { assertAbsent, openBackupFile, writeBackupFile } from './backup-file.ts'
import { askForBackup } from './backups.ts'
import type { KeepingCommand } from './command-line.ts'
import { type Restored, restoreHub } from './restore.ts'
import { assertFinished } from './unfinished.ts'
import { isSound, reportText, verifyStore } from './verify-store.ts'
import { sweepBackups, writeHubBackup } from './write-backup.ts'

export interface CommandPorts {
  readonly home: string
  readonly clock: Clock
  readonly version: string
  readonly say: (text: string) => void
  /** How far it is, over the line before; nothing where nobody watches. */
  readonly progress: (text: string) => void
  readonly signal: AbortSignal
}

/** Gives the exit code. Throws what `explainFailure` puts into words, and the signal's reason. */
export async function runKeepingCommand(command: KeepingCommand, ports: CommandPorts): Promise<number> {
  switch (command.type) {
    case 'backup':
      return backupCommand(command, ports)
    case 'restore':
      return restoreCommand(command, ports)
    case 'verify':
      return verifyCommand(command, ports)
  }
}

export interface BackupCommand {
  readonly path: string
  readonly withKeys: boolean
  /** Null: the file is not encrypted. */
  readonly passphraseFile: string | null
}

async function backupCommand(
  { path, withKeys, passphraseFile }: BackupCommand,
  ports: CommandPorts,
): Promise<number> {
  const { home, say, progress, signal } = ports
  const passphrase = passphraseFile === null ? null : readPassphraseFile(passphraseFile)
  assertHome(home)
  assertAbsent(path)
  const isLocked = openVaultFile(join(home, 'vault.json')).state === 'locked'
  const keys = withKeys || passphrase !== null || isLocked
  const tar = (await askForBackup(home, { keys, signal })) ?? atRest(keys, ports)
  const bytes = await writeBackupFile(path, counted(tar, progress), { passphrase, signal })
  say(`${path}: ${sizeText(bytes)}, whole.`)
  if (passphrase !== null) say('It holds the keys of the hub, under the passphrase that you gave.')
  else if (isLocked)
    say('It holds the keys of the hub, locked by the passphrase of its vault. The rest is not encrypted.')
  else if (withKeys) {
    say('It holds the keys of the hub, and nothing protects them: whoever reads this file can be this hub.')
  } else {
    say(
      'It does not hold the keys of the hub: restored from it, the hub has a new address, which members must be given.',
    )
    say(
      'Add --backup-passphrase-file FILE to encrypt it and take them along, or keep a copy of vault.json elsewhere.',
    )
  }
  return exitCodes.ok
}

async function* atRest(keys: boolean, ports: CommandPorts): AsyncGenerator<Uint8Array> {
  const { home, clock, version, signal } = ports
  const { sha256 } = await openNodeCrypto()
  using store = openNodeStore(join(home, 'store'), { sha256, now: clock.now })
  // With the store's lock nobody else writes there.
  sweepBackups(home)
  const path = join(home, 'hub.sqlite')
  await using records = existsSync(path) ? openEmbeddedStore({ path, clock, log: silentLog }) : null
  const copyRecords = records === null ? null : records.copyTo
  yield* writeHubBackup({ home, store, copyRecords, clock, version }, { keys, signal })
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  progress: (text: string) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of source) {
    yield piece
    bytes += piece.length
    progress(sizeText(bytes))
  }
}

export interface RestoreCommand {
  readonly path: string
  readonly passphraseFile: string | null
}

async function restoreCommand(
  { path, passphraseFile }: RestoreCommand,
  ports: CommandPorts,
): Promise<number> {
  const { home, say } = ports
  const restored = await restoreFrom(path, passphraseFile, home, true, ports)
  if (restored === null) return exitCodes.storage
  const { about, hasVault, report, damagedBefore } = restored
  for (const line of reportText(report)) say(line)
  say(`${home} is as the hub was on ${new Date(about.at).toISOString()}.`)
  if (damagedBefore + report.damage.length > 0)
    say('Files that are damaged are fetched again from those who have them.')
  if (hasVault) {
    say('Never run it beside the hub that it was made of: both have the same key.')
    say('It writes nothing of its own before others have shown that nothing of it is missing.')
  } else say('It had no keys in it: at its first start the hub gets new ones, and so a new address.')
  say(
    'What was promised to members since that day is not in it. Their devices notice it when they meet the hub, and ask again.',
  )
  return exitCodes.ok
}

/** Null: a fault, which has been said. */
async function restoreFrom(
  path: string,
  passphraseFile: string | null,
  home: string,
  keepsVault: boolean,
  { clock, say, progress, signal }: CommandPorts,
): Promise<Restored | null> {
  const passphrase = passphraseFile === null ? null : readPassphraseFile(passphraseFile)
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void =>
    progress(done < total ? `${sizeText(done)} of ${sizeText(total)}` : 'looking at every byte')
  const opened = await openBackupFile(path, { passphrase, signal, onProgress })
  if (!opened.ok) {
    say(`${path}: ${openFaults[opened.error.code] ?? openFaults['backup-damaged']}`)
    return null
  }
  await using file = opened.value
  const restored = await restoreHub(home, file.tar, { now: clock.now, keepsVault, signal })
  if (restored.ok) return restored.value
  say(`${path} cannot be restored (${restored.error.code}): ${restored.error.detail}`)
  return null
}

const openFaults: Readonly<Record<string, string>> = {
  'passphrase-needed':
    'it is encrypted. Name a file whose first line is its passphrase: --backup-passphrase-file FILE.',
  'passphrase-wrong': 'this is not its passphrase.',
  'work-factor': 'it asks for more work than any backup that is made here: it is not ours.',
  'not-a-backup': 'it is no backup of a hub.',
  'backup-damaged': 'it is damaged.',
}

export interface VerifyCommand {
  /** Of a backup; null: the home, at rest. */
  readonly path: string | null
  readonly passphraseFile: string | null
}

async function verifyCommand({ path, passphraseFile }: VerifyCommand, ports: CommandPorts): Promise<number> {
  const { home, clock, say, progress, signal } = ports
  if (path !== null) {
    // Whole, as a restore would: what cannot be restored is no backup.
    const folder = mkdtempSync(join(tmpdir(), 'effigy-verify-'))
    try {
      const restored = await restoreFrom(path, passphraseFile, folder, false, ports)
      if (restored === null) return exitCodes.storage
      for (const line of reportText(restored.report)) say(line)
      if (restored.damagedBefore > 0)
        say(`${restored.damagedBefore} blocks were damaged when it was made, and are not in it.`)
      return isSound(restored.report) && restored.damagedBefore === 0 ? exitCodes.ok : exitCodes.storage
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  assertHome(home)
  const crypto = await openNodeCrypto()
  using store = openNodeStore(join(home, 'store'), { sha256: crypto.sha256, now: clock.now })
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void =>
    progress(`${done} of ${total}`)
  const report = await verifyStore(store, crypto, { signal, onProgress })
  for (const line of reportText(report)) say(line)
  return isSound(report) ? exitCodes.ok : exitCodes.storage
}

function assertHome(home: string): void {
  assertFinished(home)
  if (isHome(home)) return
  throw new EffigyError('home-absent', `There is no hub in ${home}. Name its folder: --home.`)
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const

function sizeText(bytes: number): string {
  let size = bytes
  let unit = 0
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`
}

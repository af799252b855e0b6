/**
 * `backup`: all that is one's own in one encrypted file (spec Z7); `backup check` and `backup key` stand beside it.
 *
 * @module
 */
import type { BackupOptions, BackupReport } from '@effigy/peer'
import { Command, Option } from 'commander'
import type { Context } from '../../context.ts'
import { failure } from '../../failure.ts'
import { writeHubAddress } from '../../hub-address.ts'
import { vaultHelp as help, help as helpAll, vaultSay as say, say as sayAll } from '../../messages/index.ts'
import { newPassphrase } from '../../passphrase.ts'
import type { Run } from '../../run.ts'
import { demandFree, writeWholeFile } from '../../write-file.ts'
import { checkCommand } from './check.ts'
import { keyCommand } from './key.ts'

interface Options {
  readonly output?: string
  readonly backupPassphraseFile?: string
  readonly recoveryKey?: boolean
  readonly others?: boolean
  readonly files: 'none' | 'own' | 'all'
  readonly force?: boolean
}

export function backupCommand(run: Run): Command {
  return new Command('backup')
    .description(help.backup)
    .option('-o, --output <file>', help.backupOutput)
    .option('--backup-passphrase-file <file>', help.backupPassphraseFile)
    .addOption(new Option('--recovery-key', help.recoveryKey).conflicts('backupPassphraseFile'))
    .option('--others', help.others)
    .addOption(new Option('--files <which>', help.files).choices(['none', 'own', 'all']).default('own'))
    .option('--force', helpAll.force)
    .addCommand(checkCommand(run))
    .addCommand(keyCommand(run))
    .action((options: Options, command: Command) =>
      run(command, async (context) => {
        const path = options.output
        if (path === undefined) throw failure('usage', say.nameFile)
        await makeBackup(context, path, options)
      }),
    )
}

async function makeBackup(context: Context, path: string, options: Options): Promise<void> {
  const { output, signal } = context
  const force = options.force ?? false
  const isPiped = path === '-'
  if (!isPiped) demandFree(path, force)
  else if (context.io.stdout.isTTY === true) throw failure('terminal-binary')
  // The home's passphrase first, then another one for the file.
  await using peer = await context.openPeer()
  const to = await receiver(context, options)
  const { hubs } = context.config
  const making = peer.backup({
    to,
    others: options.others ?? false,
    files: options.files,
    hubs: hubs.map(writeHubAddress),
    signal,
    onProgress: (progress) => output.progress(sayAll.writing, progress),
  })
  output.progress(say.measuring, { done: 0, total: 0 })
  let report: BackupReport | null = null
  async function* pieces(): AsyncGenerator<Uint8Array> {
    report = yield* making
  }
  if (isPiped) {
    for await (const piece of pieces()) await output.bytes(piece)
    await output.written()
  } else await writeWholeFile(path, pieces(), { force, signal, mode: 0o600 })
  output.clear()
  // Whoever took all pieces has it.
  const { feeds, entries, missingEntries, missingFiles, bytes } = report as unknown as BackupReport
  if (!isPiped) {
    output.json({
      file: path,
      feeds,
      entries,
      missingEntries,
      missingFiles,
      bytes,
      recoveryKey: to === 'recovery-key',
    })
    output.line(say.backedUp(sayAll.entries(entries), path))
  }
  if (missingEntries > 0) output.note(sayAll.entriesMissing(sayAll.entries(missingEntries)))
  if (missingFiles > 0) output.note(sayAll.blobsMissing(sayAll.fileCount(missingFiles)))
  output.note(to === 'recovery-key' ? say.openWithWords : say.openWithPassphrase)
}

async function receiver(
  context: Context,
  { recoveryKey, backupPassphraseFile }: Options,
): Promise<BackupOptions['to']> {
  if (recoveryKey === true) return 'recovery-key'
  return { passphrase: await newPassphrase(context, backupPassphraseFile ?? null, 'backup') }
}

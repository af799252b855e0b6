/**
 * `backup check`: whether a backup opens and is whole, and what is in it. Needs no home.
 *
 * @module
 */
import { Command, Option } from 'commander'
import { openBackupFile } from '../../backup-file.ts'
import { readPhrase } from '../../input.ts'
import { vaultHelp as help, vaultSay as say } from '../../messages/index.ts'
import { backupPassphrase } from '../../passphrase.ts'
import type { Run } from '../../run.ts'

interface Options {
  readonly phraseFile?: string
  readonly backupPassphraseFile?: string
}

export function checkCommand(run: Run): Command {
  return new Command('check')
    .description(help.check)
    .argument('<file>', help.backupFile)
    .option('--backup-passphrase-file <file>', help.backupPassphraseFile)
    .addOption(new Option('--phrase-file <file>', help.backupPhraseFile).conflicts('backupPassphraseFile'))
    .action((path: string, _options: Options, command: Command) =>
      run(command, async (context) => {
        const { phraseFile, backupPassphraseFile } = command.optsWithGlobals<Options>()
        const { output } = context
        const key =
          phraseFile === undefined
            ? { passphrase: await backupPassphrase(context, backupPassphraseFile ?? null) }
            : { phrase: await readPhrase(context, phraseFile) }
        await using opened = await openBackupFile(context, path, key)
        const { account, keys, feeds } = opened.backup
        const { at, device, root, follows, groups } = account
        const own = feeds.filter((feed) => feed.own).length
        output.json({
          file: path,
          at,
          device,
          root,
          feeds: feeds.length,
          ownFeeds: own,
          follows: follows.length,
          groups: groups.length,
          readKeys: keys.content.length + keys.feeds.length,
          bytes: opened.bytes,
        })
        output.line(say.backupWhole(new Date(at).toISOString(), device))
        output.line(say.backupHolds(own, feeds.length - own, follows.length, groups.length))
      }),
    )
}

/**
 * `backup key`: the recovery key of an account as age's own tools read it: what opens a backup without Effigy.
 *
 * @module
 */
import { writeAgeSecret } from '@effigy/crypto'
import { recoverySecret } from '@effigy/peer'
import { Command } from 'commander'
import { failure } from '../../failure.ts'
import { readPhrase } from '../../input.ts'
import { vaultHelp as help, vaultSay as say } from '../../messages/index.ts'
import type { Run } from '../../run.ts'

interface Options {
  readonly phraseFile: string
  readonly reveal?: boolean
}

export function keyCommand(run: Run): Command {
  return new Command('key')
    .description(help.ageKey)
    .requiredOption('--phrase-file <file>', help.backupPhraseFile)
    .option('--reveal', help.revealAgeKey)
    .action((options: Options, command: Command) =>
      run(command, async (context) => {
        const { output } = context
        if (options.reveal !== true) throw failure('secret-hidden', say.ageKeyName)
        const key = writeAgeSecret(await recoverySecret(await readPhrase(context, options.phraseFile)))
        output.json({ ageKey: key })
        output.note(say.ageKeyHint)
        output.line(key)
      }),
    )
}

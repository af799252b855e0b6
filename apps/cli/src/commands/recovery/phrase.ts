/**
 * `recovery phrase`: the words of the account, shown once more on a terminal, asked for, and wiped here (spec Z6).
 *
 * @module
 */
import { Command } from 'commander'
import { demandAccount } from '../../account.ts'
import { readPhrase } from '../../input.ts'
import { vaultHelp as help, synodSay } from '../../messages/index.ts'
import type { Run } from '../../run.ts'
import { confirmWords } from '../../words.ts'

interface Options {
  readonly phraseFile?: string
}

export function phraseCommand(run: Run): Command {
  return new Command('phrase')
    .description(help.phrase)
    .option('--phrase-file <file>', help.phraseFile)
    .action(({ phraseFile }: Options, command: Command) =>
      run(command, async (context) => {
        const { output } = context
        // Before anything is opened, so that a pipe is read whoever waits.
        const typed = phraseFile === undefined ? null : await readPhrase(context, phraseFile)
        await using peer = await context.openPeer()
        demandAccount(peer)
        await confirmWords(context, peer.account, typed)
        output.json({ phraseConfirmed: true })
        output.line(synodSay.confirmed)
      }),
    )
}

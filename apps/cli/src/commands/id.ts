/**
 * `id`: who lives in this home; with `--reveal`, the words of the account.
 *
 * @module
 */
import { Command } from 'commander'
import { readHomeCard } from '../home.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'

export function idCommand(run: Run): Command {
  return new Command('id')
    .description(help.id)
    .option('--reveal', help.reveal)
    .action((options: { readonly reveal?: boolean }, command: Command) =>
      run(command, async ({ home, output, passphrase }) => {
        const { identity, phrase } = await readHomeCard(home, passphrase)
        const isRevealed = options.reveal === true
        output.json({ identity, home, ...(isRevealed ? { phrase } : {}) })
        output.line(identity)
        if (!isRevealed) return
        output.note(phrase === null ? say.phraseGone : say.phraseWarning)
        if (phrase !== null) output.line(phrase)
      }),
    )
}

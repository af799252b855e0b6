/**
 * `init`: makes a home, and tells who lives there now.
 *
 * @module
 */

import { createHome } from '@effigy/peer/node'
import { Command, InvalidArgumentError } from 'commander'
import { readHomeCard } from '../home.ts'
import { help, say } from '../messages/index.ts'
import { saveProfile } from '../profile.ts'
import type { Run } from '../run.ts'

interface InitOptions {
  readonly name?: string
  readonly phraseWords: 12 | 24
  readonly reveal?: boolean
}

export function initCommand(run: Run): Command {
  return new Command('init')
    .description(help.init)
    .option('--name <name>', help.initName)
    .option('--phrase-words <12|24>', help.phraseWords, phraseWords, 12)
    .option('--reveal', help.reveal)
    .action((options: InitOptions, command: Command) =>
      run(command, async (context) => {
        const { home, output } = context
        // A damaged configuration is told before a key is made.
        void context.config
        const identity = await createHome(home, { words: options.phraseWords })
        if (options.name !== undefined) {
          await using peer = await context.openPeer()
          await saveProfile(peer, context.io.clock.now(), { name: options.name })
        }
        const { phrase } = await readHomeCard(home, context.passphrase)
        const revealed = options.reveal === true ? { phrase } : {}
        output.json({ identity, home, name: options.name ?? null, ...revealed })
        output.note(say.created(home))
        output.line(identity)
        if (options.reveal === true && phrase !== null) {
          output.note(say.phraseWarning)
          output.line(phrase)
        } else {
          output.note(say.phraseHint(options.phraseWords))
        }
      }),
    )
}

function phraseWords(typed: string): 12 | 24 {
  if (typed === '12') return 12
  if (typed === '24') return 24
  throw new InvalidArgumentError('It must be 12 or 24.')
}

/**
 * `readkey`: the keys that open private notes. Never shown but on purpose.
 *
 * @module
 */
import { encodeBase64url } from '@effigy/core'
import { Command } from 'commander'
import { createNames } from '../item-view.ts'
import { help, privateHelp, privateSay as say, say as sayAll } from '../messages/index.ts'
import { type Run, wholeNumber } from '../run.ts'

export function readkeyCommand(run: Run): Command {
  return new Command('readkey').description(privateHelp.readkey).addCommand(listCommand(run))
}

function listCommand(run: Run): Command {
  return new Command('list')
    .description(privateHelp.readkeyList)
    .option('--limit <n>', help.limit, wholeNumber(1, 1_000_000))
    .option('--reveal', privateHelp.reveal)
    .action((options: { readonly limit?: number; readonly reveal?: boolean }, command: Command) =>
      run(command, async (context) => {
        const { output, config } = context
        await using peer = await context.openPeer()
        await peer.conversations.opened()
        const names = createNames(peer)
        const limit = options.limit ?? config.settings.limit
        const keys = peer.conversations.readKeys({ limit, reveal: options.reveal === true })
        for (const { giver, conversation, generation, persons, key } of keys) {
          const shown = key === null ? null : encodeBase64url(key)
          const people = persons?.map(({ identity, root }) => ({ identity, root })) ?? null
          output.json({ giver, conversation, generation, people, key: shown })
          const marks = [conversation, say.generation(generation), ...(shown === null ? [] : [shown])]
          output.line(`${output.paint('bold', names.label(giver))}  ${marks.join('  ')}`)
        }
        if (keys.length === 0) output.note(sayAll.nothing)
      }),
    )
}

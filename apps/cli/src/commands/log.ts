/**
 * `log`: one feed, newest first.
 *
 * @module
 */
import { Command } from 'commander'
import { findIdentity } from '../arguments.ts'
import { help } from '../messages/index.ts'
import { printItems } from '../print-items.ts'
import { type Run, wholeNumber } from '../run.ts'

export function logCommand(run: Run): Command {
  return new Command('log')
    .description(help.log)
    .argument('[id]', help.person)
    .option('--limit <n>', help.limit, wholeNumber(1, 1_000_000))
    .action((id: string | undefined, options: { readonly limit?: number }, command: Command) =>
      run(command, async (context) => {
        await using peer = await context.openPeer()
        const identity = id === undefined ? peer.identity : findIdentity(peer, id)
        await printItems(context, peer, options.limit, (page) => peer.query.feedItems(identity, page))
      }),
    )
}
